// The one spelling of a page's address, by the rules of crates/domain/src/work as far as they
// are the same for all sites. tests/canonical.json keeps both alike. Where the instance knows more
// of a site than this file, its pages are not lit, and nothing else comes of it: the instance
// brings what is given to its own spelling.

const LENGTH_MAX = 2048;

// Query parameters that only say how the reader came; names ending in * are prefixes.
const TRACKING = [
  "utm_*", "mtm_*", "matomo_*", "pk_*", "piwik_*", "_ga", "_gl", "_gac", "xtor", "at_medium",
  "at_campaign", "at_recipient_id", "at_recipient_list", "wt_mc", "wt_zmc", "wtrid", "_openstat",
  "guccounter", "guce_referrer", "guce_referrer_sig", "fbclid", "fb_action_ids", "fb_action_types",
  "fb_source", "fb_ref", "gclid", "gclsrc", "gad_source", "gad_campaignid", "dclid", "gbraid",
  "wbraid", "srsltid", "msclkid", "yclid", "ysclid", "ymclid", "twclid", "ttclid", "li_fat_id",
  "epik", "rdt_cid", "sccid", "s_kwcid", "ef_id", "irclickid", "irgwc", "cjevent", "tduid",
  "rb_clickid", "wickedid", "dicbo", "tblci", "hsa_*", "_branch_match_id", "_branch_referrer",
  "igshid", "igsh", "mibextid", "sfnsn", "ref_src", "ref_url", "mc_cid", "mc_eid", "_hsenc",
  "_hsmi", "__hstc", "__hssc", "__hsfp", "hsctatracking", "mkt_tok", "vero_id", "vero_conv",
  "oly_anon_id", "oly_enc_id", "dm_i", "elqtrack", "elqtrackid", "ml_subscriber",
  "ml_subscriber_hash", "ck_subscriber_id", "vgo_ee", "_kx", "bsft_*", "bbeml", "nr_email_referer",
  "amp_js_v", "amp_gsa", "amp_ct", "amp_tf", "usqp",
];

// Ends of names that are used inside of one network or without certificates.
const APART = [
  "onion", "i2p", "local", "localhost", "internal", "lan", "arpa",
];

// Names under which registries of countries register others' names.
const CATEGORIES = [
  "art", "asn", "asso", "biz", "blog", "com", "cri", "edu", "firm", "geek", "gen", "gob", "gouv",
  "gov", "govt", "gub", "health", "ind", "info", "int", "iwi", "kiwi", "ltd", "maori", "med",
  "mil", "mod", "muni", "name", "net", "nhs", "nic", "nom", "org", "parliament", "plc", "police",
  "pro", "res", "sch", "school", "store", "tourism", "web",
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
  foldOrigin(url);
  url.pathname = foldEscapes(url.pathname);
  const kept = url.search.slice(1).split("&").filter((part) => part && !isTracking(part));
  url.search = foldEscapes(kept.join("&"));
  const address = url.href;
  return address.length <= LENGTH_MAX ? address : null;
}

// At the usual ports of a public name `http` becomes `https` and `www.` falls away.
function foldOrigin(url) {
  const host = url.hostname;
  const top = host.split(".").at(-1);
  const isNumber = host.startsWith("[") || /^[0-9.]+$/.test(host);
  if (url.port || isNumber || !host.includes(".") || APART.includes(top)) return;
  url.protocol = "https:";
  url.hostname = withoutWww(host);
}

function withoutWww(host) {
  const rest = host.slice("www.".length);
  return host.startsWith("www.") && isRegistered(rest) ? withoutWww(rest) : host;
}

// Whether a name is one that somebody registers, and not one that others' names end in.
function isRegistered(name) {
  const [first, ...more] = name.split(".");
  const rest = more.join(".");
  return rest !== "" && (rest.length !== 2 || (first.length > 2 && !CATEGORIES.includes(first)));
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
