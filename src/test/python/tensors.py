"""Holds every tensor of a published suite against what Python reads from the files.

usage: tensors.py URL PROJECT SUITE

Compared are names, dtypes, shapes, digests and statistics of each tensor as the registry lists them, its bytes as the registry
answers them, and the digest of each checkpoint's weights. Prints one line of JSON; ends with 1 where something differs.
Counts, min and max must be equal. What is made of sums must agree with NumPy in float64 to 1e-12, or, where NumPy's own sum is
not that exact, with the correctly rounded sum.
"""

import hashlib
import http.client
import json
import math
import pathlib
import sys
import urllib.parse

import ml_dtypes  # noqa: F401  gives NumPy the name bfloat16
import numpy as np
from safetensors import safe_open

TYPES = {"F64": "float64", "F32": "float32", "F16": "float16", "BF16": "bfloat16", "I64": "int64", "U8": "uint8"}
TOLERANCE = 1e-12

url = urllib.parse.urlsplit(sys.argv[1])
project = sys.argv[2]
suite = pathlib.Path(sys.argv[3])
connection = http.client.HTTPConnection(url.hostname, url.port)
faults = []
worst = {}
seen = {"checkpoints": 0, "tensors": 0, "bytes": 0, "notAsNumpy": 0}


def get(path):
    connection.request("GET", path)
    answer = connection.getresponse()
    body = answer.read()
    if answer.status != 200:
        raise SystemExit(f"{path}: {answer.status} {body[:500]}")
    return body


def local(file):
    """Name, dtype, shape and raw bytes of each tensor, as the safetensors library reads them."""
    with safe_open(file, framework="numpy") as tensors:
        for name in tensors.keys():
            dtype = tensors.get_slice(name).get_dtype()
            array = tensors.get_tensor(name)
            yield name, dtype, list(array.shape), array


def close(field, where, ours, numpy, exact):
    """The relative difference to NumPy, or to the exact value where NumPy is further from it."""
    for expected in (numpy, exact()):
        if ours == expected:
            return
        difference = abs(ours - expected) / abs(expected) if expected else math.inf
        if difference <= TOLERANCE:
            worst[field] = max(worst.get(field, 0), difference)
            return
        seen["notAsNumpy"] += 1
    faults.append(f"{where}: {field} is {ours}, not {expected}")


def compare(where, listed, name, dtype, shape, array):
    expected = {"name": name, "dtype": dtype, "shape": shape, "size": array.nbytes}
    expected["sha256"] = hashlib.sha256(array.tobytes()).hexdigest()
    for field, value in expected.items():
        if listed[field] != value:
            faults.append(f"{where}: {field} is {listed[field]}, not {value}")
    x = array.astype(np.float64).ravel()
    statistics = listed["statistics"]
    counts = {
        "zeros": int((x == 0).sum()),
        "nans": int(np.isnan(x).sum()),
        "infinities": int(np.isinf(x).sum()),
        "min": float(x.min()),
        "max": float(x.max()),
    }
    for field, value in counts.items():
        if statistics[field] != value:
            faults.append(f"{where}: {field} is {statistics[field]}, not {value}")
    n = x.size
    close("mean", where, statistics["mean"], float(x.mean()), lambda: math.fsum(x) / n)
    close("l1", where, statistics["l1"], float(np.abs(x).sum()), lambda: math.fsum(np.abs(x)))
    close("l2", where, statistics["l2"], float(np.sqrt((x * x).sum())), lambda: math.sqrt(math.fsum(x * x)))
    mean = math.fsum(x) / n
    close(
        "standardDeviation",
        where,
        statistics["standardDeviation"],
        float(x.std()),
        lambda: math.sqrt(math.fsum((x - mean) ** 2) / n),
    )


for run in sorted((suite / "runs").iterdir()):
    base = f"/v1/projects/{project}/runs/{run.name}/checkpoints/"
    for checkpoint in sorted((run / "checkpoints").iterdir()):
        files = {None: sorted(checkpoint.glob("*.safetensors"))}
        for state in sorted(checkpoint.glob("state/*.safetensors")):
            files[str(state.relative_to(checkpoint))] = [state]
        for path, parts in files.items():
            query = "" if path is None else "&file=" + urllib.parse.quote(path)
            listed = json.loads(get(f"{base}{checkpoint.name}/tensors?pageSize=10000{query}"))["items"]
            by_name = {tensor["name"]: tensor for tensor in listed}
            entries = []
            for part in parts:
                for name, dtype, shape, array in local(part):
                    where = f"{run.name} {checkpoint.name} {path or part.name} {name}"
                    tensor = by_name.pop(name, None)
                    if tensor is None:
                        faults.append(where + " is not listed")
                        continue
                    compare(where, tensor, name, dtype, shape, array)
                    raw = get(f"{base}{checkpoint.name}/tensors/{urllib.parse.quote(name)}?format=raw{query}")
                    if raw != array.tobytes():
                        faults.append(where + " has other bytes")
                    entries.append({"name": name, "dtype": dtype, "shape": shape, "sha256": hashlib.sha256(raw).hexdigest()})
                    seen["tensors"] += 1
                    seen["bytes"] += len(raw)
            faults += [f"{run.name} {checkpoint.name}: {name} is listed and not there" for name in by_name]
            if path is None:
                entries.sort(key=lambda entry: entry["name"])
                canonical = json.dumps(entries, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
                digest = hashlib.sha256(canonical.encode()).hexdigest()
                shown = json.loads(get(base + checkpoint.name))["weightsDigest"]
                if shown != digest:
                    faults.append(f"{run.name} {checkpoint.name}: weightsDigest is {shown}, not {digest}")
                seen["checkpoints"] += 1

print(json.dumps({**seen, "largestDifference": worst, "faults": faults[:20], "faultCount": len(faults)}))
sys.exit(1 if faults else 0)
