// Writes to a registry with an unmodified @huggingface/hub, and reads what it wrote.
//
// usage: node hub_write.mjs PACKAGES URL PROJECT
//
// Prints one line of JSON with the versions; ends with an error where something is not as it should be.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [packages, hubUrl, project] = process.argv.slice(2);
const require = createRequire(join(packages, "package.json"));
const hub = await import(pathToFileURL(require.resolve("@huggingface/hub")));
const version = JSON.parse(readFileSync(join(packages, "node_modules/@huggingface/hub/package.json"))).version;

const repo = { type: "model", name: `${project}/written-node-${process.pid}` };
const branch = "step1000";
const accessToken = "hf_anything";
const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");
const large = Buffer.alloc(18 << 20, "0123456789abcdef-").fill(`${process.pid}`, 0, 10);
const files = {
  "config.json": Buffer.from("{}"),
  empty: Buffer.alloc(0),
  "sub/small.bin": Buffer.from([0, 1, 2, 3]),
  "optimizer.pt": large,
};

await hub.createRepo({ repo, hubUrl, accessToken });
const sent = Object.entries(files).map(([path, bytes]) => ({ path, content: new Blob([bytes]) }));
const { commit } = await hub.uploadFiles({ repo, hubUrl, accessToken, branch, files: sent });
assert.match(commit.oid, /^[0-9a-f]{40}$/);
for (const [path, bytes] of Object.entries(files)) {
  const blob = await hub.downloadFile({ repo, hubUrl, revision: branch, path });
  assert.equal(sha256(Buffer.from(await blob.arrayBuffer())), sha256(bytes), path);
}
await hub.deleteFile({ repo, hubUrl, accessToken, branch, path: "config.json" });
assert.equal(await hub.fileExists({ repo, hubUrl, revision: branch, path: "config.json" }), false);
await hub.uploadFile({ repo, hubUrl, accessToken, file: { path: "README.md", content: new Blob(["# Run"]) } });
assert.equal(await hub.fileExists({ repo, hubUrl, path: "README.md" }), true);
await hub.createBranch({ repo, hubUrl, accessToken, branch: "step2000" });
await hub.deleteBranch({ repo, hubUrl, accessToken, branch: "step2000" });

const seal = await fetch(`${hubUrl}/v1/projects/${project}/runs/${repo.name.split("/")[1]}/checkpoints/${branch}/seal`, { method: "POST" });
assert.equal(seal.status, 200);
await assert.rejects(hub.uploadFile({ repo, hubUrl, accessToken, branch, file: { path: "a", content: new Blob(["a"]) } }), /sealed/);
console.log(JSON.stringify({ "@huggingface/hub": version, node: process.version, written: sent.length }));
