// Copies what a button names at a press. Without this script the mouse does it.
"use strict";

(() => {
  const copy = async (button) => {
    const code = document.getElementById(button.dataset.copies);
    getSelection().selectAllChildren(code);
    try {
      await navigator.clipboard.writeText(code.textContent);
    } catch {
      // It is selected: where this fails too, the keys for copying do the rest.
      if (!document.execCommand("copy")) return;
    }
    const said = button.firstChild;
    button.dataset.before ??= said.data;
    said.data = button.dataset.done;
    setTimeout(() => { said.data = button.dataset.before; }, 2000);
  };

  const offer = () => {
    for (const button of document.querySelectorAll("[data-copies]")) button.hidden = false;
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copies]");
    if (button) copy(button);
  });
  // What another script puts into the page is offered too.
  new MutationObserver(offer).observe(document.body, { childList: true, subtree: true });
  offer();
})();
