"""Loads checkpoints of a published suite with an unmodified transformers, and its data with datasets.

usage: models.py URL PROJECT SUITE CACHE presigned|proxied

No other server than the registry and its store can be found, and transformers may not even look for one. Prints one line of JSON
with the versions; ends with a traceback where something is not as it should be.
"""

import io
import ipaddress
import json
import os
import pathlib
import re
import socket
import subprocess
import sys
import tempfile
import time

from recorder import Recorder
from registry import Registry

recorder = Recorder(sys.argv[1])
registry = Registry(sys.argv[1])
project, suite, mode = sys.argv[2], pathlib.Path(sys.argv[3]), sys.argv[5]
os.environ["HF_ENDPOINT"] = recorder.url
os.environ["HF_HOME"] = tempfile.mkdtemp(dir=sys.argv[4])
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
os.environ.pop("HF_TOKEN", None)

# What looks for a host outside finds none, and is remembered.
outside = []
resolve = socket.getaddrinfo


def resolve_here(host, *args, **kwargs):
    name = host.decode() if isinstance(host, bytes) else host
    try:
        here = ipaddress.ip_address(name).is_loopback
    except ValueError:
        here = name in (None, "localhost")
    if not here:
        outside.append(name)
        raise socket.gaierror(socket.EAI_NONAME, "There is nothing outside")
    return resolve(host, *args, **kwargs)


socket.getaddrinfo = resolve_here

import datasets  # noqa: E402
import huggingface_hub  # noqa: E402
import pandas  # noqa: E402
import peft  # noqa: E402  where it is installed, transformers looks for an adapter first
import torch  # noqa: E402
import transformers  # noqa: E402
from transformers import AutoConfig, AutoModelForCausalLM, AutoProcessor, AutoTokenizer  # noqa: E402

tokens = torch.arange(48).reshape(2, 24)
fetched = 307 if mode == "presigned" else 200


def logits(name, **kwargs):
    with torch.no_grad():
        return AutoModelForCausalLM.from_pretrained(name, **kwargs)(tokens).logits


def log():
    """What was asked for since the last time, as section 5 of the protocol tells it: commits as SHA, repositories as REPO."""
    lines = []
    for method, path, status, _, _ in recorder.take():
        if "agent-harnesses" not in path:
            path = re.sub(r"(?<=/)[0-9a-f]{40}(?=[/?]|$)", "SHA", path)
            path = re.sub(r"^(/api/models|/api/datasets|/datasets|)/[^/]+/[^/]+/", r"\1/REPO/", path)
            lines.append(f"{method} {path} {status}")
    return lines


def file(name):
    return [f"HEAD /REPO/resolve/SHA/{name} 200", f"GET /REPO/resolve/SHA/{name} {fetched}"]


def data_file(revision, name):
    return [f"HEAD /datasets/REPO/resolve/{revision}/{name} 200", f"GET /datasets/REPO/resolve/{revision}/{name} {fetched}"]


def missing(name):
    return [f"HEAD /REPO/resolve/SHA/{name} 404"]


def equal(found, *expected):
    wanted = [line for lines in expected for line in lines]
    assert found == wanted, "\n".join(["found:", *found, "expected:", *wanted])


# Models: one file, and several that are fetched side by side.
run = f"{project}/glyph-60k"
information = ["GET /api/models/REPO/revision/step512 200"]
log()
remote = logits(run, revision="step512")
single = log()
equal(single, information, missing("adapter_config.json"), file("config.json"), file("model.safetensors"), file("generation_config.json"))
assert torch.isfinite(remote).all()
assert torch.equal(remote, logits(suite / "runs/glyph-60k/checkpoints/step512"))
assert torch.equal(logits(run, revision="step512"), remote)
equal(log(), information)
commit = huggingface_hub.HfApi().model_info(run, revision="step512").sha
log()
assert torch.equal(logits(run, revision=commit), remote)
equal(log())

