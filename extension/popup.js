// The pop-up: the page that is open, one click to give, what the month looks like, what waits.

import { bars } from "./lib/bar.js";
import { browser } from "./lib/browser.js";
import { canonical } from "./lib/canonical.js";
import { onPress } from "./lib/long_press.js";
import { micros, say as money } from "./lib/money.js";
import { act, element, part, shown } from "./lib/page.js";
import { count, fillIn, language, say } from "./lib/words.js";

const CHOICES = [5, 25, 100];

// The page that is given to, its tab, how it stands, its points this month; the month.
const state = {
  url: null, tabId: undefined, standing: null, given: 0, month: null, isBusy: false,
};

async function start() {
  fillIn(document);
  const [tab] = await browser.tabs.query({ active: true, currentWindow: true });
  const overview = await act("overview");
  if (!overview.base) return showStranger();
  part("month-link").href = `${overview.base}/month`;
  part("month-link").hidden = false;
  part("page").hidden = false;
  showQueue(overview);
  // Who opens the pop-up sees what waits being sent.
  if (overview.queue.length > 0) act("send").then(refresh);
  const url = /^https?:/.test(tab?.url ?? "") ? canonical(tab.url) : null;
  if (url) return showPage(url, tab.id);
  part("title").textContent = say("noPage");
  part("other").hidden = false;
  part("address").focus();
}

function showStranger() {
  part("stranger").hidden = false;
}

// Shows a page that can be given to.
async function showPage(url, tabId) {
  Object.assign(state, { url, tabId, standing: null, given: 0 });
  part("title").textContent = shown(url);
  part("act").hidden = false;
  showPoints();
  part("give").focus();
  const found = act("look", { url, tabId }).then(({ standing }) => {
    state.standing ??= standing;
    showStanding();
  });
  await Promise.all([found, showMonth()]);
}

function showStanding() {
  const keys = { claimed: "standingClaimed", unclaimed: "standingUnclaimed" };
  const key = keys[state.standing] ?? "standingUnknown";
  part("standing").textContent = state.standing ? say(key) : "";
}

async function showMonth() {
  const { month, given } = await act("month", { url: state.url ?? "" });
  state.month = month;
  state.given = given?.points ?? 0;
  if (given) {
    part("title").textContent = given.title;
    // What was asked of a prefix may be ten minutes old.
    state.standing = given.standing;
    showStanding();
  }
  showPoints();
}

function showPoints() {
  const { month, given } = state;
  part("give").textContent = count("give", 1);
  part("given").hidden = given === 0;
  part("given").textContent = count("given", given);
  part("month").hidden = !month;
  if (!month) return;
  part("month-title").textContent = count("monthTitle", month.clicks);
  const items = bars(month, { given, more: state.url ? 1 : 0 });
  part("budgets").replaceChildren(...(items.length ? items : [element("li", say("noBudget"))]));
}

async function give(points) {
  // Buttons stay as they are, so that who works by the keyboard stays where they are.
  if (state.isBusy) return;
  state.isBusy = true;
  announce("");
  const outcome = await act("give", { url: state.url, points, tabId: state.tabId });
  state.isBusy = false;
  announce(sentenceOf(outcome, points));
  // It has been read here: no need to keep it in the list.
  if (outcome.kind === "refused" && outcome.key) await act("withdraw", { key: outcome.key });
  await refresh();
}

function sentenceOf(outcome, points) {
  if (outcome.kind === "given") {
    const estimate = outcome.body?.estimate;
    const thanks = count("thanks", points);
    if (!estimate) return thanks;
    const amount = money(language(), micros(estimate.amount), estimate.currency);
    return `${thanks} ${say("estimate", amount)}`;
  }
  if (outcome.kind === "waits") return `${say("waits")} ${outcome.sentence}`.trim();
  if (outcome.kind === "token") return `${outcome.sentence} ${say("tokenBad")}`.trim();
  return outcome.sentence || say("failed");
}

// Everything that may have changed.
async function refresh() {
  showQueue(await act("overview"));
  await showMonth();
}

function showQueue({ queue, last }) {
  part("undo").hidden = !last;
  const isHere = last?.url === state.url;
  part("undo").textContent = !last || isHere ? say("undo") : say("undoOther", last.title);
  const here = queue.filter((click) => !click.isWithdrawn);
  part("queue").hidden = here.length === 0;
  part("send").hidden = !here.some((click) => click.state === "waiting");
  part("waiting").replaceChildren(...here.map(queued));
}

function queued(click) {
  const item = element("li");
  const own = { too_old: "tooOld", other_account: "otherAccount" }[click.code];
  const refused = click.sentence || say(own ?? "failed");
  const text = click.state === "waiting" ? say("queueWaits") : refused;
  item.append(element("strong", `${shown(click.url)} · ${count("points", click.points)}`));
  item.append(element("p", text, "quiet"));
  const isWaiting = click.state === "waiting";
  const remove = element("button", isWaiting ? say("withdraw") : say("dismiss"), "quiet");
  const label = isWaiting ? "withdrawLabel" : "dismissLabel";
  remove.type = "button";
  remove.setAttribute("aria-label", say(label, shown(click.url)));
  remove.addEventListener("click", async () => {
    await act("withdraw", { key: click.key });
    await refresh();
    goOn();
  });
  item.append(remove);
  return item;
}

async function undo() {
  const outcome = await act("undo");
  const failed = outcome.sentence || say("undoLater");
  announce(outcome.kind === "done" ? say("undone") : failed);
  await refresh();
  goOn();
}

function announce(text) {
  part("said").textContent = text;
}

// Where the keyboard goes on when the button that was pressed is gone.
function goOn() {
  if (document.activeElement === document.body && state.url) part("give").focus();
}

function openMore(isOpen) {
  part("choices").hidden = !isOpen;
  part("more").setAttribute("aria-expanded", String(isOpen));
  if (isOpen) part("choices").firstElementChild.focus();
}

for (const points of CHOICES) {
  const choice = element("button", count("points", points), "quiet");
  choice.type = "button";
  choice.addEventListener("click", () => give(points));
  part("choices").append(choice);
}
onPress(part("give"), { press: () => give(1), open: () => openMore(true) });
part("more").addEventListener("click", () => openMore(part("choices").hidden));
part("undo").addEventListener("click", undo);
part("send").addEventListener("click", () => act("send").then(refresh));
for (const id of ["connect", "options"]) {
  part(id).addEventListener("click", () => browser.runtime.openOptionsPage());
}
part("other").addEventListener("submit", (event) => {
  event.preventDefault();
  const url = canonical(part("address").value);
  if (!url) return announce(say("addressBad"));
  announce("");
  return showPage(url);
});
start();
