// The options: which instance, and a token that was made in its settings.

import { act, part } from "./lib/page.js";
import { fillIn, say } from "./lib/words.js";

async function show() {
  const { base, handle } = await act("overview");
  part("connected").textContent = base ? say("connected", base, handle) : say("notConnected");
  part("forget").hidden = !base;
  if (base) part("instance").value = base;
}

async function agree(event) {
  event.preventDefault();
  part("said").textContent = say("connecting");
  const [address, token] = [part("instance").value, part("token").value];
  const outcome = await act("agree", { address, token });
  part("said").textContent = sentenceOf(outcome);
  if (outcome.kind === "done") {
    part("token").value = "";
    await show();
  }
}

function sentenceOf({ kind, handle, sentence, scope }) {
  switch (kind) {
    case "done": return say("agreed", handle);
    case "address": return say("instanceBad");
    case "lacks": return say("scopeLacks", scope);
    case "later": return sentence || say("unreachable");
    default: return sentence || say("notObole");
  }
}

async function forget() {
  await act("forget");
  part("said").textContent = say("forgotten");
  await show();
}

fillIn(document);
part("agree").addEventListener("submit", agree);
part("forget").addEventListener("click", forget);
show();
