"""Reads public and private repositories with an unmodified huggingface_hub, with tokens of every kind and with none.

usage: hub_access.py URL CACHE WRITER READER FOREIGN

The public repository is glyph/glyph-60k-seed1, the private one secret/glyph-60k-seed1; WRITER may write both, READER may
read the private one, FOREIGN has a role in neither. Prints one line of JSON; ends with a traceback where something is not
as it should be.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import uuid

url, cache, writer, reader, foreign = sys.argv[1:]
os.environ["HF_ENDPOINT"] = url
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
os.environ["HF_HUB_DISABLE_UPDATE_CHECK"] = "1"
os.environ["HF_HOME"] = tempfile.mkdtemp(dir=cache)
os.environ.pop("HF_TOKEN", None)

import huggingface_hub as hub  # noqa: E402
from huggingface_hub.errors import HfHubHTTPError, RepositoryNotFoundError  # noqa: E402

public, private, unknown = "glyph/glyph-60k-seed1", "secret/glyph-60k-seed1", "hf_" + "x" * 40
api = hub.HfApi()


def status(error):
    return error.response.status_code


def raises(kind, call, *args, **kwargs):
    try:
        call(*args, **kwargs)
    except kind as e:
        return e
    raise AssertionError(f"no {kind.__name__}: {call} {args} {kwargs}")


def download(repository, token, name="config.json"):
    with tempfile.TemporaryDirectory(dir=cache) as folder:
        file = hub.hf_hub_download(repository, name, revision="step512", token=token, cache_dir=folder)
        return pathlib.Path(file).read_bytes()


# What is public is read by everybody, also with a token of another service.
texts = {download(public, token) for token in (False, unknown, writer, reader, foreign)}
assert len(texts) == 1

# What is private is read by those who may, small files and weights, and is nowhere for others.
for token in (writer, reader):
    assert {download(private, token)} == texts
    assert download(private, token, "model.safetensors") == download(public, False, "model.safetensors")
    assert api.model_info(private, token=token).private is True
    assert "step512" in {branch.name for branch in api.list_repo_refs(private, token=token).branches}
    assert "config.json" in api.list_repo_files(private, revision="step512", token=token)
for token, expected in ((False, 401), (foreign, 404), (unknown, 404)):
    for call in (api.model_info, api.list_repo_refs, api.list_repo_files):
        assert status(raises(RepositoryNotFoundError, call, private, token=token)) == expected, (call, token)
    raises(RepositoryNotFoundError, download, private, token)
    assert not api.file_exists(private, "config.json", token=token)
    assert not api.repo_exists(private, token=token)
assert api.model_info(public, token=False).private is False

# No list names it to who may not read it.
for token, seen in ((False, False), (unknown, False), (foreign, False), (reader, True), (writer, True)):
    found = {model.id for model in api.list_models(search="glyph-60k", token=token)}
    assert found == ({public, private} if seen else {public}), (token, found)
    assert bool(list(api.list_models(author="secret", token=token))) == seen

# Who somebody is.
me = api.whoami(token=reader)
assert me["name"] == "reader" and me["type"] == "user" and me["auth"]["accessToken"]["role"] == "read", me
assert api.whoami(token=writer)["auth"]["accessToken"]["role"] == "write"
assert status(raises(Exception, api.whoami, token=unknown)) == 401
assert "Invalid user token" in str(raises(Exception, api.whoami, token=unknown))
if hasattr(api, "auth_check"):
    api.auth_check(private, token=reader)
    raises(RepositoryNotFoundError, api.auth_check, private, token=foreign)

# Who writes without the right is told so.
for token, expected in ((unknown, 401), (reader, 403), (foreign, 404)):
    error = raises(HfHubHTTPError, api.create_discussion, private, "title", token=token)
    assert status(error) == expected, (token, error)
assert "writer of the project" in str(raises(HfHubHTTPError, api.create_discussion, private, "title", token=reader))



def cli(*words):
    program = [sys.executable, "-c", "from huggingface_hub.cli.hf import main; main()", *words]
    return subprocess.run(program, env=os.environ | {"HF_TOKEN": reader}, check=True, capture_output=True, text=True).stdout


# The command line says the same.
assert "reader" in cli("auth", "whoami")
if not hub.__version__.startswith("0."):
    assert private in cli("models", "ls", "--author", "secret", "--format", "json")

# Who makes and writes repositories: those with the role, and what they make may be private.
made = "secret/made-" + uuid.uuid4().hex
api.create_repo(made, private=True, token=writer)
api.upload_file(path_or_fileobj=b"one", path_in_repo="a.txt", repo_id=made, revision="step1", token=writer)
big = os.urandom(1 << 20)
api.upload_file(path_or_fileobj=big, path_in_repo="a.bin", repo_id=made, revision="step1", token=writer)
info = api.model_info(made, token=reader)
assert info.private is True
with tempfile.TemporaryDirectory(dir=cache) as folder:
    file = hub.hf_hub_download(made, "a.bin", revision="step1", token=reader, cache_dir=folder)
    assert pathlib.Path(file).read_bytes() == big
for token, expected in ((False, 401), (reader, 403), (foreign, 404)):
    for data in (b"two", big + b"more"):
        error = raises(
            HfHubHTTPError, api.upload_file, path_or_fileobj=data, path_in_repo="a.bin", repo_id=made, revision="step1", token=token
        )
        assert status(error) == expected, (token, error)
    assert status(raises(HfHubHTTPError, api.create_branch, made, branch="step2", token=token)) == expected
    assert status(raises(HfHubHTTPError, api.delete_repo, made, token=token)) == expected
for token, expected in ((False, 401), (reader, 403), (foreign, 403)):
    assert status(raises(HfHubHTTPError, api.create_repo, public + "-x", token=token)) == expected
assert api.list_repo_files(made, revision="step1", token=reader) == ["a.bin", "a.txt"]
assert [branch.name for branch in api.list_repo_refs(made, token=reader).branches] == ["main", "step1"]
if hasattr(api, "update_repo_settings"):
    api.update_repo_settings(made, private=False, token=writer)
    # The project is private, and all that is in it.
    assert status(raises(RepositoryNotFoundError, api.model_info, made, token=False)) == 401
api.delete_repo(made, token=writer)
assert not api.repo_exists(made, token=writer)

print(json.dumps({"huggingface_hub": hub.__version__}))
