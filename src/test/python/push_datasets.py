"""Pushes a dataset with datasets, and reads what each push made. Its address is in HF_ENDPOINT."""
import sys

import datasets
from datasets import Dataset, DatasetDict, load_dataset
from huggingface_hub import HfApi

name = sys.argv[1]
api = HfApi()
whole = Dataset.from_dict({"input_ids": [[i, i + 1] for i in range(1_000)]})
whole.push_to_hub(name)
assert load_dataset(name, split="train").to_list() == whole.to_list()

parts = DatasetDict({"train": whole.select(range(500)), "test": whole.select(range(500, 600))})
parts.push_to_hub(name, "parts")
assert {key: part.num_rows for key, part in load_dataset(name, "parts").items()} == {"train": 500, "test": 100}
streamed = load_dataset(name, "parts", split="test", streaming=True)
assert next(iter(streamed)) == {"input_ids": [500, 501]}

# What was pushed first is still what it was, under the name of its version.
refs = api.list_repo_refs(name, repo_type="dataset")
assert [branch.name for branch in refs.branches] == ["main"], refs
assert [tag.name for tag in refs.tags] == ["r1", "r2"], refs
assert not [path for path in api.list_repo_files(name, repo_type="dataset", revision="r1") if path.startswith("parts/")]
assert load_dataset(name, revision="r1", split="train").to_list() == whole.to_list()
print(f"datasets {datasets.__version__} pushed two versions")
