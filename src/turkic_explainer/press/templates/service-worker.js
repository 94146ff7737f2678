// What makes the site whole on a device that has opened a lesson once: each of its files is kept there, by what it holds, so
// that a lesson never opened before runs without a network, and a new version of the course fetches only what is new in it.
// JupyterLite's own worker, which hands a lesson's files to its kernel, is loaded beside it.
const FILES = {};
const BASE = new URL("./", self.location).href;
const under = {}; // way
let filling = null;

const keyOf = path => `${BASE}${path}?${FILES[path]}`;

// A file of the site as this version has it; nothing where it can be had neither from the device nor from the server.
async function brought(path) {
  const cache = await caches.open("turkic-explainer");
  const kept = await cache.match(keyOf(path));
  if (kept) return kept;
  under[path] ??= fetch(BASE + path, { cache: "no-cache", integrity: `sha256-${FILES[path]}` })
    .then(response => response.ok && cache.put(keyOf(path), response))
    .finally(() => delete under[path]);
  await under[path];
  return cache.match(keyOf(path));
}

// Brings all files, those that lessons run on first, and then lets go of what earlier versions had. What could not be had,
// for the network is gone or the host gives it out changed, is asked for again when this worker starts anew.
async function fill() {
  const cache = await caches.open("turkic-explainer");
  const there = new Set((await cache.keys()).map(request => request.url));
  let whole = true;
  for (const path of Object.keys(FILES)) {
    if (!there.delete(new URL(keyOf(path)).href)) whole = Boolean(await brought(path).catch(() => null)) && whole;
  }
  for (const url of whole ? there : []) await cache.delete(url);
}

async function answered(request, path) {
  const found = await brought(path).catch(() => null);
  // While a new version is on its way the network may be gone: then it is the old one's file. A full device keeps none.
  return found ?? fetch(request).catch(async () =>
    await (await caches.open("turkic-explainer")).match(BASE + path, { ignoreSearch: true }) ?? Response.error());
}

self.addEventListener("fetch", event => {
  const { href } = new URL(event.request.url);
  if (event.request.method !== "GET" || !href.startsWith(BASE)) return;
  event.waitUntil(filling ??= fill());
  const path = decodeURIComponent(href.slice(BASE.length).replace(/[?#].*/s, "")).replace(/(^|\/)$/, "$1index.html");
  if (!Object.hasOwn(FILES, path)) return;
  event.stopImmediatePropagation();
  event.respondWith(answered(event.request, path));
});

importScripts("service-worker-lite.js");
