"""Reads with an unmodified huggingface_hub what cases.py published: large, many, odd and broken off.

usage: edges.py URL FOLDER CACHE presigned|proxied

Prints one line of JSON with the version; ends with a traceback where something is not as it should be.
"""

import json
import os
import pathlib
import sys
import tempfile

from recorder import Recorder

recorder = Recorder(sys.argv[1])
folder, mode = pathlib.Path(sys.argv[2]), sys.argv[4]
os.environ["HF_ENDPOINT"] = recorder.url
os.environ["HF_HOME"] = tempfile.mkdtemp(dir=sys.argv[3])
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
os.environ.pop("HF_TOKEN", None)

import huggingface_hub as hub  # noqa: E402
from huggingface_hub.errors import HfHubHTTPError, NotASafetensorsRepoError, RevisionNotFoundError  # noqa: E402

version = tuple(int(part) for part in hub.__version__.split(".")[:2])
api = hub.HfApi()
run = "cases/run1"


def content(path, name="run1", step="step1000"):
    return (folder / name / step / path).read_bytes()


def files(name, step):
    root = folder / name / step
    return {str(file.relative_to(root)) for file in root.rglob("*") if file.is_file()}


def new_folder():
    return tempfile.mkdtemp(dir=sys.argv[3])


def of_files(entries, method="GET"):
    return [entry for entry in entries if entry[0] == method and "/resolve/" in entry[1]]


def downloads(filename, times, **kwargs):
    """The bytes of a download that may have to be asked for again, as before 1.0."""
    for left in reversed(range(times)):
        try:
            return pathlib.Path(hub.hf_hub_download(run, filename, **kwargs)).read_bytes()
        except Exception:
            if version >= (1, 0) or not left:
                raise


# By every kind of name, and of every kind of file.
commits = {name: api.model_info(run, revision=name).sha for name in ("step1000", "step2000", "main")}
assert commits["main"] == commits["step2000"] != commits["step1000"]
names = ("step2000", "v1", "refs/tags/v1", "refs/pr/1", "ckpt/step2000", "refs/heads/step2000", "main", commits["step2000"])
for revision in names:
    cache = new_folder()
    assert api.model_info(run, revision=revision).sha == commits["step2000"], revision
    for path in files("run1", "step2000"):
        got = hub.hf_hub_download(run, path, revision=revision, cache_dir=cache)
        assert pathlib.Path(got).read_bytes() == content(path, step="step2000"), (revision, path)
for revision in ("refs/pr/2", "nothing"):
    try:
        hub.hf_hub_download(run, "config.json", revision=revision)
        raise AssertionError(revision)
    except RevisionNotFoundError:
        pass

# What a client knows of the registry, its store is not told.
for host in ("127.0.0.1", "localhost"):
    recorder.store = host
    recorder.take(), recorder.take_stores()
    for path in ("config.json", "empty.txt", "model.safetensors"):
        got = downloads(path, 1, revision="step1000", cache_dir=new_folder(), token="hf_unknown")
        assert got == content(path), (host, path)
    stored = recorder.take_stores()
    assert [entry[0] for entry in stored] == (["GET", "GET"] if mode == "presigned" else []), stored
    assert all("authorization" not in entry.sent for entry in stored)
    asked = recorder.take()
    assert all(entry.sent["authorization"] == "Bearer hf_unknown" for entry in of_files(asked)), asked
    assert [entry[2] for entry in of_files(asked, "HEAD")] == [200, 200, 200], asked

# A download that breaks off goes on where it was.
recorder.cut(25_000_000)
got = downloads("model.safetensors", 2, revision="step1000", cache_dir=new_folder())
assert got == content("model.safetensors")
asked = of_files(recorder.take())
ranges = [entry.sent.get("range") for entry in asked]
assert ranges == [None, "bytes=20971520-"], ranges
if mode == "presigned":
    ranges = [(entry.sent.get("range"), entry[2]) for entry in recorder.take_stores()]
    assert ranges == [(None, 200), ("bytes=20971520-", 206)], ranges
else:
    assert asked[1][2] == 206
recorder.store = None

# A snapshot asks by commit; of a commit that it has, it asks nothing.
recorder.take()
cache = new_folder()
snapshot = pathlib.Path(hub.snapshot_download(run, revision="step1000", cache_dir=cache))
taken = [entry for entry in recorder.take() if "agent-harnesses" not in entry[1]]
assert taken[0][1].startswith(f"/api/models/{run}/revision/step1000"), taken[0]
if version >= (1, 22):
    assert taken[1][1].startswith(f"/api/models/{run}/tree/{commits['step1000']}"), taken[1]
else:
    assert all("/tree/" not in entry[1] for entry in taken)
assert all(f"/resolve/{commits['step1000']}/" in entry[1] for entry in taken if "/resolve/" in entry[1])
assert len(of_files(taken, "HEAD")) == len(files("run1", "step1000")), taken
assert len(of_files(taken)) == len(files("run1", "step1000")) - 1, taken
assert {str(file.relative_to(snapshot)) for file in snapshot.rglob("*") if file.is_file()} == files("run1", "step1000")
hub.snapshot_download(run, revision="step1000", cache_dir=cache)
again = [entry[:2] for entry in recorder.take()]
assert len(again) == 1, again
hub.snapshot_download(run, revision=commits["step1000"], cache_dir=cache)
by_commit = len(recorder.take())
assert by_commit == (0 if version >= (1, 22) else 1), by_commit
target = new_folder()
hub.snapshot_download(run, revision="step1000", local_dir=target)
first = len(of_files(recorder.take()))
hub.snapshot_download(run, revision="step1000", local_dir=target)
assert of_files(recorder.take()) == []
for path in files("run1", "step1000"):
    assert (pathlib.Path(target) / path).read_bytes() == content(path), path

