// The page of recovery codes: copied or printed at a press. Without this script the mouse and the
// browser's own menu do.
"use strict";

(() => {
  const codes = document.getElementById("codes");
  const copy = document.getElementById("copy");
  const print = document.getElementById("print");
  if (!codes || !copy || !print) return;

  copy.addEventListener("click", async () => {
    const lines = [...codes.querySelectorAll("code")].map((code) => code.textContent);
    getSelection().selectAllChildren(codes);
    try {
      await navigator.clipboard.writeText(`${lines.join("\n")}\n`);
    } catch {
      // They are selected: where this fails too, the keys for copying do the rest.
      if (!document.execCommand("copy")) return;
    }
    copy.textContent = copy.dataset.done;
  });
  print.addEventListener("click", () => window.print());
  copy.hidden = false;
  print.hidden = false;
})();
