// Giving, waiting, sending later, undoing: before an instance that may be away, forget to answer or
// refuse.

import assert from "node:assert/strict";
import test, { beforeEach } from "node:test";

import { newBrowser, newInstance } from "./fakes.js";

let done = newBrowser();
let instance = newInstance();

// The browser is looked up when the modules are loaded: one stands there already.
const acts = await import("../lib/acts.js");
const { AGE_MAX, LENGTH_MAX } = await import("../lib/queue.js");

const SONG = "https://songs.example/lullaby";
const TOOL = "https://tools.example/plane";

beforeEach(async () => {
  const { local, session } = globalThis.chrome.storage;
  local.kept.clear();
  session.kept.clear();
  Object.assign(done, { alarms: done.alarms, badges: done.badges, icons: done.icons });
  for (const list of Object.values(done)) list.length = 0;
  instance = newInstance();
  await acts.agree({ address: "obole.example", token: "obo_1" });
  instance.requests.length = 0;
});

const queue = async () => (await acts.overview()).queue;
const keys = () => instance.requests.filter((one) => one.method === "POST")
  .map((one) => one.headers["Idempotency-Key"]);

test("a click is given once, with a key, without cookies", async () => {
  const outcome = await acts.give({ url: `${SONG}?utm_source=x#part`, points: 5, tabId: 1 });
  assert.equal(outcome.kind, "given");
  assert.equal(instance.clicks.get(SONG), 5);
  const [request] = instance.requests;
  assert.equal(request.credentials, "omit");
  assert.equal(request.referrerPolicy, "no-referrer");
  assert.equal(request.headers.Authorization, "Bearer obo_1");
  assert.deepEqual(request.body, { url: SONG, points: 5 });
  assert.match(request.headers["Idempotency-Key"], /^[0-9a-f-]{36}$/);
  assert.deepEqual(await queue(), []);
  assert.deepEqual(done.badges, ["+5"]);
});

test("what cannot be sent waits, and goes later in its order under its key", async () => {
  instance.mood = () => "away";
  assert.equal((await acts.give({ url: SONG, points: 1 })).kind, "waits");
  assert.equal((await acts.give({ url: TOOL, points: 5 })).kind, "waits");
  assert.equal((await acts.give({ url: SONG, points: 25 })).kind, "waits");
  const waiting = await queue();
  assert.deepEqual(waiting.map((click) => click.points), [1, 5, 25]);
  assert.equal(done.alarms.at(-1).name, acts.ALARM);
  assert.ok(done.alarms.at(-1).delayInMinutes >= 0.5);
  instance.mood = () => null;
  instance.requests.length = 0;
  await acts.send();
  assert.deepEqual(keys(), waiting.map((click) => click.key));
  assert.deepEqual([...instance.clicks], [[SONG, 26], [TOOL, 5]]);
  assert.deepEqual(await queue(), []);
});

test("an answer that is lost does not make two clicks", async () => {
  instance.mood = () => "lost";
  assert.equal((await acts.give({ url: SONG, points: 1 })).kind, "waits");
  await acts.send();
  instance.mood = () => null;
  await acts.send();
  assert.equal(instance.clicks.get(SONG), 1);
  assert.equal(new Set(keys()).size, 1);
  assert.equal(keys().length, 3);
});

test("what is refused is shown with its sentence, and does not stop the others", async () => {
  instance.mood = () => "away";
  await acts.give({ url: SONG, points: 1 });
  await acts.give({ url: TOOL, points: 1 });
  const refusal = [422, { code: "own_work", detail: "This work is your own." }];
  instance.mood = ({ body }) => (body?.url === SONG ? refusal : null);
  await acts.send();
  const [refused, ...rest] = await queue();
  assert.deepEqual([refused.state, refused.sentence], ["refused", "This work is your own."]);
  assert.deepEqual(rest, []);
  assert.equal(instance.clicks.get(TOOL), 1);
  await acts.withdraw({ key: refused.key });
  assert.deepEqual(await queue(), []);
});

test("busy, slow down and a fault of the instance are no refusals", async () => {
  for (const [status, code] of [[503, "busy"], [429, "too_many"], [500, "internal"],
    [409, "still_running"], [408, "timeout"]]) {
    instance.mood = () => [status, { code, detail: "Wait." }, { "Retry-After": "600" }];
    const outcome = await acts.give({ url: SONG, points: 1 });
    assert.deepEqual(outcome, { kind: "waits", sentence: "Wait." }, String(status));
    assert.ok(done.alarms.at(-1).delayInMinutes >= 10);
  }
  instance.mood = () => null;
  await acts.send();
  assert.equal(instance.clicks.get(SONG), 5);
});

test("a page in the instance's place is no answer", async () => {
  const fetching = globalThis.fetch;
  globalThis.fetch = async () => new Response("<html>Welcome to the hotel</html>");
  assert.equal((await acts.give({ url: SONG, points: 1 })).kind, "waits");
  globalThis.fetch = fetching;
  await acts.send();
  assert.equal(instance.clicks.get(SONG), 1);
});

test("a token that is not good any more keeps the clicks", async () => {
  instance.mood = () => [401, { code: "token_unknown", detail: "Not known." }];
  const outcome = await acts.give({ url: SONG, points: 1 });
  assert.deepEqual(outcome, { kind: "token", sentence: "Not known." });
  assert.equal((await queue()).length, 1);
  instance.mood = ({ path }) => (path === "/me"
    ? [200, { id: "Bearer obo_1", handle: "zoe", scopes: ["click"] }] : null);
  await acts.agree({ address: "obole.example", token: "obo_2" });
  assert.equal(instance.clicks.get(SONG), 1);
});

