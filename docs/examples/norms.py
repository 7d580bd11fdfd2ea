import json, urllib.request
import matplotlib.pyplot as plt

run = "http://127.0.0.1:8080/v1/projects/glyph/runs/glyph-60k-seed1"
rows = json.load(urllib.request.urlopen(f"{run}/tensor-statistics?name=layers.*.mlp.up.weight&pairs=previous"))["items"]
figure, (norm, update) = plt.subplots(1, 2, figsize=(9, 3.5), layout="constrained")
for name in sorted({row["canonicalName"] for row in rows}):
    own = [row for row in rows if row["canonicalName"] == name]
    norm.plot([row["step"] for row in own], [row["l2"] for row in own], marker="o", label=name)
    update.plot([row["step"] for row in own[1:]], [row["relativeUpdate"] for row in own[1:]], marker="o")
norm.set(xscale="symlog", xlabel="step", ylabel="L2 norm", xlim=(0, None))
update.set(xscale="symlog", xlabel="step", ylabel="update / norm", yscale="log", xlim=(0, None))
norm.legend()
figure.savefig("norms.png", dpi=110)
