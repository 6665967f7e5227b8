// The giving window. Double-click hijacking (security.md B4): until this page has been visible for
// half a second and has seen a pointer move, a touch or a key, its button does nothing. Where a
// trusted site's button was pressed, the page posts by itself as soon as it is seen (B5). Without
// this script the button works at once, and nothing is posted by itself.
"use strict";

(() => {
  const form = document.getElementById("give");
  if (!form) return;
  const wait = 500;
  const isVisible = () => document.visibilityState === "visible" && !document.prerendering;
  let visibleSince = isVisible() ? performance.now() : Infinity;
  let wasTouched = false;

  // Coming back to this page, or loading it again, gives nothing a second time.
  const [way] = performance.getEntriesByType("navigation");
  let isAtOnce = "atOnce" in form.dataset && way?.type === "navigate";
  const giveAtOnce = () => {
    if (!isAtOnce || !isVisible()) return;
    isAtOnce = false;
    form.submit();
  };

  document.addEventListener("visibilitychange", () => {
    visibleSince = isVisible() ? performance.now() : Infinity;
    giveAtOnce();
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
  giveAtOnce();
})();
