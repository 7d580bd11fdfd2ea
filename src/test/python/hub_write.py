"""Writes to a registry with an unmodified huggingface_hub, and reads what it wrote through the Hub's protocol and through /v1.

usage: hub_write.py URL PROJECT CACHE default|lfs

With lfs, Xet is turned off. Prints one line of JSON with the version; ends with a traceback where something is not as it should be.
"""

import concurrent.futures
import hashlib
import io
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
import uuid

from recorder import Recorder

upstream, project, cache, transfer = sys.argv[1:5]
recorder = Recorder(upstream)
url = recorder.url
os.environ["HF_ENDPOINT"] = url
os.environ["HF_HOME"] = tempfile.mkdtemp(dir=cache)
os.environ["HF_HUB_DISABLE_PROGRESS_BARS"] = "1"
os.environ["HF_HUB_DISABLE_XET"] = "1" if transfer == "lfs" else "0"
os.environ["HF_TOKEN"] = "hf_anything"

import huggingface_hub as hub  # noqa: E402
from huggingface_hub import CommitOperationAdd, CommitOperationCopy, CommitOperationDelete  # noqa: E402
from huggingface_hub.errors import (  # noqa: E402
    EntryNotFoundError,
    HfHubHTTPError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)

version = tuple(int(part) for part in hub.__version__.split(".")[:2])
xet = transfer == "default" and version >= (1, 20)
api = hub.HfApi()
repo = f"{project}/written-{uuid.uuid4().hex[:12]}"
run = f"{upstream}/v1/projects/{project}/runs/{repo.split('/')[1]}"


def raises(kind, call, *args, **kwargs):
    try:
        call(*args, **kwargs)
    except kind as e:
        return e
    raise AssertionError(f"no {kind.__name__}: {call} {args} {kwargs}")


def status(call, *args, **kwargs):
    return raises(HfHubHTTPError, call, *args, **kwargs).response.status_code


def send(address, method="GET", body=None, kind="application/json"):
    data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
    request = urllib.request.Request(address, data, {"Content-Type": kind}, method=method)
    with urllib.request.urlopen(request) as answer:
        return answer.read()


def native(path, method="GET", body=None):
    return json.loads(send(run + path, method, body))


def content(path, revision):
    return pathlib.Path(hub.hf_hub_download(repo, path, revision=revision)).read_bytes()


def held(files, revision):
    """A revision has these files and no others, through either surface."""
    assert set(api.list_repo_files(repo, revision=revision)) == set(files), api.list_repo_files(repo, revision=revision)
    shown = {file["path"]: file for file in native(f"/checkpoints/{revision}")["files"]}
    assert set(shown) == set(files), shown
    for path, data in files.items():
        assert content(path, revision) == data, path
        assert send(f"{run}/checkpoints/{revision}/files/{path}") == data, path
        assert shown[path]["sha256"] == hashlib.sha256(data).hexdigest(), path


def calls():
    """What was asked for since the last time, without the repository's name."""
    return [
        (method, path.replace(repo, "R").split("?")[0], answered)
        for method, path, answered, _, _ in recorder.take()
        if "telemetry" not in path and "agent-harnesses" not in path
    ]


