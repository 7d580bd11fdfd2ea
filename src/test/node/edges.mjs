// Reads with an unmodified @huggingface/hub what cases.py published: large, many, odd and broken off.
//
// usage: node edges.mjs PACKAGES URL FOLDER
//
// Prints one line of JSON with the versions; ends with an error where something is not as it should be.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, request } from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [packages, upstream, folder] = process.argv.slice(2);
const require = createRequire(join(packages, "package.json"));
const hub = await import(pathToFileURL(require.resolve("@huggingface/hub")));
const version = JSON.parse(readFileSync(join(packages, "node_modules/@huggingface/hub/package.json"))).version;

// A proxy in front of the registry, which says under which name it is known.
const asked = [];
const proxy = createServer((incoming, outgoing) => {
  const headers = { ...incoming.headers, "x-forwarded-host": incoming.headers.host, "x-forwarded-proto": "http" };
  const target = new URL(upstream);
  headers.host = target.host;
  asked.push(`${incoming.method} ${incoming.url}`);
  const forwarded = request({ host: target.hostname, port: target.port, method: incoming.method, path: incoming.url, headers }, (answer) => {
    const xet = Object.keys(answer.headers).filter((name) => name.startsWith("x-xet"));
    assert.deepEqual(xet, [], incoming.url);
    outgoing.writeHead(answer.statusCode, answer.headers);
    answer.pipe(outgoing);
  });
  incoming.pipe(forwarded);
});
await new Promise((resolve) => proxy.listen(0, "127.0.0.1", resolve));
const hubUrl = `http://127.0.0.1:${proxy.address().port}`;

function local(run, step) {
  const root = join(folder, run, step);
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(root.length + 1))
    .sort();
}

async function all(generator) {
  const items = [];
  for await (const item of generator) items.push(item);
  return items;
}

const repo = { type: "model", name: "cases/run1" };
const revision = "step1000";

// Thousands of files and hundreds of repositories, page by page through the proxy.
const many = { type: "model", name: "cases/many" };
const listed = (await all(hub.listFiles({ repo: many, hubUrl, recursive: true }))).filter((entry) => entry.type === "file");
assert.deepEqual(listed.map((entry) => entry.path).sort(), local("many", "step1"));
assert.equal(asked.filter((line) => line.includes("/tree/")).length, 3);
const folders = await all(hub.listFiles({ repo: many, hubUrl, path: "d3" }));
assert.deepEqual(folders.map((entry) => entry.path).sort(), local("many", "step1").filter((path) => path.startsWith("d3/")));
const names = (await all(hub.listModels({ search: { owner: "crowd" }, hubUrl }))).map((model) => model.name);
assert.equal(new Set(names).size, 506);
assert.deepEqual([names[0], names.at(-1)], ["crowd/last", "crowd/first-0"]);
assert.equal(asked.filter((line) => line.startsWith("GET /api/models?")).length, 2);
const tagged = await all(hub.listModels({ search: { owner: "crowd", tags: ["crowd", "half:1"] }, hubUrl }));
assert.equal(tagged.length, 251);

// Revisions: a slash that is not encoded, none, and one that there cannot be.
const fields = ["sha", "config", "safetensors", "usedStorage"];
const slashed = await hub.listFiles({ repo, hubUrl, revision: "ckpt/step2000", path: "sub dir" }).next();
assert.equal(slashed.value.path, "sub dir/a+b #1.txt");
const newest = await hub.modelInfo({ name: repo.name, hubUrl, additionalFields: fields });
assert.equal(newest.sha, (await hub.modelInfo({ name: repo.name, hubUrl, revision: "v1", additionalFields: fields })).sha);
assert.deepEqual(newest.config.architectures, ["GPTNeoXForCausalLM"]);
assert.equal((await all(hub.listCommits({ repo, hubUrl, revision: "ckpt/step2000" })))[0].oid, newest.sha);
const proposed = await hub.listFiles({ repo, hubUrl, revision: "refs/pr/1", path: "sub dir" }).next();
assert.equal(proposed.value.path, "sub dir/a+b #1.txt");
for (const missing of ["refs/pr/2", "nothing"]) {
  await assert.rejects(all(hub.listFiles({ repo, hubUrl, revision: missing })), (error) => error.statusCode === 404);
}
await assert.rejects(all(hub.listFiles({ repo, hubUrl, revision, path: "nothing" })), (error) => error.statusCode === 404);

// Files: nothing in them, nothing at all, and 35 MB.
const empty = await hub.fileDownloadInfo({ repo, hubUrl, revision, path: "empty.txt" });
assert.equal(empty.size, 0);
assert.equal(await hub.fileDownloadInfo({ repo, hubUrl, revision, path: "nothing" }), null);
assert.equal(await hub.downloadFile({ repo, hubUrl, revision, path: "nothing" }), null);
const large = readFileSync(join(folder, "run1", revision, "model.safetensors"));
const blob = await hub.downloadFile({ repo, hubUrl, revision, path: "model.safetensors" });
assert.deepEqual(Buffer.from(await blob.slice(30_000_000, 30_001_000).arrayBuffer()), large.subarray(30_000_000, 30_001_000));
const cacheDir = await mkdtemp(join(tmpdir(), "hub-"));
const snapshot = await hub.snapshotDownload({ repo, hubUrl, revision, cacheDir });
for (const path of local("run1", revision)) {
  assert.deepEqual(readFileSync(join(snapshot, path)), readFileSync(join(folder, "run1", revision, path)), path);
}
const wide = await hub.parseSafetensorsMetadata({ repo: "cases/wide", hubUrl, computeParametersCount: true });
assert.deepEqual(wide.parameterCount, { F32: 3_000 });
await assert.rejects(hub.parseSafetensorsMetadata({ repo: "cases/many", hubUrl }));

await rm(cacheDir, { recursive: true });
proxy.closeAllConnections();
proxy.close();
console.log(JSON.stringify({ "@huggingface/hub": version, edges: "as they should be", requests: asked.length }));
