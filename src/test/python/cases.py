"""Publishes what the suite has not: a file of 35 MB, long headers, thousands of files, hundreds of runs, odd names.

usage: cases.py URL FOLDER

Leaves the same files in FOLDER, as {run}/{checkpoint}/{path}.
"""

import concurrent.futures
import pathlib
import random
import sys

from registry import Registry, safetensors

registry, folder = Registry(sys.argv[1]), pathlib.Path(sys.argv[2])
PROJECT = "cases"

large = random.Random(1).randbytes(35_000_000)
config = b'{"architectures": ["GPTNeoXForCausalLM"], "model_type": "gpt_neox", "vocab_size": 512}\n'
model = {
    "config.json": config,
    "tokenizer_config.json": b'{"eos_token": "<|end|>", "chat_template": "{{ messages }}", "clean_up": false}\n',
    "model.safetensors": safetensors({"w": ("U8", [len(large)], large)}),
    "empty.txt": b"",
    "sub dir/inner.txt": b"inner\n",
    "sub dir/deep/leaf.txt": b"leaf\n",
}
wide = {f"layers.{i:04}.some_module_with_a_long_name.weight": ("F32", [2], bytes(8)) for i in range(1_500)}
cases = {
    "run1": {
        1000: (model, {}),
        2000: (
            {"config.json": config, "model.safetensors": safetensors({"w": ("F32", [2], bytes(8))})}
            | {"sub dir/a+b #1.txt": b"odd\n", "100%.txt": b"percent\n", "d\u00e9j\u00e0?.txt": b"accents\n"},
            {"labels": ["ckpt/step2000", "v1", "refs/pr/1"]},
        ),
    },
    "many": {1: ({f"d{i % 7}/f{i:04}.txt": b"x" for i in range(2_345)} | {"root.txt": b"x"}, {})},
    "wide": {1: ({"config.json": config, "model.safetensors": safetensors(wide)}, {})},
}

registry.project(PROJECT)
for run, checkpoints in cases.items():
    registry.run(PROJECT, run)
    for step, (files, fields) in checkpoints.items():
        registry.checkpoint(PROJECT, run, step, files, **fields)
        for path, data in files.items():
            local = folder / run / f"step{step}" / path
            local.parent.mkdir(parents=True, exist_ok=True)
            local.write_bytes(data)

# More than a page of runs, whose order is known where it is that of their creation.
registry.project("crowd")
for i in range(3):
    registry.run("crowd", f"first-{i}", family="crowd", axes={"all": 1, "third": i})
with concurrent.futures.ThreadPoolExecutor(4) as pool:
    list(pool.map(lambda i: registry.run("crowd", f"run-{i:03}", family="crowd", axes={"all": 1, "half": i % 2}), range(502)))
registry.run("crowd", "last", family="crowd", axes={"all": 1})
print("{}")