def cli(*words):
    program = [sys.executable, "-c", "from huggingface_hub.cli.hf import main; main()", *words]
    done = subprocess.run(program, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr + done.stdout


# Repositories.
assert api.create_repo(repo).repo_id == repo
assert api.create_repo(repo, exist_ok=True).repo_id == repo
assert status(api.create_repo, repo) == 409
data = api.create_repo(f"{repo}-data", repo_type="dataset")
assert data.repo_type == "dataset"
api.delete_repo(f"{repo}-data", repo_type="dataset")
raises(RepositoryNotFoundError, api.delete_repo, f"{repo}-data", repo_type="dataset")
api.delete_repo(f"{repo}-data", repo_type="dataset", missing_ok=True)
api.create_repo(f"{repo}-gone")
api.delete_repo(f"{repo}-gone")
assert not api.repo_exists(f"{repo}-gone")

# A small file: asked how, and sent. The same bytes are not sent again.
calls()
small = api.upload_file(repo_id=repo, path_in_repo="config.json", path_or_fileobj=b'{"a": 1}', revision="step1")
assert calls() == [("POST", "/api/models/R/preupload/step1", 200), ("POST", "/api/models/R/commit/step1", 200)]
again = api.upload_file(repo_id=repo, path_in_repo="config.json", path_or_fileobj=b'{"a": 1}', revision="step1")
assert [call for call in calls() if call[0] == "POST"] == [("POST", "/api/models/R/preupload/step1", 200)]
assert again.oid == small.oid == api.model_info(repo, revision="step1").sha
other = api.upload_file(repo_id=repo, path_in_repo="config.json", path_or_fileobj=b'{"a": 2}', revision="step1")
assert other.oid != small.oid

# A folder, with files of all sizes, to a step that nobody made before.
folder = pathlib.Path(tempfile.mkdtemp(dir=cache))
large = bytes(i * 31 % 251 for i in range(1 << 20)) * 18 + uuid.uuid4().bytes
files = {
    "config.json": b'{"model_type": "gpt_neox"}',
    "README.md": b"---\nlicense: mit\n---\n# Written\n",
    "sub/empty": b"",
    "sub/small.bin": os.urandom(1_000),
    "optimizer.pt": large,
}
for path, data in files.items():
    (folder / path).parent.mkdir(exist_ok=True)
    (folder / path).write_bytes(data)
recorder.take()
first = api.upload_folder(repo_id=repo, folder_path=folder, revision="step1000", commit_message="step 1000")
sent, answered = recorder.sent, recorder.take()
assert any(path == "/api/validate-yaml" for _, path, _, _ in sent)
batches = [json.loads(body) for _, path, _, body in sent if path.endswith("/info/lfs/objects/batch")]
if xet:
    assert not batches and any("/xet-write-token/step1000" in path for _, path, _, _ in sent)
    for call in ("/v1/xorb-grants/", "/v2/shards", "/v1/telemetry"):
        assert {status for _, path, status, _, _ in answered if call in path} == {404}, (call, answered)
    for call in ("/v1/xorbs/", "/v1/shards"):
        assert {status for _, path, status, _, _ in answered if call in path} == {200}, (call, answered)
else:
    assert batches and not any("xet" in path for _, path, _, _ in sent), sent
    # Whoever has Xet says so here, and is told to use something else.
    assert ("xet" in batches[0]["transfers"]) == (transfer == "default"), batches
    verified = [headers for _, path, headers, _ in sent if path.endswith("/verify")]
    completed = [headers for _, path, headers, _ in sent if path.endswith("/complete")]
    assert len(verified) == 2 and all("authorization" in headers for headers in verified), sent
    assert len(completed) == 1 and "authorization" not in completed[0], sent
assert api.model_info(repo, revision="step1000").sha == first.oid
held(files, "step1000")
for path, data in files.items():
    assert content(path, first.oid) == data, path
checkpoint = native("/checkpoints/step1000")
assert checkpoint["step"] == 1000 and checkpoint["state"] == "draft" and checkpoint["fileCount"] == len(files), checkpoint
calls()
again = api.upload_folder(repo_id=repo, folder_path=folder, revision="step1000", commit_message="again")
assert not [call for call in calls() if "/commit/" in call[1]]
assert api.model_info(repo, revision="step1000").sha == first.oid

# The other way round: registered through /v1, read and changed through the Hub.
digest = hashlib.sha256(large).hexdigest()
body = {"step": 5000, "tokens": 7, "files": [{"path": "optimizer.pt", "sha256": digest, "size": len(large)}]}
native("/checkpoints", "POST", body)
held({"optimizer.pt": large}, "step5000")
api.upload_file(repo_id=repo, path_in_repo="added.json", path_or_fileobj=b"{}", revision="step5000")
held({"optimizer.pt": large, "added.json": b"{}"}, "step5000")
assert native("/checkpoints/step5000")["tokens"] == 7

# Streams and nothing at all; a stream is never sent by Xet.
recorder.take()
stream = os.urandom(2_000_000)
api.upload_file(repo_id=repo, path_in_repo="stream.bin", path_or_fileobj=io.BytesIO(stream), revision="step1000")
assert any(path.endswith("/info/lfs/objects/batch") for _, path, _, _, _ in recorder.take())
assert content("stream.bin", "step1000") == stream
api.upload_file(repo_id=repo, path_in_repo="nothing.bin", path_or_fileobj=b"", revision="step1000")
assert content("nothing.bin", "step1000") == b""

# Commits of several kinds of changes; what is added survives the deletion of its folder.
api.upload_file(repo_id=repo, path_in_repo="note.txt", path_or_fileobj=b"one", revision="step1000")
operations = [
    CommitOperationAdd("sub/new.txt", b"new"),
    CommitOperationDelete("sub/", is_folder=True),
    CommitOperationDelete("note.txt"),
    CommitOperationCopy("optimizer.pt", "copy.pt", src_revision="step1000"),
]
head = api.model_info(repo, revision="step1000").sha
api.create_commit(repo, operations, commit_message="several", revision="step1000", parent_commit=head)
kept = ["README.md", "config.json", "copy.pt", "nothing.bin", "optimizer.pt", "stream.bin", "sub/new.txt"]
assert sorted(api.list_repo_files(repo, revision="step1000")) == kept
assert content("copy.pt", "step1000") == large
stale = [CommitOperationAdd("late.txt", b"late")]
assert status(api.create_commit, repo, stale, commit_message="stale", revision="step1000", parent_commit=head) == 412
api.delete_file("stream.bin", repo, revision="step1000")
raises(EntryNotFoundError, api.delete_file, "stream.bin", repo, revision="step1000")
api.delete_folder("sub", repo, revision="step1000")
assert sorted(api.list_repo_files(repo, revision="step1000")) == [path for path in kept if path not in ("stream.bin", "sub/new.txt")]
raises(RevisionNotFoundError, api.upload_file, repo_id=repo, path_in_repo="a", path_or_fileobj=b"a", revision="nowhere")

# A pull request is refused before anything of it is sent.
recorder.take()
big = folder / "optimizer.pt"
refused = raises(HfHubHTTPError, api.upload_file, repo_id=repo, path_in_repo="big.pt", path_or_fileobj=big, create_pr=True)
assert refused.response.status_code == 403 and "Pull requests" in str(refused), refused
refused = raises(HfHubHTTPError, api.upload_folder, repo_id=repo, folder_path=folder, create_pr=True)
assert refused.response.status_code == 403 and "Pull requests" in str(refused), refused
assert not [path for _, path, _, _ in recorder.sent if "/xorbs/" in path or "/lfs/" in path], recorder.sent

# What is not what it claims changes nothing.
head = api.model_info(repo, revision="step1000").sha
wrong = CommitOperationAdd("wrong.bin", io.BytesIO(os.urandom(3_000)))
wrong.upload_info.sha256 = os.urandom(32)
assert status(api.create_commit, repo, [wrong], commit_message="wrong", revision="step1000") == 400
short = CommitOperationAdd("short.bin", io.BytesIO(os.urandom(3_000)))
short.upload_info.size = 2_000
raises(Exception, api.create_commit, repo, [short], commit_message="short", revision="step1000")


def raw(*lines):
    body = b"\n".join(json.dumps(line).encode() for line in [{"key": "header", "value": {"summary": "raw"}}, *lines])
    try:
        send(f"{url}/api/models/{repo}/commit/step1000", "POST", body, "application/x-ndjson")
    except urllib.error.HTTPError as e:
        return e.code
    return 200


small_file = {"key": "file", "value": {"path": "a.txt", "content": "YQ==", "encoding": "base64"}}
unknown = {"path": "b.bin", "algo": "sha256", "oid": os.urandom(32).hex(), "size": 3}
assert raw(small_file, {"key": "lfsFile", "value": unknown}) == 400
assert raw(small_file, {"key": "lfsFile", "value": {"path": "b.bin", "algo": "sha256", "oid": digest, "size": 3}}) == 400
for path in ("../a", "/a", "a/../../b", ".git/config", "a\\b", "C:/a"):
    assert raw(small_file, {"key": "file", "value": {"path": path, "content": "YQ==", "encoding": "base64"}}) == 400, path
assert api.model_info(repo, revision="step1000").sha == head


# Many at once on one branch: whoever says what it follows waits for its turn, and nothing is lost.
def race(i):
    path = f"{i}.txt"
    for _ in range(200):
        parent = api.model_info(repo, revision="step2000").sha
        operation = CommitOperationAdd(path, b"%d" % i)
        try:
            return api.create_commit(repo, [operation], commit_message=path, revision="step2000", parent_commit=parent).oid
        except HfHubHTTPError as e:
            assert e.response.status_code == 412, e
    raise AssertionError(f"{path} was never taken")


def push(i):
    return api.upload_file(repo_id=repo, path_in_repo=f"{i}.md", path_or_fileobj=b"%d" % i, revision="step2000").oid


with concurrent.futures.ThreadPoolExecutor(10) as threads:
    begun = [threads.submit(push, i) for i in range(20)]
    commits = {one.result() for one in begun}
    begun = [threads.submit(race, i) for i in range(20)]
    commits |= {one.result() for one in begun}
assert len(commits) == 40, commits
held({f"{i}.{kind}": b"%d" % i for i in range(20) for kind in ("txt", "md")}, "step2000")
assert api.model_info(repo, revision="step2000").sha in commits

# Branches and tags, with slashes too.
for branch in ("step3000", "seed3/step7"):
    api.create_branch(repo, branch=branch)
    assert status(api.create_branch, repo, branch=branch) == 409
    api.create_branch(repo, branch=branch, exist_ok=True)
refused = raises(HfHubHTTPError, api.create_branch, repo, branch="experiment")
assert refused.response.status_code == 403 and "tells its step" in str(refused), refused
api.upload_file(repo_id=repo, path_in_repo="a.txt", path_or_fileobj=b"a", revision="seed3/step7")
assert content("a.txt", "seed3/step7") == b"a"
api.delete_branch(repo, branch="step3000")
api.delete_branch(repo, branch="seed3/step7")
raises(RevisionNotFoundError, api.delete_branch, repo, branch="step3000")
api.create_tag(repo, tag="best/1", revision="step1000", tag_message="the best")
assert status(api.create_tag, repo, tag="best/1", revision="step1000") == 409
api.create_tag(repo, tag="best/1", revision="step1000", exist_ok=True)
refs = api.list_repo_refs(repo)
assert [branch.name for branch in refs.branches] == ["main", "step1", "step1000", "step2000", "step5000"], refs
assert [tag.name for tag in refs.tags] == ["best/1"]
assert content("config.json", "best/1") == files["config.json"]
api.delete_tag(repo, tag="best/1")
raises(RevisionNotFoundError, api.delete_tag, repo, tag="best/1")

# The command line makes the branch that it is to upload to.
cli("upload", repo, str(folder), ".", "--revision", "step4000")
held(files, "step4000")
target = tempfile.mkdtemp(dir=cache)
cli("download", repo, "--revision", "step4000", "--include", "*.json", "--local-dir", target)
brought = {str(path.relative_to(target)) for path in pathlib.Path(target).rglob("*") if path.is_file() and ".cache" not in path.parts}
assert brought == {"config.json"}, brought

# main: the files of the run over those of its last checkpoint.
api.upload_file(repo_id=repo, path_in_repo="README.md", path_or_fileobj=b"---\nlicense: mit\n---\n# Run\n")
assert content("README.md", None).endswith(b"# Run\n")
assert send(f"{run}/files/README.md").endswith(b"# Run\n")
raises(ValueError, api.upload_file, repo_id=repo, path_in_repo="README.md", path_or_fileobj=b"---\na: [\n---\n")
if version >= (2, 0):
    # Older ones ask a fixed address whether the card is right.
    hub.ModelCard("---\nlicense: apache-2.0\n---\n# Card\n").push_to_hub(repo)
    assert hub.ModelCard.load(repo).data.license == "apache-2.0"

# What is sealed stays as it is.
native("/checkpoints/step1000/seal", "POST")
sealed = api.model_info(repo, revision="step1000").sha
recorder.take()
for path_or_fileobj in (b"a", big):
    refused = raises(
        HfHubHTTPError, api.upload_file, repo_id=repo, path_in_repo="a", path_or_fileobj=path_or_fileobj, revision="step1000"
    )
    assert refused.response.status_code == 403 and "sealed" in str(refused), refused
assert not [path for _, path, _, _ in recorder.sent if "/xorbs/" in path or "/lfs/" in path], recorder.sent
refused = raises(HfHubHTTPError, api.super_squash_history, repo)
assert refused.response.status_code == 403 and "immutable" in str(refused), refused
assert status(api.delete_repo, repo) == 403
assert status(api.delete_branch, repo, branch="step1000") == 403
assert api.model_info(repo, revision="step1000").sha == sealed
assert content("optimizer.pt", "step1000") == large

print(json.dumps({"huggingface_hub": hub.__version__, "transfer": "xet" if xet else "lfs", "commits": len(commits)}))
