// The workshop of buttons: what is shown follows what is chosen. Without this script the form's
// button does that.
"use strict";

(() => {
  const form = document.getElementById("buttons");
  const made = document.getElementById("made");
  if (!form || !made) return;
  const pause = 400;
  let waiting = 0;
  let turn = 0;
  let shown = "";

  const renew = async () => {
    const address = `${form.action}?${new URLSearchParams(new FormData(form))}`;
    // Leaving a field changes nothing more: what is just being copied stays.
    if (!form.elements.url.value.trim() || address === shown) return;
    const mine = ++turn;
    const answer = await fetch(address).catch(() => null);
    // What is refused is told when the form is sent.
    if (!answer || !answer.ok || mine !== turn) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const news = page.getElementById("made");
    if (!news || mine !== turn) return;
    const open = [...made.querySelectorAll("details[open] pre")].map((code) => code.id);
    for (const code of news.querySelectorAll("pre")) {
      if (made.querySelector("pre")) code.closest("details").open = open.includes(code.id);
    }
    made.replaceChildren(...news.childNodes);
    shown = address;
    history.replaceState(null, "", address);
  };

  form.addEventListener("change", renew);
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(renew, pause);
  });
})();