test("another account does not give what was given for the first", async () => {
  instance.mood = () => "away";
  await acts.give({ url: SONG, points: 1 });
  instance.mood = () => null;
  await acts.agree({ address: "obole.example", token: "obo_2" });
  await acts.send();
  assert.equal(instance.clicks.size, 0);
  const [click] = await queue();
  assert.deepEqual([click.state, click.code], ["refused", "other_account"]);
});

test("undo goes back to what stood before", async () => {
  await acts.give({ url: SONG, points: 1 });
  await acts.give({ url: SONG, points: 5 });
  assert.equal((await acts.undo()).kind, "done");
  assert.equal(instance.clicks.get(SONG), 1);
  assert.equal((await acts.undo()).kind, "refused");
  await acts.give({ url: TOOL, points: 5 });
  await acts.undo();
  assert.equal(instance.clicks.has(TOOL), false);
});

test("a click that waits is not undone in place of the one before", async () => {
  await acts.give({ url: SONG, points: 1 });
  instance.mood = () => "away";
  await acts.give({ url: TOOL, points: 1 });
  assert.equal((await acts.overview()).last, null);
});

test("undo can be repeated where the instance is away, and is done where it is gone", async () => {
  await acts.give({ url: SONG, points: 1 });
  instance.mood = () => "lost";
  assert.equal((await acts.undo()).kind, "later");
  instance.mood = () => null;
  assert.equal((await acts.undo()).kind, "done");
  assert.equal(instance.clicks.size, 0);
});

test("a click that waits is taken back, also one that may have arrived", async () => {
  for (const mood of ["away", "lost"]) {
    instance.mood = () => mood;
    await acts.give({ url: SONG, points: 5 });
    const [{ key }] = await queue();
    await acts.withdraw({ key });
    instance.mood = () => null;
    await acts.send();
    assert.equal(instance.clicks.size, 0, mood);
    assert.deepEqual(await queue(), [], mood);
    assert.equal((await acts.overview()).last, null, mood);
  }
});

test("what was taken back and is refused is gone; what cannot be taken back is told", async () => {
  instance.mood = () => "away";
  await acts.give({ url: SONG, points: 5 });
  await acts.withdraw({ key: (await queue())[0].key });
  instance.mood = () => [422, { code: "own_work", detail: "This work is your own." }];
  await acts.send();
  assert.deepEqual(await queue(), []);
  instance.mood = () => "lost";
  await acts.give({ url: SONG, points: 5 });
  await acts.withdraw({ key: (await queue())[0].key });
  const closed = [409, { code: "period_closed", detail: "The month is over." }];
  instance.mood = ({ method }) => (method === "POST" ? null : closed);
  await acts.send();
  const [click] = await queue();
  assert.deepEqual([click.state, click.isWithdrawn], ["refused", false]);
  assert.equal(click.sentence, "The month is over.");
});

test("a click is not sent under a key that may be forgotten", async () => {
  instance.mood = () => "away";
  await acts.give({ url: SONG, points: 1 });
  instance.mood = () => null;
  const { kept } = globalThis.chrome.storage.local;
  kept.get("queue")[0].at -= AGE_MAX + 1;
  await acts.send();
  const [click] = await queue();
  assert.deepEqual([click.state, click.code, instance.clicks.size], ["refused", "too_old", 0]);
});

test("no more than some clicks wait", async () => {
  instance.mood = () => "away";
  await acts.give({ url: SONG, points: 1 });
  const { kept } = globalThis.chrome.storage.local;
  const [click] = kept.get("queue");
  kept.set("queue", Array.from({ length: LENGTH_MAX }, (_, key) => ({ ...click, key })));
  const outcome = await acts.give({ url: SONG, points: 1 });
  assert.deepEqual(outcome, { kind: "refused", sentence: "queueFull" });
});

test("fifty at once are fifty clicks", async () => {
  const all = Array.from({ length: 50 }, () => acts.give({ url: SONG, points: 1 }));
  for (const outcome of await Promise.all(all)) assert.equal(outcome.kind, "given");
  assert.equal(instance.clicks.get(SONG), 50);
  assert.equal(new Set(keys()).size, 50);
});

test("who looks at a page says five digits and not who asks", async () => {
  const digits = [];
  instance.mood = ({ path, headers }) => {
    digits.push(path);
    assert.equal(headers.Authorization, undefined);
    return [200, { claimed: [], unclaimed: [] }];
  };
  const { standing } = await acts.look({ url: SONG, tabId: 3 });
  assert.equal(standing, "unknown");
  assert.match(digits[0], /^\/works\/prefix\/[0-9a-f]{5}$/);
  assert.deepEqual(done.icons, ["/icons/unlit-16.png"]);
});

test("nothing is asked about what is no page, or without an instance", async () => {
  assert.equal((await acts.look({ url: "chrome://settings/" })).standing, null);
  assert.equal((await acts.give({ url: "about:blank", points: 1 })).kind, "refused");
  await acts.forget();
  assert.equal((await acts.look({ url: SONG })).standing, null);
  assert.equal((await acts.give({ url: SONG, points: 1 })).kind, "stranger");
  assert.deepEqual(instance.requests, []);
  assert.deepEqual([...globalThis.chrome.storage.local.kept.keys()].sort(), ["queue"]);
});
