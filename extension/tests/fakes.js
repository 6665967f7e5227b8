// A browser and an instance for tests, as far as the extension uses them.

// Storage that hands out copies, as a browser's does.
function area() {
  const kept = new Map();
  return {
    kept,
    get: async (name) => (kept.has(name) ? { [name]: structuredClone(kept.get(name)) } : {}),
    set: async (values) => {
      for (const [name, value] of Object.entries(values)) kept.set(name, structuredClone(value));
    },
    remove: async (name) => { kept.delete(name); },
  };
}

// Puts a new browser in place; what was done to it stands in `alarms`, `badges`, `icons`.
export function newBrowser() {
  const done = { alarms: [], badges: [], icons: [] };
  globalThis.chrome = {
    storage: { local: area(), session: area() },
    i18n: { getMessage: (key) => (key === "language" ? "en" : key) },
    alarms: { create: async (name, when) => { done.alarms.push({ name, ...when }); } },
    action: {
      setBadgeText: async ({ text }) => { done.badges.push(text); },
      setIcon: async ({ path }) => { done.icons.push(path[16]); },
      setTitle: async () => {},
    },
  };
  return done;
}

// An instance that keeps clicks and keys. `mood(request)` may answer in its place: "away" (nothing
// arrives), "lost" (it is done, and the answer does not arrive), or [status, body, headers].
export function newInstance() {
  const instance = { clicks: new Map(), keys: new Map(), requests: [], mood: () => null };
  globalThis.fetch = async (url, init) => {
    const path = url.replace(/^https:\/\/[^/]+\/api\/v1/, "");
    const request = { ...init, url, path, body: init.body && JSON.parse(init.body) };
    instance.requests.push(request);
    const mood = instance.mood(request);
    if (mood === "away") throw new TypeError("Failed to fetch");
    const [status, body, headers] = Array.isArray(mood) ? mood : answer(instance, request);
    if (mood === "lost") throw new TypeError("Failed to fetch");
    return new Response(body === null ? null : JSON.stringify(body), { status, headers });
  };
  return instance;
}

function answer(instance, { method, path, body, headers }) {
  if (path === "/me") {
    return [200, { id: headers.Authorization, handle: "zoe", scopes: ["profile", "click"] }];
  }
  if (method === "POST" && path === "/clicks") return give(instance, body, headers);
  const id = decodeURIComponent(path.replace("/clicks/", ""));
  if (!instance.clicks.has(id)) return [404, { code: "click_missing", detail: "None." }];
  if (method === "DELETE") {
    instance.clicks.delete(id);
    return [204, null];
  }
  instance.clicks.set(id, body.points);
  return [200, { points: body.points }];
}

function give(instance, { url, points }, headers) {
  const key = headers["Idempotency-Key"];
  if (!instance.keys.has(key)) {
    const after = (instance.clicks.get(url) ?? 0) + points;
    instance.clicks.set(url, after);
    const work = { id: url, url, title: url };
    instance.keys.set(key, [201, { work, points: after, estimate: null }]);
  }
  return instance.keys.get(key);
}
