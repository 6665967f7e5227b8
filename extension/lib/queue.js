// Clicks on their way, in their order, each under one key from the moment it is given: sent as
// often as need be, it counts once. A click is {key, url, points, account, at, tries, state, …},
// its state "waiting" or "refused".

import { undo } from "./undo.js";

// More than so many do not wait.
export const LENGTH_MAX = 200;

// The instance keeps keys for 30 days. A click that may have arrived is not sent under one that it
// may have forgotten.
export const AGE_MAX = 29 * 24 * 60 * 60 * 1000;

// The longest pause between two tries, in minutes.
const PAUSE_MAX = 30;

// The queue with one more click.
export function added(queue, click) {
  return [...queue, { ...click, tries: 0, state: "waiting" }];
}

// How many clicks wait.
export function waiting(queue) {
  return queue.filter((click) => click.state === "waiting").length;
}

// The queue without a click. One that was sent, and that nobody knows to have arrived, is taken
// back instead when it has.
export function withdrawn(queue, key) {
  const isSent = (click) => click.state === "waiting" && click.tries > 0;
  return queue
    .filter((click) => click.key !== key || isSent(click))
    .map((click) => (click.key === key ? { ...click, isWithdrawn: true } : click));
}

// The queue before another account: what was given for this one is not given by that one.
export function handedOver(queue, account, reason) {
  return queue.map((click) =>
    click.account === account ? click : { ...click, state: "refused", ...reason });
}

// Minutes until the next try after so many.
export function pause(tries, seconds) {
  return Math.max(seconds / 60, Math.min(2 ** Math.min(tries, 10) / 2, PAUSE_MAX));
}

// Sends what waits, in order, until something stands in the way.
// account: whose clicks are sent; queue: `load()` and `change(make)`; now(): milliseconds;
// ask(method, path, {body, key}). Gives the answers by key, and what stopped it, or null.
export async function flush({ account, queue, ask, now }) {
  const answers = new Map();
  for (;;) {
    const isNext = (click) => click.state === "waiting" && click.account === account;
    const click = (await queue.load()).find(isNext);
    if (!click) return { answers, stopped: null };
    const outcome = await send(click, { queue, ask, now });
    if (outcome.kind === "later" || outcome.kind === "token") {
      return { answers, stopped: { ...outcome, tries: click.tries + 1 } };
    }
    answers.set(click.key, { ...outcome, click });
    await queue.change((all) => settled(all, click.key, outcome));
  }
}

async function send(click, { queue, ask, now }) {
  if (now() - click.at > AGE_MAX) return { kind: "refused", code: "too_old", sentence: "" };
  // Before it leaves: after this nobody knows whether it arrived until an answer is there.
  await queue.change((all) => changed(all, click.key, { tries: click.tries + 1 }));
  const body = { url: click.url, points: click.points };
  const given = await ask("POST", "/clicks", { body, key: click.key });
  const current = (await queue.load()).find((one) => one.key === click.key);
  if (!current?.isWithdrawn) return given;
  // Refused, there is nothing to take back.
  if (given.kind === "refused") return { kind: "done", isWithdrawn: true };
  if (given.kind !== "done") return given;
  const undone = await undo(ask, lastOf(given.body, click.points));
  return undone.kind === "done" ? { ...given, isWithdrawn: true } : undone;
}

// What can be undone of an answer: the points before and after.
export function lastOf(body, points) {
  const { work, points: after } = body;
  return { work: work.id, title: work.title, url: work.url, before: after - points, after };
}

function settled(queue, key, outcome) {
  if (outcome.kind === "done") return queue.filter((click) => click.key !== key);
  const { code, sentence } = outcome;
  return changed(queue, key, { state: "refused", code, sentence, isWithdrawn: false });
}

function changed(queue, key, values) {
  return queue.map((click) => (click.key === key ? { ...click, ...values } : click));
}
