// Requests from the page that describes the API: a form is filled in and sent to this instance with
// the reader's token, which stays in this page. Without this script the page can be read.
"use strict";

(() => {
  const token = document.getElementById("token");
  if (!token) return;
  const told = ["ratelimit", "link", "etag", "idempotent-replayed", "retry-after"];

  const newKey = () => Array.from(
    crypto.getRandomValues(new Uint8Array(16)),
    (byte) => byte.toString(16).padStart(2, "0"),
  ).join("");

  const request = (form) => {
    let path = form.dataset.path;
    const query = new URLSearchParams();
    const headers = new Headers();
    for (const field of form.querySelectorAll("input")) {
      const value = field.value;
      if (field.dataset.place === "path") {
        path = path.replace(`{${field.name}}`, encodeURIComponent(value));
      } else if (value && field.dataset.place === "query") {
        query.set(field.name, value);
      } else if (value) {
        headers.set(field.name, value);
      }
    }
    if (token.value) headers.set("Authorization", `Bearer ${token.value.trim()}`);
    const body = form.elements.body?.value;
    if (body !== undefined) headers.set("Content-Type", "application/json");
    const address = `/api/v1${path}${query.size ? `?${query}` : ""}`;
    return [address, { method: form.dataset.method, headers, body, credentials: "omit" }];
  };

  const show = (form, head, text) => {
    const output = form.querySelector("output");
    output.hidden = false;
    output.querySelector("span").textContent = head;
    output.querySelector("pre").hidden = !text;
    output.querySelector("code").textContent = text;
  };

  const send = async (form) => {
    try {
      const [address, what] = request(form);
      const answer = await fetch(address, what);
      const text = await answer.text();
      const kind = answer.headers.get("content-type") ?? "";
      const shown = kind.includes("json") ? JSON.stringify(JSON.parse(text), null, 2) : text;
      const heads = told.filter((name) => answer.headers.has(name));
      const lines = heads.map((name) => `${name}: ${answer.headers.get(name)}`);
      show(form, [`${answer.status}`, ...lines].join(" · "), shown);
    } catch (error) {
      show(form, `${error.message ?? error}`, "");
    }
    const key = form.querySelector("[name='Idempotency-Key']");
    if (key) key.value = newKey();
  };

  // An address with an operation in it opens that one.
  const open = () => {
    const wanted = document.getElementById(location.hash.slice(1));
    if (wanted?.matches("details")) wanted.open = true;
  };

  document.getElementById("api-token").hidden = false;
  document.getElementById("api-token").addEventListener("submit", (event) => {
    event.preventDefault();
  });
  for (const form of document.querySelectorAll("form.try")) {
    form.hidden = false;
    const key = form.querySelector("[name='Idempotency-Key']");
    if (key) key.value = newKey();
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      send(form);
    });
  }
  addEventListener("hashchange", open);
  open();
})();
