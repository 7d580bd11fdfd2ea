"""Sends commits of more than 150 MB, several at once, with an unmodified huggingface_hub.

usage: commit_large.py URL PROJECT CACHE

Prints one line of JSON; ends with a traceback where something is not as it should be.
"""

import concurrent.futures
import json
import os
import pathlib
import sys
import tempfile
import uuid

url, project, cache = sys.argv[1:4]
os.environ["HF_ENDPOINT"] = url
os.environ["HF_HOME"] = tempfile.mkdtemp(dir=cache)
os.environ["HF_HUB_DISABLE_PROGRESS_BARS"] = "1"
os.environ["HF_TOKEN"] = "hf_anything"

import huggingface_hub as hub  # noqa: E402

api = hub.HfApi()
repo = f"{project}/large-{uuid.uuid4().hex[:12]}"
api.create_repo(repo)


def text(step, i):
    return (f"{repo} {step} {i} " * 100_000)[:1_000_000].encode()


def commit(step):
    operations = [hub.CommitOperationAdd(f"{i}.txt", text(step, i)) for i in range(120)]
    api.create_commit(repo, operations, commit_message="large", revision=f"step{step}")
    assert all(operation._upload_mode == "regular" for operation in operations)
    return sum(len(operation.path_or_fileobj) for operation in operations) * 4 // 3


with concurrent.futures.ThreadPoolExecutor(2) as threads:
    sizes = list(threads.map(commit, (1, 2)))
assert min(sizes) > 150_000_000, sizes
for step in (1, 2):
    assert len(api.list_repo_files(repo, revision=f"step{step}")) == 120
    assert pathlib.Path(hub.hf_hub_download(repo, "77.txt", revision=f"step{step}")).read_bytes() == text(step, 77)

print(json.dumps({"huggingface_hub": hub.__version__, "bytes": sizes}))
