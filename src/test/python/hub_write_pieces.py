"""Uploads one file after the other that share most bytes, by Xet, as a trainer does that saves every some steps.

usage: hub_write_pieces.py URL PROJECT CACHE

Prints one line of JSON; ends with a traceback where something is not as it should be.
"""

import hashlib
import json
import os
import pathlib
import random
import sys
import tempfile
import time
import uuid

from recorder import Recorder

upstream, project, cache = sys.argv[1:4]
early = False


def rewrite(path, data):
    """Tokens that are over soon, when asked for."""
    if early and "xet-write-token" in path:
        return json.dumps({**json.loads(data), "exp": int(time.time()) + 20}).encode()
    return data


recorder = Recorder(upstream, rewrite=rewrite)
os.environ["HF_ENDPOINT"] = recorder.url
os.environ["HF_HOME"] = tempfile.mkdtemp(dir=cache)
os.environ["HF_HUB_DISABLE_PROGRESS_BARS"] = "1"
os.environ["HF_TOKEN"] = "hf_anything"

import huggingface_hub as hub  # noqa: E402

api = hub.HfApi()
repo = f"{project}/pieces-{uuid.uuid4().hex[:12]}"
api.create_repo(repo)
folder = pathlib.Path(tempfile.mkdtemp(dir=cache))
held = bytearray(random.Random(uuid.uuid4().int).randbytes(100 << 20))
refreshed = []
for step in (1, 2, 3):
    early = step == 3
    held[step << 20 : (step << 20) + 1_000] = os.urandom(1_000)
    (folder / "model.bin").write_bytes(held)
    recorder.take()
    commit = api.upload_folder(repo_id=repo, folder_path=folder, revision=f"step{step}")
    requests = recorder.take()
    sent = sum(1 for _, path, status, _, _ in requests if "/v1/xorbs/" in path and status == 200)
    assert sent >= 2, requests
    refreshed.append(sum(1 for _, path, status, _, _ in requests if "/xet-write-token/" in path and status == 200))
    digest = hashlib.sha256(held).hexdigest()
    for revision in (f"step{step}", commit.oid):
        brought = hub.hf_hub_download(repo, "model.bin", revision=revision)
        assert hashlib.sha256(pathlib.Path(brought).read_bytes()).hexdigest() == digest, revision
    assert api.get_paths_info(repo, "model.bin", revision=f"step{step}")[0].lfs.sha256 == digest
assert refreshed[2] > refreshed[1], refreshed

print(json.dumps({"huggingface_hub": hub.__version__, "tokens": refreshed}))
