"""Sends files to a registry as huggingface_hub does by default since 1.20: in pieces of the Xet protocol. Each has to be there afterwards
under its SHA-256. Arguments: URL of the registry, an empty folder. Prints one line of JSON."""

import array
import hashlib
import importlib.metadata
import json
import os
import pathlib
import random
import sys
import tempfile
import time
import urllib.error
import urllib.request
import uuid

from recorder import Recorder

upstream, folder = sys.argv[1], pathlib.Path(sys.argv[2])
recorder = Recorder(upstream)
os.environ["HF_ENDPOINT"] = recorder.url
os.environ["HF_HOME"] = tempfile.mkdtemp(dir=folder)
os.environ["HF_HUB_DISABLE_PROGRESS_BARS"] = "1"

import huggingface_hub as hub
from huggingface_hub import CommitOperationAdd
from huggingface_hub._commit_api import _upload_xet_files


def post(path, fields):
    body = json.dumps(fields).encode()
    request = urllib.request.Request(upstream + path, body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request) as answer:
        assert answer.status in (200, 201), answer.status


project = "xet-" + uuid.uuid4().hex[:12]
post("/v1/projects", {"name": project})
post(f"/v1/projects/{project}/runs", {"name": "run"})


def upload(files, revision="main"):
    """Answers the requests that it took."""
    recorder.take()
    additions = [CommitOperationAdd(path_in_repo=name, path_or_fileobj=source) for name, source in files.items()]
    _upload_xet_files(
        additions=additions,
        repo_type="model",
        repo_id=f"{project}/run",
        headers={"authorization": "Bearer hf_nobody"},
        endpoint=recorder.url,
        revision=revision,
    )
    return recorder.take()


def served(digest):
    """SHA-256 of what the registry serves under this digest."""
    for _ in range(100):
        try:
            with urllib.request.urlopen(f"{upstream}/v1/artifacts/sha256:{digest}") as answer:
                return hashlib.file_digest(answer, "sha256").hexdigest()
        except urllib.error.HTTPError as e:
            if e.code != 404:
                raise
            time.sleep(0.2)  # a large one may still be verified
    raise AssertionError(f"there is no {digest}")


def check(files):
    for name, source in files.items():
        data = source if isinstance(source, bytes) else pathlib.Path(source).read_bytes()
        digest = hashlib.sha256(data).hexdigest()
        assert served(digest) == digest, name


rng = random.Random(uuid.uuid4().int)
block = rng.randbytes(1 << 20)
large = folder / "large.bin"
large.write_bytes(rng.randbytes(200 << 20))
changed = folder / "changed.bin"
data = large.read_bytes()
changed.write_bytes(data[: 90 << 20] + rng.randbytes(1000) + data[90 << 20 :])
del data
files = {
    "kilobyte.bin": rng.randbytes(1 << 10),
    "one.bin": rng.randbytes(1),
    "megabytes.bin": rng.randbytes(5 << 20),
    "repeated.bin": block * 20,
    "zeros.bin": bytes(30 << 20) + block[:100],
    "floats.bin": array.array("f", (rng.gauss(0, 0.02) for _ in range(2 << 20))).tobytes(),
    "text.txt": b"".join(b"step %d loss %f\n" % (i, rng.random()) for i in range(200_000)),
    "again.bin": block,
}

started = time.monotonic()
requests = upload(files)
check(files)
seconds_small = time.monotonic() - started
xorbs = [status for _, path, status, _, _ in requests if "/v1/xorbs/" in path]
assert xorbs and set(xorbs) == {200}, requests
assert [status for _, path, status, _, _ in requests if path.endswith("/v1/shards")] == [200], requests
for call in ("/v1/xorb-grants/", "/v2/shards", "/v1/chunks/", "/v1/telemetry"):
    assert {status for _, path, status, _, _ in requests if call in path} <= {404}, call
assert any("xet-write-token/main" in path for _, path, _, _, _ in requests)

# By path, as trainers do; then one that has most of its chunks from before, in an upload of its own.
started = time.monotonic()
upload({"large.bin": str(large)}, revision="refs/heads/step1")
seconds_large = time.monotonic() - started
check({"large.bin": large})
upload({"changed.bin": str(changed)})
check({"changed.bin": changed})
# Everything once more: what is known is not made again.
upload(files)
check(files)
# Nothing is no file for this protocol, but clients may ask for it.
upload({"empty.bin": b"", "megabyte.bin": rng.randbytes(1 << 20)})

# Another content than the client says is refused, and is not there afterwards.
wrong = CommitOperationAdd(path_in_repo="wrong.bin", path_or_fileobj=rng.randbytes(100_000))
wrong.upload_info.sha256 = hashlib.sha256(b"something else").digest()
assert wrong.upload_info.is_hashed
try:
    _upload_xet_files(
        additions=[wrong],
        repo_type="model",
        repo_id=f"{project}/run",
        headers={},
        endpoint=recorder.url,
        revision="main",
    )
except Exception as e:
    refused = str(e)
else:
    raise AssertionError("a wrong SHA-256 was taken")

print(
    json.dumps(
        {
            "huggingface_hub": hub.__version__,
            "hf_xet": importlib.metadata.version("hf-xet"),
            "secondsOfSmallFiles": round(seconds_small, 1),
            "secondsOf200MiB": round(seconds_large, 1),
            "refused": refused[:200],
        }
    )
)
