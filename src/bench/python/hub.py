"""Reads from a Hub for the benchmark, with an unmodified transformers and huggingface_hub, as its standard input says.

usage: hub.py URL HOME

Each line that comes in is a JSON object with `do`, each line that goes out tells what was done and how long it took:

  load      path (a repository or a folder), revision, cache_dir: AutoModelForCausalLM.from_pretrained
  snapshot  url, path, revisions, cache: snapshot_download of each of them, one after the other

Ends with a traceback where something does not work.
"""

import json
import os
import pathlib
import sys
import time

os.environ["HF_ENDPOINT"] = sys.argv[1]
os.environ["HF_HOME"] = sys.argv[2]
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
os.environ["HF_HUB_DISABLE_PROGRESS_BARS"] = "1"
os.environ.pop("HF_TOKEN", None)

import huggingface_hub  # noqa: E402
import torch  # noqa: E402
import transformers  # noqa: E402

# Threads that wait for each other on a few cores would be measured, not what is read.
torch.set_num_threads(1)
transformers.utils.logging.disable_progress_bar()


def load(path, **where):
    start = time.perf_counter()
    model = transformers.AutoModelForCausalLM.from_pretrained(path, **where)
    seconds = time.perf_counter() - start
    return {"seconds": seconds, "parameters": sum(p.numel() for p in model.parameters())}


def snapshot(url, path, revisions, cache):
    start = time.perf_counter()
    folders = [huggingface_hub.snapshot_download(path, revision=name, endpoint=url, cache_dir=cache) for name in revisions]
    seconds = time.perf_counter() - start
    files = [file for folder in folders for file in pathlib.Path(folder).rglob("*") if file.is_file()]
    return {"seconds": seconds, "files": len(files), "bytes": sum(file.stat().st_size for file in files)}


versions = {"transformers": transformers.__version__, "huggingface_hub": huggingface_hub.__version__}
# Whatever else prints must not look like an answer.
out, sys.stdout = sys.stdout, sys.stderr
print(json.dumps(versions), file=out, flush=True)
for line in sys.stdin:
    request = json.loads(line)
    print(json.dumps({"load": load, "snapshot": snapshot}[request.pop("do")](**request)), file=out, flush=True)
