"""Writes to a registry with an unmodified huggingface_hub, and reads what it wrote.

usage: hub_write.py URL PROJECT CACHE

Prints one line of JSON with the version; ends with a traceback where something is not as it should be.
"""

import concurrent.futures
import hashlib
import io
import json
import os
import pathlib
import sys
import tempfile
import urllib.request

url, project = sys.argv[1:3]
os.environ["HF_ENDPOINT"] = url
os.environ["HF_HOME"] = tempfile.mkdtemp(dir=sys.argv[3])
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
os.environ["HF_HUB_DISABLE_XET"] = "1"
os.environ["HF_HUB_DISABLE_PROGRESS_BARS"] = "1"
os.environ.pop("HF_TOKEN", None)

import huggingface_hub as hub  # noqa: E402
from huggingface_hub import CommitOperationAdd, CommitOperationCopy, CommitOperationDelete  # noqa: E402
from huggingface_hub.errors import (  # noqa: E402
    EntryNotFoundError,
    HfHubHTTPError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)

api = hub.HfApi()
repo = f"{project}/written-{hub.__version__.replace('.', '-')}-{os.getpid()}"


def raises(kind, call, *args, **kwargs):
    try:
        call(*args, **kwargs)
    except kind as e:
        return e
    raise AssertionError(f"no {kind.__name__}: {call} {args} {kwargs}")


def status(call, *args, **kwargs):
    return raises(HfHubHTTPError, call, *args, **kwargs).response.status_code


def native(path, method="GET"):
    request = urllib.request.Request(f"{url}/v1/projects/{project}/runs/{repo.split('/')[1]}{path}", method=method)
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def content(path, revision):
    return pathlib.Path(hub.hf_hub_download(repo, path, revision=revision)).read_bytes()


# Repositories.
assert api.create_repo(repo).repo_id == repo
assert api.create_repo(repo, exist_ok=True).repo_id == repo
assert status(api.create_repo, repo) == 409
assert status(api.create_repo, f"{project}/hidden", private=True) == 403
data = api.create_repo(f"{repo}-data", repo_type="dataset")
assert data.repo_type == "dataset"
api.delete_repo(f"{repo}-data", repo_type="dataset")
raises(RepositoryNotFoundError, api.delete_repo, f"{repo}-data", repo_type="dataset")
api.delete_repo(f"{repo}-data", repo_type="dataset", missing_ok=True)

# A folder, with files of all sizes, to a step that nobody made before.
folder = pathlib.Path(tempfile.mkdtemp(dir=sys.argv[3]))
large = bytes(i * 31 % 251 for i in range(1 << 20)) * 18 + hub.__version__.encode()
files = {
    "config.json": b'{"model_type": "gpt_neox"}',
    "README.md": b"---\nlicense: mit\n---\n# Written\n",
    "sub/empty": b"",
    "sub/small.bin": os.urandom(1_000),
    "optimizer.pt": large,
}
for path, held in files.items():
    (folder / path).parent.mkdir(exist_ok=True)
    (folder / path).write_bytes(held)
first = api.upload_folder(repo_id=repo, folder_path=folder, revision="step1000", commit_message="step 1000")
assert api.model_info(repo, revision="step1000").sha == first.oid
assert set(api.list_repo_files(repo, revision="step1000")) == set(files)
for path, held in files.items():
    assert content(path, "step1000") == held, path
    assert content(path, first.oid) == held, path
checkpoint = native("/checkpoints/step1000")
assert checkpoint["step"] == 1000 and checkpoint["state"] == "draft" and checkpoint["fileCount"] == len(files), checkpoint
again = api.upload_folder(repo_id=repo, folder_path=folder, revision="step1000", commit_message="again")
assert api.model_info(repo, revision="step1000").sha == first.oid

# Single files, and commits of several kinds of changes.
api.upload_file(repo_id=repo, path_in_repo="note.txt", path_or_fileobj=b"one", revision="step1000")
api.upload_file(repo_id=repo, path_in_repo="stream.bin", path_or_fileobj=io.BytesIO(b"\0" * 2_000), revision="step1000")
assert content("stream.bin", "step1000") == b"\0" * 2_000
operations = [
    CommitOperationAdd("sub/new.txt", b"new"),
    CommitOperationDelete("sub/", is_folder=True),
    CommitOperationDelete("note.txt"),
    CommitOperationCopy("optimizer.pt", "copy.pt", src_revision="step1000"),
]
head = api.model_info(repo, revision="step1000").sha
second = api.create_commit(repo, operations, commit_message="several", revision="step1000", parent_commit=head)
assert sorted(api.list_repo_files(repo, revision="step1000")) == sorted(
    ["README.md", "config.json", "copy.pt", "optimizer.pt", "stream.bin", "sub/new.txt"]
)
assert content("copy.pt", "step1000") == large
stale = [CommitOperationAdd("late.txt", b"late")]
assert status(api.create_commit, repo, stale, commit_message="stale", revision="step1000", parent_commit=head) == 412
api.delete_file("stream.bin", repo, revision="step1000")
raises(EntryNotFoundError, api.delete_file, "stream.bin", repo, revision="step1000")
assert status(api.create_commit, repo, stale, commit_message="pr", revision="step1000", create_pr=True) == 403
raises(RevisionNotFoundError, api.upload_file, repo_id=repo, path_in_repo="a", path_or_fileobj=b"a", revision="nowhere")

# Two at once.
with concurrent.futures.ThreadPoolExecutor(4) as threads:
    list(
        threads.map(
            lambda i: api.upload_file(repo_id=repo, path_in_repo=f"{i}.txt", path_or_fileobj=b"%d" % i, revision="step2000"),
            range(8),
        )
    )
assert len(api.list_repo_files(repo, revision="step2000")) == 8

# Branches and tags.
api.create_branch(repo, branch="step3000")
assert status(api.create_branch, repo, branch="step3000") == 409
api.create_branch(repo, branch="step3000", exist_ok=True)
api.delete_branch(repo, branch="step3000")
api.create_tag(repo, tag="best/1", revision="step1000", tag_message="the best")
assert status(api.create_tag, repo, tag="best/1", revision="step1000") == 409
api.create_tag(repo, tag="best/1", revision="step1000", exist_ok=True)
refs = api.list_repo_refs(repo)
assert [branch.name for branch in refs.branches] == ["main", "step1000", "step2000"], refs
assert [tag.name for tag in refs.tags] == ["best/1"]
assert content("config.json", "best/1") == files["config.json"]
api.delete_tag(repo, tag="best/1")
raises(RevisionNotFoundError, api.delete_tag, repo, tag="best/1")

# main: the files of the run over those of its last checkpoint.
api.upload_file(repo_id=repo, path_in_repo="README.md", path_or_fileobj=b"---\nlicense: mit\n---\n# Run\n")
assert content("README.md", None).endswith(b"# Run\n")
raises(ValueError, api.upload_file, repo_id=repo, path_in_repo="README.md", path_or_fileobj=b"---\na: [\n---\n")

# What is sealed stays as it is.
native("/checkpoints/step1000/seal", "POST")
refused = raises(HfHubHTTPError, api.upload_file, repo_id=repo, path_in_repo="a", path_or_fileobj=b"a", revision="step1000")
assert refused.response.status_code == 403 and "sealed" in str(refused), refused
assert status(api.super_squash_history, repo) == 403
assert status(api.delete_repo, repo) == 403
assert hashlib.sha256(content("optimizer.pt", "step1000")).digest() == hashlib.sha256(large).digest()

print(json.dumps({"huggingface_hub": hub.__version__, "written": len(files)}))
