"""Trains a tiny model and publishes every checkpoint, with huggingface_hub and nothing else.

usage: HF_ENDPOINT=... train_and_push.py PROJECT/RUN
"""

import json
import sys
import tempfile

import torch
from huggingface_hub import HfApi
from transformers import GPTNeoXConfig, GPTNeoXForCausalLM

repo, api = sys.argv[1], HfApi()
api.create_repo(repo, exist_ok=True)
torch.manual_seed(0)
config = GPTNeoXConfig(
    vocab_size=64, hidden_size=32, num_hidden_layers=2, num_attention_heads=2, intermediate_size=64, max_position_embeddings=32
)
model = GPTNeoXForCausalLM(config)
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-2)
seen = 0
for step in range(9):
    if step & (step - 1) == 0:
        with tempfile.TemporaryDirectory() as folder:
            model.save_pretrained(folder)
            torch.save(optimizer.state_dict(), f"{folder}/optimizer.pt")
            with open(f"{folder}/trainer_state.json", "w") as state:
                json.dump({"global_step": step, "num_input_tokens_seen": seen}, state)
            api.upload_folder(repo_id=repo, folder_path=folder, revision=f"step{step}", commit_message=f"Step {step}")
    tokens = torch.arange(16).repeat(4, 1) + torch.randint(0, 48, (4, 1))
    loss = model(input_ids=tokens, labels=tokens).loss
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()
    seen += tokens.numel()
api.upload_file(repo_id=repo, path_in_repo="README.md", path_or_fileobj=b"---\nlicense: mit\n---\n# A tiny model\n")
print([branch.name for branch in api.list_repo_refs(repo).branches], float(loss))
