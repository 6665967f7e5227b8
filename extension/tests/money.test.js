// Money is reckoned in whole millionths.

import assert from "node:assert/strict";
import test from "node:test";

import { mayComeTo, micros, perMille, say } from "../lib/money.js";

test("an amount is read to the millionth", () => {
  assert.equal(micros("2.00"), 2_000_000n);
  assert.equal(micros("0.000001"), 1n);
  assert.equal(micros("-1.5"), -1_500_000n);
  assert.equal(micros("90071992547409.93"), 90_071_992_547_409_930_000n);
});

test("a click may come to its part of the means", () => {
  const means = { amount: "10.00", currency: "EUR" };
  assert.equal(mayComeTo(means, 1, 3), 3_333_333n);
  assert.equal(mayComeTo(means, 0, 0), 0n);
});

test("a part of a bar is never longer than the bar", () => {
  assert.equal(perMille(1n, 3n), 333);
  assert.equal(perMille(5n, 3n), 1000);
  assert.equal(perMille(-1n, 3n), 0);
  assert.equal(perMille(1n, 0n), 0);
});

test("money reads as people write it", () => {
  assert.equal(say("en", 3_339_999n, "EUR"), "€3.33");
  assert.equal(say("fr", 1_234_500_000n, "EUR").replace(/\s/g, " "), "1 234,50 €");
  assert.equal(say("en", 5n, "EUR"), "€0.00");
  assert.equal(say("en", 2_500_000n, "HEURES"), "2.50 HEURES");
});
