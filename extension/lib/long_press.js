// A long press on a button opens what stands behind it, instead of pressing it.

const LONG = 500;

// Calls `open` after a long press, `press` after any other, also from the keyboard.
export function onPress(button, { press, open }) {
  let timer = 0;
  let wasLong = false;
  button.addEventListener("pointerdown", () => {
    wasLong = false;
    timer = setTimeout(() => { wasLong = true; open(); }, LONG);
  });
  for (const kind of ["pointerup", "pointerleave", "pointercancel"]) {
    button.addEventListener(kind, () => clearTimeout(timer));
  }
  button.addEventListener("contextmenu", (event) => { if (wasLong) event.preventDefault(); });
  button.addEventListener("click", () => {
    if (!wasLong) press();
    wasLong = false;
  });
}
