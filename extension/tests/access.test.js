// Which instance, and which token.

import assert from "node:assert/strict";
import test from "node:test";

import { newBrowser, newInstance } from "./fakes.js";

newBrowser();
const { agree, overview } = await import("../lib/acts.js");
const { instance: origin } = await import("../lib/access.js");
const { chosen } = await import("../lib/menus.js");

test("a token travels by https only, but for this machine", () => {
  assert.equal(origin(" obole.example "), "https://obole.example");
  assert.equal(origin("https://obole.example/month?x=1"), "https://obole.example");
  assert.equal(origin("http://127.0.0.1:8080"), "http://127.0.0.1:8080");
  assert.equal(origin("http://localhost:8080/"), "http://localhost:8080");
  for (const bad of ["http://obole.example", "ftp://obole.example", "", "https://a:b@c.example"]) {
    assert.equal(origin(bad), null, bad);
  }
});

test("a token is kept when it is good for clicks, and not otherwise", async () => {
  const instance = newInstance();
  instance.mood = () => [401, { code: "token_unknown", detail: "Not known." }];
  assert.equal((await agree({ address: "obole.example", token: "x" })).sentence, "Not known.");
  instance.mood = () => [200, { id: "1", handle: "zoe", scopes: ["profile"] }];
  assert.equal((await agree({ address: "obole.example", token: "x" })).kind, "lacks");
  assert.equal((await agree({ address: "http://obole.example", token: "x" })).kind, "address");
  assert.equal((await overview()).handle, "");
  instance.mood = () => null;
  assert.equal((await agree({ address: "obole.example", token: " obo_1 " })).kind, "done");
  assert.equal(instance.requests.at(-1).headers.Authorization, "Bearer obo_1");
  assert.deepEqual((await overview()).handle, "zoe");
});

test("the menu gives the page, or the link", () => {
  const info = { pageUrl: "https://a.example/", linkUrl: "https://b.example/" };
  const page = { url: info.pageUrl, points: 5 };
  assert.deepEqual(chosen({ ...info, menuItemId: "page-5" }), page);
  const link = { url: info.linkUrl, points: 25 };
  assert.deepEqual(chosen({ ...info, menuItemId: "link-25" }), link);
  for (const menuItemId of ["page", "page-100", "other-5", 5, "constructor-1"]) {
    assert.equal(chosen({ ...info, menuItemId }), null, String(menuItemId));
  }
});
