// How the extension may speak to the instance: its address, a token, whose it is. Everything else
// asks here, so another way of signing in has one place to stand in.

import { ask } from "./api.js";
import { change, load } from "./store.js";

const LOOPBACK = ["localhost", "127.0.0.1"];

// What was agreed, or null: {base, token, account, handle, scopes}.
export async function access() {
  return (await load("access")) ?? null;
}

// The origin of an instance as people type it; null where it cannot be one. Outside this machine
// only https, for the token travels there.
export function instance(typed) {
  const text = typed.trim();
  let url;
  try {
    url = new URL(text.includes("://") ? text : `https://${text}`);
  } catch {
    return null;
  }
  const isOwnMachine = url.protocol === "http:" && LOOPBACK.includes(url.hostname);
  const isSafe = url.protocol === "https:" || isOwnMachine;
  return isSafe && url.hostname && !url.username ? url.origin : null;
}

// Tries a token and keeps it if it is good. The outcome is that of `ask`, or
// {kind: "lacks", scope} where the token does not allow clicks.
export async function connect(base, token) {
  const outcome = await ask({ base, token }, "GET", "/me");
  if (outcome.kind !== "done") return outcome;
  const { id, handle, scopes } = outcome.body;
  if (!scopes.includes("click")) return { kind: "lacks", scope: "click" };
  const agreed = { base, token, account: id, handle, scopes };
  await change("access", () => agreed);
  return { kind: "done", body: agreed };
}

// Forgets the instance and the token. The token itself is revoked in the account's settings.
export async function disconnect() {
  await change("access", () => undefined);
}
