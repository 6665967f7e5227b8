// The extension and the instance spell addresses alike, as far as both have the same rules.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { canonical } from "../lib/canonical.js";
import { hash, prefixPath, standing } from "../lib/prefix.js";

const { addresses, hashes } = JSON.parse(
  readFileSync(new URL("canonical.json", import.meta.url), "utf8"));

test("every address has the spelling that the instance gives it", () => {
  for (const { from, to, instanceOnly } of addresses) {
    if (!instanceOnly) assert.equal(canonical(from), to, from);
  }
});

test("a spelling is its own spelling", () => {
  for (const { to, instanceOnly } of addresses) {
    if (to && !instanceOnly) assert.equal(canonical(to), to);
  }
});

test("what is too long is no address", () => {
  assert.equal(canonical(`https://example.org/${"a".repeat(2100)}`), null);
});

test("hashes are those of the instance, and five digits of them are sent", async () => {
  for (const { url, sha256 } of hashes) {
    assert.equal(await hash(url), sha256);
    assert.equal(prefixPath(sha256), `/works/prefix/${sha256.slice(0, 5)}`);
  }
});

test("a page stands as the whole hash says, not as the digits do", () => {
  const answer = { claimed: ["abcde1"], unclaimed: ["abcde2"] };
  assert.equal(standing(answer, "abcde1"), "claimed");
  assert.equal(standing(answer, "abcde2"), "unclaimed");
  assert.equal(standing(answer, "abcde3"), "unknown");
  for (const odd of [null, {}, { claimed: "abcde3" }, []]) {
    assert.equal(standing(odd, "abcde3"), "unknown");
  }
});
