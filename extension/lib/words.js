// Texts of _locales, in the language of the browser.

import { browser } from "./browser.js";

// A text with its values.
export function say(key, ...values) {
  return browser.i18n.getMessage(key, values.map(String));
}

// The language that the texts are in.
export function language() {
  return say("language");
}

// A text about a number: `keyOne` or `keyMany`, as the language counts.
export function count(key, number, ...values) {
  const isOne = new Intl.PluralRules(language()).select(number) === "one";
  return say(`${key}${isOne ? "One" : "Many"}`, number, ...values);
}

// Fills in the texts of a page: `data-say` names the text of an element.
export function fillIn(page) {
  page.documentElement.lang = language();
  for (const element of page.querySelectorAll("[data-say]")) {
    element.textContent = say(element.dataset.say);
  }
}
