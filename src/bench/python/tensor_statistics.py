"""Prints the seconds that NumPy takes for the statistics of the BF16 tensors of a safetensors file, one after the other."""

import json
import sys
import time

import ml_dtypes
import numpy as np

data = np.memmap(sys.argv[1], dtype=np.uint8, mode="r")
length = int.from_bytes(data[:8].tobytes(), "little")
header = json.loads(data[8 : 8 + length].tobytes())
start = time.perf_counter()
for tensor in header.values():
    begin, end = tensor["data_offsets"]
    x = data[8 + length + begin : 8 + length + end].view(ml_dtypes.bfloat16).astype(np.float64)
    finite = np.isfinite(x)
    if not finite.all():
        x = x[finite]
    magnitudes = np.abs(x)
    result = [x.size, (x == 0).sum(), x.min(), x.max(), x.mean(), x.std(), magnitudes.sum(), np.sqrt(np.dot(x, x))]
print(time.perf_counter() - start)
