// Pages of the extension: parts by their id, and messages to what runs behind them. Text goes in as
// text, never as a page.

import { browser } from "./browser.js";

export const part = (id) => document.getElementById(id);

// Has something done, and gives what came of it.
export function act(name, values = {}) {
  return browser.runtime.sendMessage({ act: name, ...values });
}

// A new element with a text and a class.
export function element(name, text = "", kind = "") {
  const made = document.createElement(name);
  made.textContent = text;
  if (kind) made.className = kind;
  return made;
}

// The address of a page without its scheme, as people are shown it.
export function shown(url) {
  return url.replace(/^https?:\/\//, "").replace(/\/$/, "");
}
