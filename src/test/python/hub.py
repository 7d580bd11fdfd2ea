"""Reads a published suite with an unmodified huggingface_hub, and holds it against the files.

usage: hub.py URL PROJECT SUITE CACHE presigned|proxied

Prints one line of JSON with the version; ends with a traceback where something is not as it should be.
"""

import hashlib
import json
import os
import pathlib
import re
import sys
import tempfile

from recorder import Recorder

recorder = Recorder(sys.argv[1])
project, suite, mode = sys.argv[2], pathlib.Path(sys.argv[3]), sys.argv[5]
os.environ["HF_ENDPOINT"] = recorder.url
os.environ["HF_HOME"] = tempfile.mkdtemp(dir=sys.argv[4])
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
os.environ.pop("HF_TOKEN", None)

import huggingface_hub as hub  # noqa: E402
from huggingface_hub.hf_api import RepoFolder  # noqa: E402
from huggingface_hub.errors import (  # noqa: E402
    EntryNotFoundError,
    HfHubHTTPError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)

version = tuple(int(part) for part in hub.__version__.split(".")[:2])
api = hub.HfApi()
run = f"{project}/glyph-60k"
checkpoints = suite / "runs/glyph-60k/checkpoints"
step = checkpoints / "step512"
cache = pathlib.Path(os.environ["HF_HOME"]) / "hub" / f"models--{project}--glyph-60k"
files = {str(file.relative_to(step)): file for file in step.rglob("*") if file.is_file()}
total = sum(file.stat().st_size for file in files.values())


def sha256(file):
    return hashlib.sha256(file.read_bytes()).hexdigest()


def raises(kind, call, *args, **kwargs):
    try:
        call(*args, **kwargs)
    except kind as e:
        return e
    raise AssertionError(f"no {kind.__name__}: {call} {args} {kwargs}")


# Revisions.
refs = api.list_repo_refs(run, include_pull_requests=True)
commits = {branch.name: branch.target_commit for branch in refs.branches}
assert set(commits) - {"main"} == {folder.name for folder in checkpoints.iterdir()}, sorted(commits)
assert len(commits) == 155 and refs.pull_requests == []
info = api.model_info(run, revision="step512", files_metadata=True)
assert info.sha == commits["step512"] and re.fullmatch("[0-9a-f]{40}", info.sha)
assert api.model_info(run).sha == commits["main"] == commits["step1430"]
assert all(api.model_info(run, revision=name).sha == commits[name] for name in ("step0", "step1", "step1430"))
assert len(set(commits.values())) == 154
assert {sibling.rfilename: (sibling.size, sibling.lfs["sha256"] if isinstance(sibling.lfs, dict) else sibling.lfs.sha256) for sibling in info.siblings} == {
    path: (file.stat().st_size, sha256(file)) for path, file in files.items()
}
assert info.safetensors.total == sum(info.safetensors.parameters.values()) > 50_000
assert info.created_at.year > 2000 and info.last_modified.tzinfo
assert [commit.commit_id for commit in api.list_repo_commits(run, revision="step512")] == [info.sha]

# Files.
for revision in ("step512", "refs/heads/step512", info.sha):
    for name in ("config.json", "model.safetensors"):
        path = pathlib.Path(hub.hf_hub_download(run, name, revision=revision))
        assert path.read_bytes() == files[name].read_bytes()
        assert path.resolve().name == sha256(files[name])
raises(EntryNotFoundError, hub.hf_hub_download, run, "nothing.json", revision="step512")
assert (cache / ".no_exist" / info.sha / "nothing.json").exists()
raises(RevisionNotFoundError, hub.hf_hub_download, run, "config.json", revision="step513")
for token in (False, "hf_unknown"):
    raises(RepositoryNotFoundError, hub.hf_hub_download, project + "/nothing", "config.json", token=token)
    assert hub.hf_hub_download(run, "config.json", revision="step1", token=token, force_download=True)
assert api.repo_exists(run) and not api.repo_exists(project + "/nothing")
assert api.revision_exists(run, "step512") and not api.revision_exists(run, "step513")
assert api.file_exists(run, "config.json", revision="step512") and not api.file_exists(run, "nothing")