many = logits(f"{project}/glyph-300k", revision="step512")
sharded = log()
beginning = [*missing("adapter_config.json"), *file("config.json"), *missing("model.safetensors"), *file("model.safetensors.index.json")]
beginning = [*information, *beginning, "GET /api/models/REPO/tree/SHA?recursive=true&expand=false 200"]
equal(sharded[: len(beginning)], beginning)
equal(sharded[-2:], file("generation_config.json"))
equal(sorted(sharded[len(beginning) : -2]), sorted(file("model-00001-of-00002.safetensors") + file("model-00002-of-00002.safetensors")))
assert torch.equal(many, logits(suite / "runs/glyph-300k/checkpoints/step512"))

# Configurations, tokenizers and processors.
assert AutoConfig.from_pretrained(run, revision="step256").vocab_size == 512
equal(log(), ["GET /api/models/REPO/revision/step256 200", "HEAD /REPO/resolve/SHA/config.json 200"])
tree = "GET /api/models/REPO/tree/step1430"
trees = [f"{tree}/additional_chat_templates?recursive=false&expand=false 404", f"{tree}?recursive=true&expand=false 200"]
information = ["GET /api/models/REPO/revision/step1430 200"]
tokenizer = AutoTokenizer.from_pretrained(run, revision="step1430")
found = log()
# Bytes that another commit had are not fetched again.
config = ["HEAD /REPO/resolve/SHA/config.json 200"]
files = [file("tokenizer.json"), missing("tokenizer.model"), missing("added_tokens.json"), file("special_tokens_map.json")]
equal(found, information, config, file("tokenizer_config.json"), trees, *files, missing("chat_template.jinja"))
assert tokenizer("glyph")["input_ids"] == AutoTokenizer.from_pretrained(suite / "runs/glyph-60k/checkpoints/step1430")("glyph")["input_ids"]
AutoTokenizer.from_pretrained(run, revision="step1430")
equal(log(), information, trees)
processor = AutoProcessor.from_pretrained(run, revision="step1430")
assert processor("glyph")["input_ids"] == tokenizer("glyph")["input_ids"]
found = log()
names = ("processor_config.json", "preprocessor_config.json", "video_preprocessor_config.json")
equal([line for line in found if "config.json" in line and "/REPO/resolve/SHA/config.json" not in line], *map(missing, names))
assert all(line.split()[-1] in ("200", "404", str(fetched)) for line in found), found

# What is not there is said as such.
try:
    AutoModelForCausalLM.from_pretrained(run, revision="step513")
    raise AssertionError("there is no step513")
except OSError:
    pass

# The second time nothing has to be there: neither the registry nor any other host.
program = f"""
import sys, torch
from transformers import AutoModelForCausalLM, AutoTokenizer
with torch.no_grad():
    torch.save(AutoModelForCausalLM.from_pretrained({run!r}, revision="step512")(torch.arange(48).reshape(2, 24)).logits, sys.argv[1])
print(AutoTokenizer.from_pretrained({run!r}, revision="step1430")("glyph")["input_ids"])
"""
saved = pathlib.Path(os.environ["HF_HOME"]) / "logits.pt"
offline = {**os.environ, "HF_HUB_OFFLINE": "1", "HF_ENDPOINT": "http://127.0.0.1:9"}
recorder.take()
said = subprocess.run([sys.executable, "-c", program, saved], env=offline, check=True, stdout=subprocess.PIPE, text=True).stdout
assert torch.equal(torch.load(saved), remote) and said.strip() == str(tokenizer("glyph")["input_ids"]), said
equal(log())

