// Finds what a person would: elements by their accessible name, in shadow roots too. What is not
// shown has no name.
// selector: which kind; wanted: the name; place: a text that stands in the same part of the page.
const [selector, wanted, place] = arguments;

const plain = (text) => (text || "").replace(/\s+/g, " ").trim();

const all = (root, selector) => {
  const inside = [...root.querySelectorAll("*")].filter((element) => element.shadowRoot);
  const deeper = inside.flatMap((host) => all(host.shadowRoot, selector));
  return [...root.querySelectorAll(selector), ...deeper];
};

const parts =
  "section, article, form, fieldset, tr, li, dl, dialog, details, nav, header, footer, aside," +
  " table, main, [role=group], [role=region]";

// How much text the smallest part around the element has that speaks of the place.
const distance = (element) => {
  let part = element.closest(parts);
  while (part) {
    if (plain(part.innerText).includes(place) || part.computedName === place) {
      return part.innerText.length;
    }
    part = part.parentElement && part.parentElement.closest(parts);
  }
  return Infinity;
};

const nearest = (elements) => {
  if (!place) return elements;
  const least = Math.min(...elements.map(distance));
  return elements.filter((element) => distance(element) === least && least < Infinity);
};

const named = all(document, selector).filter((element) => element.computedName);
const names = named.map((element) => plain(element.computedName));
return {
  found: nearest(named.filter((element) => plain(element.computedName) === wanted)),
  others: [...new Set(names)],
};
