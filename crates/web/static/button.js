// <obole-button>: a plain link to the click page of the instance that this file comes from.
// It sets no cookie and asks nobody else for anything. Where this script does not run, the link
// inside the element is the button.
"use strict";

(() => {
  const own = document.currentScript ||
    [...document.scripts].reverse().find((script) => /\/button(\.[\da-f]+)?\.js$/.test(script.src));
  if (!own || customElements.get("obole-button")) return;
  const home = new URL("/", own.src).href;

  const words = {
    en: {
      give: "Give",
      rest: "with Obole, in a new tab",
      point: (count) => count === 1 ? "point" : "points",
      patrons: (count) => `${count} patrons or more in the best month`,
    },
    fr: {
      give: "Donner",
      rest: "avec Obole, dans un nouvel onglet",
      point: (count) => count === 1 ? "point" : "points",
      patrons: (count) => `Au moins ${count} mécènes dans le meilleur mois`,
    },
  };

  const style = `
:host { display: inline-block; vertical-align: middle; max-width: 100% }
:host([hidden]) { display: none }
div {
  --back: var(--obole-background, #1d2433); --text: var(--obole-color, #fffefb);
  --edge: var(--obole-border, #878377); --round: var(--obole-radius, .4em);
  --flan: #dcd8cc; --ring: #1d2433; --pip: #a5691c;
  display: inline-flex; max-width: 100%; overflow: hidden; border: 1px solid var(--edge);
  border-radius: var(--round); background: var(--back); color: var(--text);
  font: 600 15px/1.25 var(--obole-font, system-ui, -apple-system, "Segoe UI", "Noto Sans",
    "DejaVu Sans", sans-serif)
}
a {
  display: inline-flex; align-items: center; justify-content: safe center; gap: .45em;
  min-width: 24px; min-height: max(24px, 1.9em); padding: 0 .6em; box-sizing: border-box;
  position: relative; color: inherit; text-decoration: none; overflow-wrap: break-word
}
.told, .icon .label {
  position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
  white-space: nowrap
}
a + a { border-inline-start: 1px solid var(--split, var(--edge)) }
a:hover { text-decoration: underline; text-underline-offset: .2em }
a:focus-visible {
  outline: 3px solid var(--obole-focus, currentColor); outline-offset: -4px;
  border-radius: var(--round)
}
svg { flex: none; width: 1.25em; height: 1.25em }
.flan { fill: var(--flan) }
.ring { fill: none; stroke: var(--ring); stroke-width: 3.2 }
.pip { fill: var(--pip) }
.count {
  display: inline-flex; align-items: center; align-self: stretch; padding: 0 .6em;
  margin-inline-end: -.6em; white-space: nowrap;
  background: var(--obole-count-background, var(--text));
  color: var(--obole-count-color, var(--back)); font-variant-numeric: tabular-nums
}
.small { font-size: 12px }
.large { font-size: 20px }
.icon a { padding: 0 .3em }
.icon .count { display: none }
.square { --round: var(--obole-radius, 0) }
.pill { --round: var(--obole-radius, 2em) }
.dark { --back: var(--obole-background, #fffefb); --text: var(--obole-color, #1d2433) }
.dyed { --flan: var(--text); --ring: var(--back); --pip: var(--back); --split: var(--text) }
.outline {
  --back: transparent; --text: var(--obole-color, currentColor);
  --edge: var(--obole-border, currentColor); --ring: currentColor; --pip: currentColor
}
.outline .flan { fill: none; stroke: currentColor; stroke-width: 2.4 }
.outline .count { background: none; color: inherit; border-inline-start: 1px solid var(--edge) }
@media (prefers-color-scheme: dark) {
  .auto { --back: var(--obole-background, #fffefb); --text: var(--obole-color, #1d2433) }
}
@media (prefers-reduced-motion: no-preference) {
  a { transition: opacity .12s }
  a:hover { opacity: .88 }
}
@media (forced-colors: active) {
  div { --flan: LinkText; --ring: Canvas; --pip: Canvas; --edge: LinkText }
  svg { forced-color-adjust: none }
}`;

  // A constructed sheet needs no leave from the page's content security policy.
  let sheet = null;
  try {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(style);
  } catch {
    sheet = null;
  }

  const add = (parent, name, attributes, text) => {
    const space = /^(svg|path|circle)$/.test(name) ? "http://www.w3.org/2000/svg" :
      "http://www.w3.org/1999/xhtml";
    const element = document.createElementNS(space, name);
    for (const [key, value] of Object.entries(attributes || {})) element.setAttribute(key, value);
    if (text) element.textContent = text;
    parent.append(element);
    return element;
  };

  const coin = (parent) => {
    const svg = add(parent, "svg", { viewBox: "0 0 32 32", "aria-hidden": "true" });
    add(svg, "path", { class: "flan", d: "M15.3 2c4.2-.4 8.1.7 10.9 3.6 2.8 2.9 4.1 6.8 3.7 10.8" +
      "-.4 4.3-2.2 8.2-5.6 10.7-3.2 2.4-7.1 2.7-10.9 2.1-4-.6-7.5-2.7-9.6-6.2C1.5 19.4 1.2 15.6 " +
      "2.5 11.9 4.2 7 9.7 2.6 15.3 2z" });
    add(svg, "circle", { class: "ring", cx: 17, cy: 14.9, r: 7.2 });
    add(svg, "circle", { class: "pip", cx: 17, cy: 14.9, r: 2.6 });
  };

  // The colour as #rrggbb, and black or white, whichever is read better on it (WCAG 2.2).
  const dye = (text) => {
    const short = /^#?([\da-f]{3}|[\da-f]{6})$/i.exec((text || "").trim());
    if (!short) return null;
    const hex = short[1].length === 3 ? short[1].replace(/./g, "$&$&") : short[1];
    const light = [0, 2, 4].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255)
      .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    const sum = 0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2];
    return { back: `#${hex}`, text: sum > 0.179 ? "#000000" : "#ffffff" };
  };

  // One question for each work, whatever the number of its buttons; asked when one is seen.
  const counts = new Map();
  const count = (url) => {
    if (!counts.has(url)) {
      const address = `${home}button/count?url=${encodeURIComponent(url)}`;
      const asked = fetch(address, { credentials: "omit", referrerPolicy: "no-referrer" });
      counts.set(url, asked.then((answer) => answer.ok ? answer.json() : {})
        .then((answer) => answer.count || 0).catch(() => 0));
    }
    return counts.get(url);
  };

  const seen = "IntersectionObserver" in window && new IntersectionObserver((entries) => {
    for (const entry of entries.filter((entry) => entry.isIntersecting)) {
      seen.unobserve(entry.target);
      entry.target.showCount();
    }
  });

  class OboleButton extends HTMLElement {
    static observedAttributes =
      ["url", "size", "theme", "color", "shape", "label", "lang", "count", "points"];

    connectedCallback() {
      this.draw();
      if (seen) seen.observe(this);
    }

    disconnectedCallback() {
      if (seen) seen.unobserve(this);
    }

    attributeChangedCallback(name, before, after) {
      if (!this.shadowRoot || before === after) return;
      this.draw();
      if (seen) {
        // Observed anew, it is asked again whether it is seen.
        seen.unobserve(this);
        seen.observe(this);
      }
    }

    one(name, choices) {
      const value = (this.getAttribute(name) || "").trim().toLowerCase();
      return choices.includes(value) ? value : choices[0];
    }

    get address() {
      const canonical = document.querySelector("link[rel~=canonical]");
      const url = this.getAttribute("url") || (canonical && canonical.href) || location.href;
      try {
        const address = new URL(url, document.baseURI);
        address.hash = this.hasAttribute("url") ? address.hash : "";
        return address.href;
      } catch {
        return url;
      }
    }

    get language() {
      const near = this.closest("[lang]");
      const wanted = [near && near.lang, ...(navigator.languages || [])];
      const known = wanted.map((code) => (code || "").slice(0, 2).toLowerCase());
      return known.find((code) => Object.hasOwn(words, code)) || "en";
    }

    draw() {
      const root = this.shadowRoot || this.attachShadow({ mode: "open" });
      const said = words[this.language];
      const label = (this.getAttribute("label") || "").trim() || said.give;
      const text = this.getAttribute("points") || "";
      const points = (text.match(/\d+/g) || []).map(Number).filter(Boolean).slice(0, 6);
      root.replaceChildren();
      if (sheet) root.adoptedStyleSheets = [sheet];
      else add(root, "style", {}, style);
      const box = add(root, "div", { part: "button" });
      const color = dye(this.getAttribute("color"));
      box.className = [
        this.one("size", ["medium", "small", "large", "icon"]),
        this.one("theme", ["light", "dark", "auto", "outline"]),
        this.one("shape", ["round", "square", "pill"]),
        color ? "dyed" : "",
      ].join(" ");
      if (color) this.paint(box, color);
      const main = this.link(box, points.length === 1 ? points[0] : 0);
      coin(main);
      add(main, "span", { class: "label", dir: "auto" }, label);
      // What is heard goes on after what is seen.
      add(main, "span", { class: "told" }, said.rest);
      if (points.length > 1) {
        box.setAttribute("role", "group");
        box.setAttribute("aria-label", label);
        for (const number of points) {
          const link = this.link(box, number);
          add(link, "span", { class: "told" }, label);
          add(link, "span", {}, String(number));
          add(link, "span", { class: "told" }, `${said.point(number)} ${said.rest}`);
        }
      }
    }

    paint(box, color) {
      const isOutline = box.classList.contains("outline");
      if (!isOutline) box.style.setProperty("--back", color.back);
      box.style.setProperty("--text", isOutline ? color.back : color.text);
      box.style.setProperty("--edge", color.back);
    }

    link(parent, points) {
      const more = points ? `&points=${points}` : "";
      return add(parent, "a", {
        href: `${home}give?url=${encodeURIComponent(this.address)}${more}`,
        target: "_blank",
        rel: "noopener payment",
        referrerpolicy: "origin",
        lang: this.language,
      });
    }

    async showCount() {
      const { address } = this;
      if (this.one("count", ["on", "off"]) === "off" || !/^https?:/.test(address)) return;
      const number = await count(address);
      const main = this.shadowRoot.querySelector("a");
      if (!number || this.address !== address || main.querySelector(".count")) return;
      if (this.one("count", ["on", "off"]) === "off") return;
      const text = number.toLocaleString(this.language);
      add(main, "span", { class: "count", "aria-hidden": "true" }, `${text}+`);
      main.querySelector(".told").append(`. ${words[this.language].patrons(text)}`);
    }
  }

  customElements.define("obole-button", OboleButton);
})();
