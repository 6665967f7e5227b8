// The one spelling of a page's address, by the rules of crates/domain/src/work.rs as far as they
// are the same for all sites. tests/canonical.json keeps both alike. Where the instance knows more
// of a site than this file, its pages are not lit, and nothing else comes of it: the instance
// brings what is given to its own spelling.

const LENGTH_MAX = 2048;

// Query parameters that only say how the reader came; names ending in * are prefixes.
const TRACKING = [
  "utm_*", "mtm_*", "pk_*", "fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "msclkid",
  "yclid", "twclid", "ttclid", "mc_cid", "mc_eid", "igshid", "igsh", "ref_src", "ref_url",
  "_hsenc", "_hsmi", "mkt_tok", "vero_id", "oly_anon_id", "oly_enc_id", "wickedid", "srsltid",
];

// The canonical address of what a browser shows or a person types; null where it is none.
export function canonical(text) {
  const url = parse(String(text).trim());
  if (!url) return null;
  url.hash = "";
  url.username = "";
  url.password = "";
  const host = url.hostname.replace(/\.+$/, "");
  if (host.split(".").includes("")) return null;
  url.hostname = host;
  url.pathname = foldEscapes(url.pathname);
  const kept = url.search.slice(1).split("&").filter((part) => part && !isTracking(part));
  url.search = foldEscapes(kept.join("&"));
  const address = url.href;
  return address.length <= LENGTH_MAX ? address : null;
}

// `example.org/page` and `example.org:8080/page` are given https.
function parse(text) {
  const url = urlOf(text);
  if (url && (url.protocol === "http:" || url.protocol === "https:")) return url;
  if (url && !url.protocol.includes(".")) return null;
  const host = text.split(/[/:?#]/)[0];
  return host.includes(".") && !/\s/.test(host) ? urlOf(`https://${text}`) : null;
}

function urlOf(text) {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}

function isTracking(part) {
  const name = part.split("=")[0].toLowerCase();
  return TRACKING.some((known) =>
    known.endsWith("*") ? name.startsWith(known.slice(0, -1)) : name === known);
}

// Percent escapes in one form (RFC 3986 section 6.2.2): unreserved characters plain, but for the
// dot, which could be read as a dot segment the next time; the others with capital digits.
function foldEscapes(text) {
  return text.replace(/%([0-9a-fA-F]{2})?/g, (_, digits) => {
    if (!digits) return "%25";
    const character = String.fromCharCode(parseInt(digits, 16));
    return /[A-Za-z0-9_~-]/.test(character) ? character : `%${digits.toUpperCase()}`;
  });
}
