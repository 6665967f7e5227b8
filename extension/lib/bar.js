// This month's budgets as bars: what this page may come to, what the other clicks share, and what
// is not in the wallet.

import { mayComeTo, micros, perMille, say as money } from "./money.js";
import { element } from "./page.js";
import { language, say } from "./words.js";

// One item a budget, for a page that has `given` points and would get `more`.
export function bars(month, { given, more }) {
  return month.budgets.map((budget) => bar(month, budget, { given, more }));
}

function bar(month, { budget, means, is_funded: isFunded }, { given, more }) {
  const { currency } = budget;
  const [whole, there] = [micros(budget.amount), micros(means.amount)];
  const here = mayComeTo(means, given + more, month.points + more);
  const item = element("li");
  const amounts = [here, whole].map((amount) => money(language(), amount, currency));
  const text = textOf(isFunded, given + more > 0, amounts);
  const picture = element("div", "", "bar");
  picture.setAttribute("aria-hidden", "true");
  if (isFunded) picture.append(piece("here", here, whole), piece("others", there - here, whole));
  item.append(element("p", text), picture);
  return item;
}

function textOf(isFunded, isPage, [here, whole]) {
  if (!isFunded) return say("barUnfunded", whole);
  return isPage ? say("barText", here, whole) : say("barNoPage", whole);
}

function piece(kind, amount, whole) {
  const made = element("span", "", kind);
  made.style.width = `${perMille(amount, whole) / 10}%`;
  return made;
}