# Trees.
assert set(api.list_repo_files(run, revision="step512")) == set(files)
folders = [entry.path for entry in api.list_repo_tree(run, revision="step512") if isinstance(entry, RepoFolder)]
assert folders == sorted({path.split("/")[0] for path in files if "/" in path})
inside = list(api.list_repo_tree(run, path_in_repo="state", revision="step512", expand=True))
assert {entry.path for entry in inside} == {path for path in files if path.startswith("state/")}
assert all(entry.last_commit.oid == info.sha for entry in inside)
raises(EntryNotFoundError, lambda: list(api.list_repo_tree(run, path_in_repo="nothing", revision="step512")))
found = api.get_paths_info(run, ["config.json", "state", "nothing"], revision="step512")
assert sorted(entry.path for entry in found) == ["config.json", "state"]

# A snapshot takes each byte once, and a second one none.
step_commits = {commits["step512"], "step512"}
recorder.take()
target = tempfile.mkdtemp(dir=sys.argv[4])
empty_cache = tempfile.mkdtemp(dir=sys.argv[4])
snapshot = pathlib.Path(hub.snapshot_download(run, revision="step512", cache_dir=empty_cache))
taken = recorder.take()
gets = [path for method, path, status, _, _ in taken if method == "GET" and "/resolve/" in path]
assert len(gets) == len(set(gets)) == sum(1 for file in files.values() if file.stat().st_size), gets
received = sum(length for method, path, status, _, length in taken if method == "GET" and "/resolve/" in path)
assert received == (total if mode == "proxied" else 0), received
for name, file in files.items():
    assert (snapshot / name).read_bytes() == file.read_bytes()
hub.snapshot_download(run, revision="step512", cache_dir=empty_cache)
again = [entry[:3] for entry in recorder.take() if "agent-harnesses" not in entry[1]]
assert all("/resolve/" not in path for _, path, _ in again), again
if version >= (1, 22):
    assert len(again) == 1, again
for _ in range(2):
    hub.snapshot_download(run, revision="step512", local_dir=target)
    local = [entry for entry in recorder.take() if entry[0] == "GET" and "/resolve/" in entry[1]]
assert local == [], local

# Headers of safetensors files come from the registry and not from the store.
recorder.take()
metadata = api.get_safetensors_metadata(run, revision="step512")
assert metadata.sharded is False and metadata.parameter_count == info.safetensors.parameters
ranged = [entry for entry in recorder.take() if entry[0] == "GET" and "/resolve/" in entry[1]]
assert [status for _, _, status, _, _ in ranged] == [206], ranged
sharded = f"{project}/glyph-300k"
metadata = api.get_safetensors_metadata(sharded, revision="step512")
assert metadata.sharded is True
assert sum(metadata.parameter_count.values()) == api.model_info(sharded, revision="step512").safetensors.total

# The file system.
fs = hub.HfFileSystem()
assert sorted(fs.ls(f"{run}@step512", detail=False)) == sorted({f"{run}@step512/{path.split('/')[0]}" for path in files})
assert f"{run}@step512/model.safetensors" in fs.glob(f"{run}@step512/**/*.safetensors") + fs.glob(f"{run}@step512/*.safetensors")
weights = files["model.safetensors"].read_bytes()
assert fs.cat_file(f"{run}@step512/model.safetensors", start=100, end=20_000) == weights[100:20_000]
with fs.open(f"{run}@step512/model.safetensors") as stream:
    assert stream.read(16) == weights[:16]
assert not fs.exists(f"{run}@step512/nothing") and fs.exists(f"{run}@step512/config.json")
assert fs.info(f"{run}@step512/config.json", expand_info=True)["size"] == files["config.json"].stat().st_size

# Listings.
models = [model.id for model in api.list_models(author=project)]
assert run in models and len(models) == len(list((suite / "runs").iterdir()))
assert [model.id for model in api.list_models(author=project, search="300k")] == [sharded]
assert len(list(api.list_models(author=project, limit=2))) == 2
assert list(api.list_models(author=project, filter=["no-such-tag"])) == []
datasets = [dataset.id for dataset in api.list_datasets(author=project)]
data = f"{project}/dataset"
assert data in datasets, datasets
local = {str(file.relative_to(suite / "dataset")) for file in (suite / "dataset").rglob("*") if file.is_file()}
assert set(api.list_repo_files(data, repo_type="dataset")) == local
readme = hub.hf_hub_download(data, "README.md", repo_type="dataset")
assert pathlib.Path(readme).read_bytes() == (suite / "dataset/README.md").read_bytes()
assert "Invalid user token" in str(raises(Exception, api.whoami, token="hf_unknown"))
assert raises(HfHubHTTPError, api.get_repo_discussions(run).__next__).response.status_code == 403

assert recorder.faults == [], recorder.faults[:5]
print(json.dumps({"huggingface_hub": hub.__version__, "mode": mode, "filesOfAStep": len(files), "bytesOfAStep": total}))
