// Passkeys: asks the authenticator what the server asks, and sends its answer with the page's form.
// Without this script, or in a browser that knows no passkeys, the page says so and the password
// does.
"use strict";

(() => {
  const form = document.getElementById("passkey");
  if (!form || !window.PublicKeyCredential || !navigator.credentials) return;
  const said = document.getElementById("passkey-said");
  // An answer comes within five minutes of its question, so a page that stands open asks again.
  const renewal = 4 * 60 * 1000;
  let offer = null;

  const toBytes = (text) => {
    const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, (character) => character.charCodeAt(0));
  };
  const toText = (bytes) => {
    const plain = String.fromCharCode(...new Uint8Array(bytes));
    return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  };

  const ask = async () => {
    const body = new URLSearchParams({ csrf: form.elements.csrf.value });
    const answer = await fetch(form.dataset.start, { method: "POST", body });
    if (answer.redirected) location.assign(answer.url);
    if (answer.redirected || !answer.ok) throw new Error(`${answer.status}`);
    return answer.json();
  };

  const options = ({ options: { publicKey } }) => {
    publicKey.challenge = toBytes(publicKey.challenge);
    if (publicKey.user) publicKey.user.id = toBytes(publicKey.user.id);
    for (const list of [publicKey.allowCredentials, publicKey.excludeCredentials]) {
      for (const key of list ?? []) key.id = toBytes(key.id);
    }
    return publicKey;
  };

  const send = (question, credential) => {
    const response = { userHandle: null };
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature",
      "userHandle"]) {
      const bytes = credential.response[name];
      if (bytes) response[name] = toText(bytes);
    }
    const { id, type } = credential;
    const rawId = toText(credential.rawId);
    form.elements.challenge.value = question.challenge;
    form.elements.credential.value = JSON.stringify({ id, rawId, type, response, extensions: {} });
    form.submit();
  };

  const say = (error) => {
    said.hidden = false;
    said.textContent = error.name === "InvalidStateError" ? said.dataset.known : said.dataset.failed;
  };

  const press = async () => {
    offer?.abort();
    said.hidden = true;
    try {
      const question = await ask();
      const publicKey = options(question);
      const isNew = "makes" in form.dataset;
      const credential = isNew
        ? await navigator.credentials.create({ publicKey })
        : await navigator.credentials.get({ publicKey });
      send(question, credential);
    } catch (error) {
      say(error);
    }
  };

  // Browsers that can, offer passkeys in the field of the name.
  const offerInField = async () => {
    if (!(await PublicKeyCredential.isConditionalMediationAvailable?.())) return;
    const question = await ask();
    const mine = new AbortController();
    offer = mine;
    const renew = setTimeout(() => {
      mine.abort();
      if (offer === mine) offerInField().catch(() => {});
    }, renewal);
    try {
      const publicKey = options(question);
      const wish = { publicKey, mediation: "conditional", signal: mine.signal };
      send(question, await navigator.credentials.get(wish));
    } finally {
      if (!mine.signal.aborted) clearTimeout(renew);
    }
  };

  for (const without of document.querySelectorAll("[data-without-passkeys]")) without.hidden = true;
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    press();
  });
  // What goes wrong here is told when the button is pressed.
  if ("offers" in form.dataset) offerInField().catch(() => {});
})();
