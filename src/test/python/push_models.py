"""Publishes a model as transformers does, to a branch for each step, and loads what is there.

usage: HF_ENDPOINT=... push_models.py PROJECT/RUN

Ends with a traceback where something is not as it should be.
"""

import sys

import torch
from huggingface_hub import HfApi
from huggingface_hub.errors import HfHubHTTPError
from transformers import AutoModelForCausalLM, GPTNeoXConfig, GPTNeoXForCausalLM

repo, api = sys.argv[1], HfApi()
config = GPTNeoXConfig(
    vocab_size=64, hidden_size=32, num_hidden_layers=2, num_attention_heads=2, intermediate_size=64, max_position_embeddings=32
)
pushed = {}
for step in (1000, 2000):
    model = GPTNeoXForCausalLM(config)
    model.push_to_hub(repo, revision=f"step{step}", commit_message=f"Step {step}")
    pushed[step] = model
# Who pushes twice replaces a draft.
pushed[2000] = GPTNeoXForCausalLM(config)
pushed[2000].push_to_hub(repo, revision="step2000")
pushed[None] = GPTNeoXForCausalLM(config)
pushed[None].push_to_hub(repo)
for step, model in pushed.items():
    loaded = AutoModelForCausalLM.from_pretrained(repo, revision="main" if step is None else f"step{step}")
    assert all(torch.equal(mine, its) for mine, its in zip(model.parameters(), loaded.parameters(), strict=True)), step
assert [branch.name for branch in api.list_repo_refs(repo).branches] == ["main", "step1000", "step2000"]
print("pushed", sorted(api.list_repo_files(repo, revision="step2000")))
