// The menu of a page and of a link: give it one point, or more.

import { browser } from "./browser.js";
import { count, say } from "./words.js";

export const CHOICES = [1, 5, 25];

const PLACES = { page: "menuPage", link: "menuLink" };

let making = null;

// Makes the menus anew, once while this runs.
export function makeMenus() {
  making ??= make();
  return making;
}

async function make() {
  await browser.contextMenus.removeAll();
  for (const [place, title] of Object.entries(PLACES)) {
    const where = place === "page" ? "documentUrlPatterns" : "targetUrlPatterns";
    const only = { [where]: ["http://*/*", "https://*/*"] };
    browser.contextMenus.create({ id: place, title: say(title), contexts: [place], ...only });
    for (const points of CHOICES) {
      browser.contextMenus.create({
        id: `${place}-${points}`,
        parentId: place,
        title: count("points", points),
        contexts: [place],
        ...only,
      });
    }
  }
}

// What was chosen: {url, points}, or null where it was no choice of ours.
export function chosen({ menuItemId, linkUrl, pageUrl }) {
  const [place, digits] = String(menuItemId).split("-");
  const points = CHOICES.find((choice) => String(choice) === digits);
  const url = place === "link" ? linkUrl : pageUrl;
  return points && url && Object.hasOwn(PLACES, place) ? { url, points } : null;
}
