// The button in the toolbar, for one tab: lit where the page can receive, with a mark after a click
// from the menu. The browser puts it back when the tab shows another page.

import { browser } from "./browser.js";
import { say } from "./words.js";

const SIZES = [16, 32];

// Lights the button up, or not.
export async function light(tabId, standing) {
  if (tabId === undefined) return;
  const name = standing === "unknown" ? "unlit" : "lit";
  const path = Object.fromEntries(SIZES.map((size) => [size, `/icons/${name}-${size}.png`]));
  const title = { claimed: "titleClaimed", unclaimed: "titleUnclaimed" }[standing];
  await whileThere(browser.action.setIcon({ tabId, path }));
  await whileThere(browser.action.setTitle({ tabId, title: say(title ?? "actionTitle") }));
}

// Puts a mark on the button: "+5", "…" for waiting, "!" for refused, or none.
export async function mark(tabId, text) {
  if (tabId === undefined) return;
  await whileThere(browser.action.setBadgeText({ tabId, text }));
}

// A tab that was closed meanwhile needs no button.
async function whileThere(change) {
  try {
    await change;
  } catch {
    return;
  }
}
