"""Loads checkpoints of a published suite with an unmodified transformers, and its data with datasets.

usage: models.py URL PROJECT SUITE CACHE

Prints one line of JSON with the versions; ends with a traceback where something is not as it should be.
"""

import json
import os
import pathlib
import sys
import tempfile

from recorder import Recorder

recorder = Recorder(sys.argv[1])
project, suite = sys.argv[2], pathlib.Path(sys.argv[3])
os.environ["HF_ENDPOINT"] = recorder.url
os.environ["HF_HOME"] = tempfile.mkdtemp(dir=sys.argv[4])
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
os.environ.pop("HF_TOKEN", None)

import datasets  # noqa: E402
import huggingface_hub  # noqa: E402
import torch  # noqa: E402
import transformers  # noqa: E402
from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer  # noqa: E402

tokens = torch.arange(48).reshape(2, 24)


def logits(name, **kwargs):
    with torch.no_grad():
        return AutoModelForCausalLM.from_pretrained(name, **kwargs)(tokens).logits


traffic = {}
for name in ("glyph-60k", "glyph-300k"):
    run = f"{project}/{name}"
    recorder.take()
    remote = logits(run, revision="step512")
    taken = [entry for entry in recorder.take() if "agent-harnesses" not in entry[1]]
    assert torch.isfinite(remote).all()
    assert torch.equal(remote, logits(suite / "runs" / name / "checkpoints/step512"))
    assert [entry[1] for entry in taken if entry[2] >= 500] == []
    gets = [entry[1] for entry in taken if entry[0] == "GET" and "/resolve/" in entry[1]]
    assert len(gets) == len(set(gets)), gets
    traffic[name] = {"requests": len(taken), "files": len(gets)}
    again = logits(run, revision="step512")
    second = [entry[:3] for entry in recorder.take()]
    assert torch.equal(again, remote)
    assert all("/resolve/" not in path for _, path, _ in second), second
    traffic[name]["requestsOfSecondLoad"] = len(second)
    commit = huggingface_hub.HfApi().model_info(run, revision="step512").sha
    recorder.take()
    assert torch.equal(logits(run, revision=commit), remote)
    assert recorder.take() == []

run = f"{project}/glyph-60k"
assert AutoConfig.from_pretrained(run).vocab_size > 0
last = sorted((suite / "runs/glyph-60k/checkpoints").glob("*/tokenizer.json"))
if last:
    tokenizer = AutoTokenizer.from_pretrained(run, revision=last[0].parent.name)
    assert tokenizer("glyph")["input_ids"] == AutoTokenizer.from_pretrained(last[0].parent)("glyph")["input_ids"]
try:
    AutoModelForCausalLM.from_pretrained(run, revision="step513")
    raise AssertionError("there is no step513")
except OSError:
    pass

recorder.take()
data = datasets.load_dataset(f"{project}/dataset", data_files="documents.csv", split="train")
local = datasets.load_dataset("csv", data_files=str(suite / "dataset/documents.csv"), split="train")
assert data.to_list() == local.to_list() and len(data) > 0
stream = datasets.load_dataset(f"{project}/dataset", data_files="documents.csv", split="train", streaming=True)
assert list(stream) == local.to_list()

print(
    json.dumps(
        {
            "transformers": transformers.__version__,
            "torch": torch.__version__,
            "datasets": datasets.__version__,
            "huggingface_hub": huggingface_hub.__version__,
            "loads": traffic,
        }
    )
)
