// One question to the instance. No cookie goes along, and where no token is given nothing says who
// asks.

import { language } from "./words.js";

const WAIT = 15_000;

// Seconds to wait where the instance does not say.
const PAUSE = 60;

// Asks, and says what came of it:
// {kind: "done", body}, {kind: "refused", code, sentence},
// {kind: "token", sentence} where the token is not good for it,
// {kind: "later", seconds, sentence} where it may come well another time.
export async function ask({ base, token }, method, path, { body, key } = {}) {
  const headers = { "Accept-Language": language() };
  if (token) headers["Authorization"] = `Bearer ${token}`;
  if (key) headers["Idempotency-Key"] = key;
  if (body) headers["Content-Type"] = "application/json";
  const request = {
    method,
    headers,
    body: body && JSON.stringify(body),
    credentials: "omit",
    referrerPolicy: "no-referrer",
    redirect: "error",
    signal: AbortSignal.timeout(WAIT),
  };
  try {
    const response = await fetch(`${base}/api/v1${path}`, request);
    const text = await response.text();
    return read(response, text ? JSON.parse(text) : null);
  } catch {
    return { kind: "later", seconds: PAUSE, sentence: "" };
  }
}

function read(response, body) {
  const { status } = response;
  const sentence = typeof body?.detail === "string" ? body.detail : "";
  if (response.ok) return { kind: "done", body };
  if (status === 401 || status === 403) return { kind: "token", sentence };
  const mayPass = status === 408 || status === 429 || status >= 500;
  if (mayPass || body?.code === "still_running") {
    const seconds = Number(response.headers.get("Retry-After")) || PAUSE;
    return { kind: "later", seconds, sentence };
  }
  return { kind: "refused", code: body?.code ?? "", sentence };
}
