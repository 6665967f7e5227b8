// Turns the buttons that pages wrote for Flattr into frames of this instance: the same names and
// parameters (mode, uid, data-flattr-…, rev, rel), whatever domain this file comes from. Nothing is
// loaded from elsewhere, and nothing is stored.
(function () {
  "use strict";

  var KEYS = ["url", "uid", "title", "description", "category", "language", "tags", "button",
    "popout", "hidden", "owner", "revsharekey", "fid"];
  var DEFAULTS = ["uid", "button", "language", "category", "popout", "revsharekey"];
  var SIZES = { compact: [110, 20], standard: [55, 62] };
  var CARD = [401, 230];
  var LEAVES_MS = 1500;

  var script = ownScript();
  var parsed = document.createElement("a");
  parsed.href = script ? script.src : "/js/0.6/load.js";
  var options = readQuery(parsed.search);
  var prefix = /^data-[a-z0-9-]+$/.test(options["html5-key-prefix"] || "") ?
    options["html5-key-prefix"] : "data-flattr";
  var origin = protocol() + "//" + parsed.host;
  var isLoaded = document.readyState === "complete";

  function ownScript() {
    if (document.currentScript && document.currentScript.src) { return document.currentScript; }
    var all = document.getElementsByTagName("script");
    for (var at = all.length - 1; at >= 0; at -= 1) {
      if (/\/js\/0\.\d+\/load\.js/.test(all[at].src)) { return all[at]; }
    }
    return null;
  }

  function protocol() {
    if (options.https === "1") { return "https:"; }
    if (options.https === "0") { return "http:"; }
    return parsed.protocol;
  }

  function decode(text) {
    try { return decodeURIComponent(text.replace(/\+/g, " ")); } catch (_) { return text; }
  }

  function readQuery(query) {
    var read = {};
    query.replace(/^\?/, "").split("&").forEach(function (pair) {
      var cut = pair.indexOf("=");
      var name = decode(cut < 0 ? pair : pair.slice(0, cut));
      if (name && !(name in read)) { read[name] = cut < 0 ? "" : decode(pair.slice(cut + 1)); }
    });
    return read;
  }

  // The text of a page's own markup, a line break for each <br>.
  function textOf(node) {
    var text = "";
    for (var child = node.firstChild; child; child = child.nextSibling) {
      if (child.nodeType === 3) { text += child.nodeValue; }
      if (child.nodeType === 1) {
        var name = child.nodeName.toLowerCase();
        if (name === "br") { text += "\n"; }
        else if (name !== "script" && name !== "style") { text += textOf(child); }
      }
    }
    return text;
  }

  // Markup that comes as text is read without being run.
  function plain(text) {
    text = String(text);
    if (!/[<&]/.test(text) || !window.DOMParser) { return text; }
    return textOf(new DOMParser().parseFromString(text, "text/html").body || document.createElement("i"));
  }

  function absolute(address) {
    var link = document.createElement("a");
    link.href = address;
    return link.href;
  }

  function defaults() {
    var params = {};
    DEFAULTS.forEach(function (key) {
      if (options[key]) { params[key] = options[key]; }
    });
    return params;
  }

  function fromAttribute(element, params) {
    var found = ["rev", "rel"].map(function (name) { return element.getAttribute(name) || ""; })
      .filter(function (text) { return text.slice(0, 6) === "flattr"; })[0];
    if (!found) { return false; }
    found.slice(7).split(";").forEach(function (part) {
      var cut = part.indexOf(":");
      var key = part.slice(0, cut).trim();
      if (cut > 0 && KEYS.indexOf(key) >= 0) { params[key] = part.slice(cut + 1); }
    });
    return true;
  }

  function fromData(element, params) {
    KEYS.forEach(function (key) {
      var value = element.getAttribute(prefix + "-" + key);
      if (value !== null) { params[key] = value; }
    });
  }

  function read(element) {
    var params = defaults();
    var address = element.getAttribute("href");
    if (address) { params.url = absolute(address); }
    if (element.getAttribute("title")) { params.title = element.getAttribute("title"); }
    if (element.getAttribute("lang")) { params.language = element.getAttribute("lang"); }
    var text = textOf(element);
    if (text.trim()) { params.description = text; }
    if (!fromAttribute(element, params)) { fromData(element, params); }
    return params;
  }

  function query(params) {
    return KEYS.filter(function (key) {
      return params[key] !== undefined && params[key] !== null && String(params[key]).trim();
    }).map(function (key) {
      var value = plain(params[key]).trim().replace(/\s+/g, " ");
      if (key === "description") { value = value.slice(0, 1000); }
      return key + "=" + encodeURIComponent(value);
    }).join("&");
  }

  function frame(path, params, size) {
    var made = document.createElement("iframe");
    made.src = origin + path + "?" + query(params);
    made.className = "FlattrButton";
    made.title = "Obole";
    made.width = size[0];
    made.height = size[1];
    made.setAttribute("frameborder", "0");
    made.setAttribute("scrolling", "no");
    made.setAttribute("allowtransparency", "true");
    made.style.border = "0";
    made.style.overflow = "hidden";
    return made;
  }

  // The card that opens beside a button while the mouse is over it.
  var cards = [];

  function Card(button, params) {
    var self = this;
    this.button = button;
    this.params = params;
    this.node = null;
    this.timer = null;
    button.addEventListener("mouseover", function () { self.open(); });
    button.addEventListener("mouseout", function () { self.leave(); });
    cards.push(this);
  }

  Card.prototype.open = function () {
    var self = this;
    clearTimeout(this.timer);
    if (this.node) { return; }
    var box = this.button.getBoundingClientRect();
    var isLow = box.bottom + CARD[1] > window.innerHeight && box.top > CARD[1];
    var isRight = box.left + CARD[0] > document.documentElement.clientWidth && box.right > CARD[0];
    var params = query(this.params) + "&dir=" + (isLow ? "n" : "s") + (isRight ? "w" : "e");
    var node = frame("/button/popout/", {}, CARD);
    node.src = origin + "/button/popout/?" + params;
    node.className = "FlattrButtonPopout";
    node.style.position = "absolute";
    node.style.zIndex = "2147483647";
    node.style.left = (isRight ? box.right - CARD[0] : box.left) + window.pageXOffset + "px";
    node.style.top = (isLow ? box.top - CARD[1] : box.bottom) + window.pageYOffset + "px";
    node.addEventListener("mouseover", function () { clearTimeout(self.timer); });
    node.addEventListener("mouseout", function () { self.leave(); });
    document.body.appendChild(node);
    this.node = node;
  };

  Card.prototype.leave = function () {
    var self = this;
    clearTimeout(this.timer);
    this.timer = setTimeout(function () { self.close(); }, LEAVES_MS);
  };

  Card.prototype.close = function () {
    clearTimeout(this.timer);
    if (this.node && this.node.parentNode) { this.node.parentNode.removeChild(this.node); }
    this.node = null;
  };

  window.addEventListener("message", function (event) {
    if (event.origin !== origin || typeof event.data !== "string") { return; }
    var said;
    try { said = JSON.parse(event.data).flattr_button_event; } catch (_) { return; }
    cards.forEach(function (card) {
      if (!card.node) { return; }
      if (said === "popout_close_button_clicked") { card.close(); }
      if (said === "click_successful") { card.close(); card.open(); }
    });
  });

  function put(params, target, position) {
    var isCompact = params.button === "compact";
    var button = frame("/button/view/", params, isCompact ? SIZES.compact : SIZES.standard);
    if (position === "before") { target.parentNode.insertBefore(button, target); }
    else if (position === "replace") { target.parentNode.replaceChild(button, target); }
    else { target.appendChild(button); }
    if (String(params.popout) !== "0") { return new Card(button, params); }
    return null;
  }

  function isButton(element) {
    return /(^|\s)FlattrButton(\s|$)/.test(element.className) && element.nodeName === "A";
  }

  var loader = {
    setup: function () {
      var all = Array.prototype.slice.call(document.getElementsByTagName("a")).filter(isButton);
      all.forEach(function (element) { put(read(element), element, "replace"); });
    },
    render: function (params, target, position) {
      var node = typeof target === "string" ? document.getElementById(target) : target;
      if (!node || !params || !params.url) { return; }
      var all = defaults();
      Object.keys(params).forEach(function (key) { all[key] = params[key]; });
      all.url = absolute(all.url);
      put(all, node, position || "append");
    },
    addLoadEvent: function (run) {
      if (isLoaded) { run(); } else { window.addEventListener("load", run); }
    }
  };

  window.addEventListener("load", function () { isLoaded = true; });
  window.FlattrLoader = loader;

  if (options.mode === "auto" || options.mode === "automatic") {
    loader.addLoadEvent(loader.setup);
  }
  if (options.mode === "direct" && script) {
    var params = defaults();
    var globals = { uid: "flattr_uid", url: "flattr_url", button: "flattr_btn",
      hidden: "flattr_hide", category: "flattr_cat", tags: "flattr_tag",
      language: "flattr_lng", title: "flattr_tle", description: "flattr_dsc" };
    Object.keys(globals).forEach(function (key) {
      if (window[globals[key]] !== undefined) { params[key] = window[globals[key]]; }
    });
    params.url = absolute(params.url || window.location.href);
    put(params, script, "replace");
  }
}());
