// Takes the last click back: to the points before it, or altogether.

// last: {work, before}. The outcome is that of `ask`; what is gone already counts as done.
export async function undo(ask, { work, before }) {
  const path = `/clicks/${encodeURIComponent(work)}`;
  const outcome = before > 0
    ? await ask("PUT", path, { body: { points: before } })
    : await ask("DELETE", path);
  const isGone = outcome.kind === "refused" && outcome.code === "click_missing";
  return isGone ? { kind: "done", body: null } : outcome;
}
