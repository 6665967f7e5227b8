// What the instance knows of a page, asked without saying which page it is: by the first five
// digits of the hash of its address.

const DIGITS = 5;

// SHA-256 of a canonical address, in hexadecimal digits.
export async function hash(address) {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(address));
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// All that is sent.
export function prefixPath(digits) {
  return `/works/prefix/${digits.slice(0, DIGITS)}`;
}

// How a page stands by the answer: "claimed", "unclaimed" or "unknown".
export function standing(answer, digits) {
  const has = (list) => Array.isArray(list) && list.includes(digits);
  if (has(answer?.claimed)) return "claimed";
  return has(answer?.unclaimed) ? "unclaimed" : "unknown";
}
