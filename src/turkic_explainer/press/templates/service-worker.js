// What makes the site whole on a device that has opened a lesson once: each of its files is kept there, by what it holds, so
// that a lesson never opened before runs without a network, and a new version of the course fetches only what is new in it.
// Which files there are says files.json, so that this worker is the same in each version, and none takes over from another
// while a page is open: Chromium stops the old one in the middle of an answer, and the page that asked waits for ever.
// JupyterLite's own worker, which hands a lesson's files to its kernel, is loaded beside it.
const BASE = new URL("./", self.location).href; // a host may have several courses
const LIST = `${BASE}files.json`;
const under = {}; // way
let files = null, filling = null;

const opened = () => caches.open(`turkic-explainer ${BASE}`);
const keyOf = (path, hash) => new URL(`${BASE}${path}?${hash}`).href;

// What the files of the version hold that is whole on this device, or else of the one that the server has.
async function listed() {
  if (!files) {
    const kept = await opened().then(cache => cache.match(LIST)).catch(() => null);
    files = await (kept ?? await fetch(LIST, { cache: "no-cache" })).json();
  }
  return files;
}

// A file that holds this; nothing where it can be had neither from the device nor from the server.
async function brought(path, hash) {
  const cache = await opened(), key = keyOf(path, hash);
  const kept = await cache.match(key);
  if (kept) return kept;
  under[key] ??= fetch(BASE + path, { cache: "no-cache", integrity: `sha256-${hash}` })
    // A new response, for a browser takes none that was redirected, as hosts do that show no "index.html".
    .then(response => response.ok && cache.put(key, new Response(response.body, response)))
    .finally(() => delete under[key]);
  await under[key];
  return cache.match(key);
}

// Brings all files of the newest version, those that lessons run on first; from then on a page that is opened is of it. One
// that was open before still finds the files of its own, until the next is opened. A file that the host gives out changed is
// not kept; where the network is gone, the version that is there stays, and all is asked for again.
async function fill() {
  const cache = await opened(), there = new Set((await cache.keys()).map(request => request.url));
  const old = Object.entries(await listed()).map(([path, hash]) => keyOf(path, hash));
  const list = await fetch(LIST, { cache: "no-cache" });
  if (!list.ok) return;
  let whole = true;
  for (const [path, hash] of Object.entries(await list.clone().json())) {
    if (!there.delete(keyOf(path, hash))) whole = Boolean(await brought(path, hash).catch(() => null)) && whole;
  }
  if (whole || (await fetch(LIST, { cache: "no-store", method: "HEAD" })).ok) await cache.put(LIST, list);
  for (const url of [LIST, ...old]) there.delete(url);
  for (const url of whole ? there : []) await cache.delete(url);
}

async function answered(request, path) {
  const found = await listed().then(all => Object.hasOwn(all, path) && brought(path, all[path])).catch(() => null);
  if (found) return found;
  const response = await fetch(request).catch(Response.error); // a full device keeps none
  return response.ok ? response
    : await opened().then(cache => cache.match(BASE + path, { ignoreSearch: true })).catch(() => null) ?? response;
}

self.addEventListener("fetch", event => {
  const { request } = event, { href } = new URL(request.url);
  if (request.method !== "GET" || !href.startsWith(BASE)) return;
  event.stopImmediatePropagation();
  if (request.mode === "navigate") files = null;
  if (!files || filling) event.waitUntil(filling ??= fill().catch(() => {}).finally(() => { filling = null; }));
  const path = decodeURIComponent(href.slice(BASE.length).replace(/[?#].*/s, "")).replace(/(^|\/)$/, "$1index.html");
  event.respondWith(answered(request, path));
});

self.skipWaiting = () => {}; // JupyterLite's would take over at once
importScripts("service-worker-lite.js");
