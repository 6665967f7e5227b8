// What the extension may do, and that it may do no more.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import test from "node:test";

const read = (path) => readFileSync(new URL(`../${path}`, import.meta.url), "utf8");
const manifest = JSON.parse(read("manifest.json"));

test("it asks for no site, no tabs, no history", () => {
  const permissions = ["activeTab", "alarms", "contextMenus", "storage"];
  assert.deepEqual(manifest.permissions, permissions);
  for (const key of ["host_permissions", "optional_permissions", "optional_host_permissions",
    "content_scripts", "externally_connectable", "web_accessible_resources"]) {
    assert.equal(manifest[key], undefined, key);
  }
  assert.equal(manifest.incognito, "not_allowed");
});

test("its pages run its own scripts only", () => {
  const policy = manifest.content_security_policy.extension_pages;
  assert.match(policy, /default-src 'none'; script-src 'self'; style-src 'self'/);
  assert.doesNotMatch(policy, /unsafe|\*(?!;| |$)/);
});

test("texts go in as texts, and no code comes from elsewhere", () => {
  const folders = ["", "lib/"];
  const names = folders.flatMap((folder) =>
    readdirSync(new URL(`../${folder}`, import.meta.url)).map((name) => folder + name));
  for (const name of names.filter((one) => /\.(js|html)$/.test(one))) {
    const text = read(name);
    for (const bad of ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(",
      "new Function", "src=\"http", "import(\"http", "onclick="]) {
      assert.ok(!text.includes(bad), `${name}: ${bad}`);
    }
  }
});
