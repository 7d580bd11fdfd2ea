// Reads a published suite with an unmodified @huggingface/hub, and holds it against the files.
//
// usage: node hub.mjs PACKAGES URL PROJECT SUITE
//
// Prints one line of JSON with the versions; ends with an error where something is not as it should be.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [packages, hubUrl, project, suite] = process.argv.slice(2);
const require = createRequire(join(packages, "package.json"));
const hub = await import(pathToFileURL(require.resolve("@huggingface/hub")));
const version = JSON.parse(readFileSync(join(packages, "node_modules/@huggingface/hub/package.json"))).version;

const repo = { type: "model", name: `${project}/glyph-60k` };
const revision = "step512";
const step = join(suite, "runs/glyph-60k/checkpoints", revision);
const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");
const local = readdirSync(step, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(step.length + 1))
  .sort();

async function all(generator) {
  const items = [];
  for await (const item of generator) items.push(item);
  return items;
}

const info = await hub.modelInfo({ name: repo.name, hubUrl, revision, additionalFields: ["sha", "safetensors"] });
assert.match(info.sha, /^[0-9a-f]{40}$/);
assert.ok((await hub.modelInfo({ name: repo.name, hubUrl })).updatedAt instanceof Date);
assert.equal(await hub.repoExists({ repo, hubUrl }), true);
assert.equal(await hub.repoExists({ repo: { type: "model", name: `${project}/nothing` }, hubUrl }), false);

const names = (await all(hub.listModels({ search: { owner: project }, hubUrl }))).map((model) => model.name);
assert.ok(names.includes(repo.name));
assert.equal((await all(hub.listDatasets({ search: { owner: project }, hubUrl }))).length > 0, true);

const files = await all(hub.listFiles({ repo, hubUrl, revision, recursive: true, expand: true }));
assert.deepEqual(files.filter((file) => file.type === "file").map((file) => file.path).sort(), local);
assert.ok(files.every((file) => file.lastCommit.id === info.sha));
const paths = await hub.pathsInfo({ repo, hubUrl, revision, paths: ["config.json", "nothing"], expand: true });
assert.deepEqual(paths.map((path) => path.path), ["config.json"]);

for (const path of ["config.json", "model.safetensors"]) {
  const bytes = readFileSync(join(step, path));
  const found = await hub.fileDownloadInfo({ repo, hubUrl, revision, path });
  assert.equal(found.size, bytes.length);
  const blob = await hub.downloadFile({ repo, hubUrl, revision, path });
  assert.equal(sha256(Buffer.from(await blob.arrayBuffer())), sha256(bytes));
}
assert.equal(await hub.fileDownloadInfo({ repo, hubUrl, revision, path: "nothing" }), null);
assert.equal(await hub.fileExists({ repo, hubUrl, revision, path: "config.json" }), true);
assert.equal(await hub.fileExists({ repo, hubUrl, revision, path: "nothing" }), false);

const single = await hub.parseSafetensorsMetadata({ repo: repo.name, hubUrl, revision, computeParametersCount: true });
assert.equal(single.sharded, false);
assert.deepEqual(single.parameterCount, info.safetensors.parameters);
const sharded = await hub.parseSafetensorsMetadata({ repo: `${project}/glyph-300k`, hubUrl, revision, computeParametersCount: true });
assert.equal(sharded.sharded, true);

const commits = await all(hub.listCommits({ repo, hubUrl, revision }));
assert.deepEqual(commits.map((commit) => commit.oid), [info.sha]);
assert.equal(await hub.countCommits({ repo, hubUrl, revision }), 1);

const cacheDir = await mkdtemp(join(tmpdir(), "hub-"));
const folder = await hub.snapshotDownload({ repo, hubUrl, revision, cacheDir });
for (const path of local) assert.deepEqual(readFileSync(join(folder, path)), readFileSync(join(step, path)));

await rm(cacheDir, { recursive: true });
await assert.rejects(hub.whoAmI({ accessToken: "hf_unknown", hubUrl }));
console.log(JSON.stringify({ "@huggingface/hub": version, node: process.version, files: local.length }));
