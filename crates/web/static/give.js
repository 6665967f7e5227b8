// Double-click hijacking (security.md B4): until this page has been visible for half a second and
// has seen a pointer move, a touch or a key, its button does nothing. Without this script the
// button works at once.
"use strict";

(() => {
  const form = document.getElementById("give");
  if (!form) return;
  const wait = 500;
  let visibleSince = document.visibilityState === "visible" ? performance.now() : Infinity;
  let wasTouched = false;

  document.addEventListener("visibilitychange", () => {
    visibleSince = document.visibilityState === "visible" ? performance.now() : Infinity;
  });
  for (const kind of ["pointermove", "touchstart", "keydown"]) {
    addEventListener(kind, (event) => { wasTouched ||= event.isTrusted; }, { passive: true });
  }
  form.addEventListener("submit", (event) => {
    const isReady = performance.now() - visibleSince >= wait;
    if (isReady && wasTouched) return;
    event.preventDefault();
    // Who presses the button without pointer or key, as some aids do, is heard the second time.
    wasTouched ||= isReady;
  });
})();