# Thousands of files, page by page, at the address that the client knows.
assert set(api.list_repo_files("cases/many")) == files("many", "step1")
recorder.take()
listed = [entry.path for entry in api.list_repo_tree("cases/many", recursive=True)]
pages = [entry for entry in recorder.take() if "/tree/" in entry[1]]
assert len(pages) == 3 and all(entry[2] == 200 for entry in pages), pages
assert all(f"<{recorder.url}/api/models/cases/many/tree/" in entry[3]["link"] for entry in pages[:2]), pages
assert len(listed) == len(set(listed)) and set(listed) == files("many", "step1") | {f"d{i}" for i in range(7)}
fs = hub.HfFileSystem()
assert {path.split("/", 2)[2] for path in fs.find("cases/many")} == files("many", "step1")

# The file system: a revision with a slash, folders, wildcards, parts of files.
odd = f"{run}@ckpt%2Fstep2000"
assert sorted(path.split("/", 3)[-1] for path in fs.ls(odd, detail=False)) == ["100%.txt", "config.json", "d\u00e9j\u00e0?.txt", "model.safetensors", "sub dir"]
assert fs.cat(f"{odd}/sub dir/a+b #1.txt") == b"odd\n"
assert fs.exists(f"{odd}/config.json") and not fs.exists(f"{odd}/nothing") and not fs.exists(f"{run}@nothing/config.json")
root = f"{run}@step1000"
assert sorted(fs.glob(f"{root}/**/*.txt")) == sorted(f"{root}/{path}" for path in files("run1", "step1000") if path.endswith(".txt"))
assert fs.isdir(f"{root}/sub dir") and fs.isfile(f"{root}/sub dir/inner.txt")
assert fs.ls(f"{root}/sub dir/inner.txt", detail=False) == [f"{root}/sub dir/inner.txt"]
for path in ("", "/config.json", "/sub dir"):
    info = fs.info(root + path, expand_info=True)
    assert info["last_commit"].oid == commits["step1000"], info
large = content("model.safetensors")
with fs.open(f"{root}/model.safetensors") as stream:
    stream.seek(30_000_000)
    assert stream.read(100_000) == large[30_000_000:30_100_000]
assert fs.cat_file(f"{root}/model.safetensors", start=-100) == large[-100:]
assert fs.cat_file(f"{root}/empty.txt") == b""
with fs.open(f"{root}/sub dir/inner.txt", "r") as stream:
    assert stream.read() == "inner\n"

# Headers of safetensors files.
recorder.take()
metadata = api.get_safetensors_metadata("cases/wide")
assert len(metadata.weight_map) == 1_500 and sum(metadata.parameter_count.values()) == 3_000
ranges = [entry.sent["range"] for entry in of_files(recorder.take())]
assert len(ranges) == 2 and ranges[0] == "bytes=0-100000" and ranges[1].startswith("bytes=8-"), ranges
try:
    api.get_safetensors_metadata("cases/many")
    raise AssertionError("has no safetensors file")
except NotASafetensorsRepoError:
    pass

# What is told of a repository.
info = api.model_info(run, revision="step1000", files_metadata=True)
assert info.config["architectures"] == ["GPTNeoXForCausalLM"] and info.config["model_type"] == "gpt_neox"
assert info.config["tokenizer_config"] == {"eos_token": "<|end|>", "chat_template": "{{ messages }}"}
assert all(len(sibling.blob_id) == 40 for sibling in info.siblings)
distinct = {(folder / "run1" / step / path).read_bytes() for step in ("step1000", "step2000") for path in files("run1", step)}
whole = api.model_info(run)
storage = whole.used_storage if version >= (1, 0) else whole.usedStorage
assert storage == sum(len(data) for data in distinct)
few = api.model_info(run, revision="step1000", expand=["sha"])
assert few.sha == commits["step1000"] and not few.siblings and few.config is None
refs = api.list_repo_refs(run, include_pull_requests=True)
assert {branch.name: branch.target_commit for branch in refs.branches} == commits
assert {tag.name: tag.target_commit for tag in refs.tags} == dict.fromkeys(("ckpt/step2000", "v1"), commits["step2000"])
assert [(pull.ref, pull.target_commit) for pull in refs.pull_requests] == [("refs/pr/1", commits["step2000"])]

# Hundreds of repositories, page by page: newest first, and by tags, words and owner.
recorder.take()
crowd = [model.id for model in api.list_models(author="crowd")]
assert len(crowd) == len(set(crowd)) == 506 and crowd[0] == "crowd/last" and crowd[-3:] == [f"crowd/first-{i}" for i in (2, 1, 0)]
assert len([entry for entry in recorder.take() if entry[1].startswith("/api/models?")]) == 2
assert [model.id for model in api.list_models(author="crowd", filter=["crowd", "all:1"], sort="created_at" if version >= (1, 0) else "createdAt")] == crowd
assert len([entry for entry in recorder.take() if entry[1].startswith("/api/models?")]) == 2
assert {model.id for model in api.list_models(author="crowd", filter=["all:1", "half:1"])} == {f"crowd/run-{i:03}" for i in range(1, 502, 2)}
assert [model.id for model in api.list_models(author="crowd", search="first", sort="last_modified" if version >= (1, 0) else "lastModified", limit=2)] == ["crowd/first-2", "crowd/first-1"]
try:
    list(api.list_models(author="crowd", search="x" * 300))
    raise AssertionError("no words are that long")
except HfHubHTTPError as e:
    assert e.response.status_code == 400 and "at most 200 characters" in str(e), e

assert recorder.faults == [], recorder.faults[:5]
print(json.dumps({"huggingface_hub": hub.__version__, "mode": mode, "edges": "as they should be", "filesOfTheFirstLocalCopy": first}))
