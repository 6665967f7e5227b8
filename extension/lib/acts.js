// What can be done, one function each. Pages ask for it by messages, so that one place keeps the
// queue and goes on when the pop-up is closed.

import { access, connect, disconnect, instance } from "./access.js";
import { ask } from "./api.js";
import { browser } from "./browser.js";
import { canonical } from "./canonical.js";
import { light, mark } from "./light.js";
import { hash, prefixPath, standing } from "./prefix.js";
import * as queues from "./queue.js";
import { change, load } from "./store.js";
import { undo as undoClick } from "./undo.js";
import { say } from "./words.js";

export const ALARM = "send";

const queue = {
  load: async () => (await load("queue")) ?? [],
  change: (make) => change("queue", (all) => make(all ?? [])),
};

let sending = null;

// Sends what waits; one sending at a time. What could not be sent is tried again later.
export function send() {
  sending ??= sendAll().finally(() => { sending = null; });
  return sending;
}

async function sendAll() {
  const agreed = await access();
  if (!agreed) return { answers: new Map(), stopped: null };
  const asked = (...words) => ask(agreed, ...words);
  const { account } = agreed;
  const sent = await queues.flush({ account, queue, ask: asked, now: Date.now });
  for (const { kind, body, click, isWithdrawn } of sent.answers.values()) {
    if (kind === "done" && !isWithdrawn) {
      await change("last", () => queues.lastOf(body, click.points));
    }
  }
  if (sent.stopped?.kind === "later") {
    const { tries, seconds } = sent.stopped;
    await browser.alarms.create(ALARM, { delayInMinutes: queues.pause(tries, seconds) });
  }
  return sent;
}

// Gives points to an address: {kind: "given", body}, {kind: "waits", sentence},
// {kind: "refused", key, sentence}, {kind: "token", sentence} or {kind: "stranger"}.
export async function give({ url, points, tabId }) {
  const agreed = await access();
  if (!agreed) return { kind: "stranger" };
  const address = canonical(url);
  if (!address) return { kind: "refused", sentence: say("addressBad") };
  if (queues.waiting(await queue.load()) >= queues.LENGTH_MAX) {
    return { kind: "refused", sentence: say("queueFull") };
  }
  const key = crypto.randomUUID();
  const { account } = agreed;
  const click = { key, url: address, points, account, at: Date.now() };
  await queue.change((all) => queues.added(all, click));
  // What is undone is the newest click, and this one is taken back where it waits.
  await change("last", () => undefined);
  // A sending that is under way may just have looked at the queue for the last time.
  if (sending) await sending;
  const { answers, stopped } = await send();
  const outcome = await outcomeOf(key, answers.get(key), stopped);
  await mark(tabId, { given: `+${points}`, waits: "…" }[outcome.kind] ?? "!");
  return outcome;
}

async function outcomeOf(key, answer, stopped) {
  if (answer?.kind === "done") return { kind: "given", body: answer.body };
  const click = (await queue.load()).find((one) => one.key === key);
  // Another sending took it along.
  if (!click) return { kind: "given", body: null };
  if (click.state === "refused") return { kind: "refused", key, sentence: click.sentence };
  const kind = stopped?.kind === "token" ? "token" : "waits";
  return { kind, sentence: stopped?.sentence ?? "" };
}

// Takes the last click back: the outcome of `ask`.
export async function undo() {
  const [agreed, last] = [await access(), await load("last")];
  if (!agreed || !last) return { kind: "refused", sentence: say("undoNothing") };
  const outcome = await undoClick((...words) => ask(agreed, ...words), last);
  if (outcome.kind !== "later") await change("last", () => undefined);
  return outcome;
}

// Takes a click out of the queue, or what was refused out of the list.
export async function withdraw({ key }) {
  await queue.change((all) => queues.withdrawn(all, key));
  return { kind: "done" };
}

// Whose the extension is, and what waits: {base, handle, hasMonth, queue, last}.
export async function overview() {
  const agreed = await access();
  return {
    base: agreed?.base ?? "",
    handle: agreed?.handle ?? "",
    hasMonth: agreed?.scopes.includes("clicks:read") ?? false,
    queue: await queue.load(),
    last: (await load("last")) ?? null,
  };
}

// How a page stands with the instance, which learns five digits of a hash: {url, standing}; the
// standing is null where it could not be asked. Lights the button of the tab up.
export async function look({ url, tabId }) {
  const [agreed, address] = [await access(), canonical(url)];
  if (!agreed || !address) return { url: address, standing: null };
  const digits = await hash(address);
  // Without the token: who asks is not told.
  const outcome = await ask({ base: agreed.base }, "GET", prefixPath(digits));
  if (outcome.kind !== "done") return { url: address, standing: null };
  const found = standing(outcome.body, digits);
  await light(tabId, found);
  return { url: address, standing: found };
}

// The open month, and the click that a page has in it: {month, given}, either null.
export async function month({ url }) {
  const agreed = await access();
  if (!agreed?.scopes.includes("clicks:read")) return { month: null, given: null };
  const [open, clicks] = await Promise.all([
    ask(agreed, "GET", "/me/period"),
    ask(agreed, "GET", "/clicks?limit=200"),
  ]);
  const items = clicks.kind === "done" ? clicks.body.items : [];
  const found = items.find((click) => click.work.url === canonical(url));
  return {
    month: open.kind === "done" ? open.body : null,
    given: found ? given(found) : null,
  };
}

function given({ work, points }) {
  return { title: work.title, points, standing: work.owner ? "claimed" : "unclaimed" };
}

// Agrees with an instance: the outcome of `connect`, or {kind: "address"}. What waits for another
// account is not given by this one.
export async function agree({ address, token }) {
  const base = instance(address);
  if (!base) return { kind: "address" };
  const outcome = await connect(base, token.trim());
  if (outcome.kind !== "done") return outcome;
  const reason = { code: "other_account", sentence: "" };
  await queue.change((all) => queues.handedOver(all, outcome.body.account, reason));
  await change("last", () => undefined);
  await send();
  return { kind: "done", handle: outcome.body.handle };
}

// Forgets the instance, the token and everything that waits.
export async function forget() {
  await disconnect();
  await queue.change(() => []);
  await change("last", () => undefined);
  return { kind: "done" };
}
