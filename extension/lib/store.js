// What is kept: `access` and `queue` in the browser's profile, `last` only while it runs.

import { browser } from "./browser.js";

const PASSING = ["last"];

let turn = Promise.resolve();

function area(name) {
  return PASSING.includes(name) ? browser.storage.session : browser.storage.local;
}

// What is kept under a name.
export async function load(name) {
  return (await area(name).get(name))[name];
}

// Changes what is kept, one change after the other; undefined removes it. Gives what stands then.
export function change(name, make) {
  const done = turn.then(async () => {
    const value = make(await load(name));
    await (value === undefined ? area(name).remove(name) : area(name).set({ [name]: value }));
    return value;
  });
  turn = done.catch(() => {});
  return done;
}
