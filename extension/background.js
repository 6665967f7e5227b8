// What runs while no page of the extension is open: menus, messages, trying again. Nothing is kept
// in variables that must outlive this moment: the browser ends it when nothing happens.

import * as acts from "./lib/acts.js";
import { browser } from "./lib/browser.js";
import { chosen, makeMenus } from "./lib/menus.js";

const OWN = browser.runtime.getURL("");

const ACTS = {
  agree: acts.agree,
  forget: acts.forget,
  give: acts.give,
  look: acts.look,
  month: acts.month,
  overview: acts.overview,
  send: async () => { await acts.send(); return { kind: "done" }; },
  undo: acts.undo,
  withdraw: acts.withdraw,
};

browser.runtime.onInstalled.addListener(makeMenus);

browser.runtime.onStartup.addListener(() => {
  makeMenus();
  acts.send();
});

browser.alarms.onAlarm.addListener(({ name }) => { if (name === acts.ALARM) acts.send(); });

browser.contextMenus.onClicked.addListener(async (info, tab) => {
  const choice = chosen(info);
  if (!choice) return;
  const { kind } = await acts.give({ ...choice, tabId: tab?.id });
  if (kind === "stranger") browser.runtime.openOptionsPage();
});

// Only the extension's own pages are heard.
browser.runtime.onMessage.addListener((message, sender, answer) => {
  const isOwn = sender.id === browser.runtime.id && sender.url?.startsWith(OWN);
  if (!isOwn || !Object.hasOwn(ACTS, message?.act)) return false;
  const failed = (error) => ({ kind: "failed", sentence: String(error) });
  ACTS[message.act](message).catch(failed).then(answer);
  return true;
});