# Weights that are pickled: somebody outside would convert them, and would be told what they are called.
registry.project("pickles")
registry.run("pickles", "run")
local = suite / "runs/glyph-60k/checkpoints/step512"
pickled = io.BytesIO()
torch.save(AutoModelForCausalLM.from_pretrained(local).state_dict(), pickled)
registry.checkpoint("pickles", "run", 1, {"config.json": (local / "config.json").read_bytes(), "pytorch_model.bin": pickled.getvalue()})
recorder.take()
assert torch.equal(logits("pickles/run", revision="step1"), remote)
deadline = time.monotonic() + 30
while not any("/discussions" in entry[1] for entry in recorder.requests) and time.monotonic() < deadline:
    time.sleep(0.1)
time.sleep(1)
found = log()
beginning = [missing("model.safetensors"), missing("model.safetensors.index.json"), file("pytorch_model.bin")]
information = ["GET /api/models/REPO/revision/step1 200"]
equal(found[:8], information, missing("adapter_config.json"), file("config.json"), *beginning)
assert missing("generation_config.json")[0] in found, found
assert any(re.fullmatch(r"GET /api/models/REPO/discussions\S* 403", line) for line in found), found

assert outside == [], outside

# Data, as files that are named and as datasets finds them.
data = datasets.load_dataset(f"{project}/dataset", data_files="documents.csv", split="train")
rows = datasets.load_dataset("csv", data_files=str(suite / "dataset/documents.csv"), split="train")
assert data.to_list() == rows.to_list() and len(data) > 0
stream = datasets.load_dataset(f"{project}/dataset", data_files="documents.csv", split="train", streaming=True)
assert list(stream) == rows.to_list()
frame = pandas.DataFrame({"step": range(5_000), "loss": [1 / (1 + step) for step in range(5_000)]})
registry.dataset(
    "pickles",
    "data",
    "v1",
    {"README.md": b"---\nlicense: mit\n---\n# Data\n", "data/train-00000-of-00001.parquet": frame.to_parquet(), "data/test-00000-of-00001.parquet": frame.head(3).to_parquet()},
)
recorder.take()
found = datasets.load_dataset("pickles/data")
assert {name: len(split) for name, split in found.items()} == {"train": 5_000, "test": 3}
assert found["train"].to_pandas().equals(frame)
beginning = [
    *data_file("main", "README.md"),
    "HEAD /datasets/REPO/resolve/SHA/data.py 404",
    "GET /api/datasets/REPO/revision/SHA 200",
    "HEAD /datasets/REPO/resolve/SHA/.huggingface.yaml 404",
    "GET /api/datasets/REPO/tree/SHA/data?recursive=false&expand=false 200",
    "GET /api/datasets/REPO/tree/SHA?recursive=false&expand=false 200",
    "HEAD /datasets/REPO/resolve/SHA/dataset_infos.json 404",
]
splits = [data_file("SHA", f"data/{split}-00000-of-00001.parquet") for split in ("train", "test")]
equal(log(), beginning, *splits)
datasets.load_dataset("pickles/data")
equal(log(), [line for line in beginning if line.startswith("HEAD")])
recorder.take()
stream = datasets.load_dataset("pickles/data", split="train", streaming=True)
assert [row["step"] for row in stream.take(7)] == list(range(7))
assert any("range" in entry.sent for entry in recorder.take())

# Where it counts its users and where the Hub converts to Parquet, which both are not needed.
assert set(outside) <= {"s3.amazonaws.com", "datasets-server.127.0.0.1"}, outside
assert recorder.faults == [], recorder.faults[:5]
print(
    json.dumps(
        {
            "transformers": transformers.__version__,
            "torch": torch.__version__,
            "peft": peft.__version__,
            "datasets": datasets.__version__,
            "huggingface_hub": huggingface_hub.__version__,
            "mode": mode,
            "requestsOfOneFile": len(single),
            "requestsOfTwoShards": len(sharded),
        }
    )
)
# Native threads of torch and arrow can abort the interpreter while it is torn down, after all of
# the above was shown; what was asserted does not depend on the tearing down.
sys.stdout.flush()
os._exit(0)
