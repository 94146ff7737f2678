// The worker that keeps the site on this device is there before JupyterLite asks for it: a lesson's kernel reads files by it.
// JupyterLite takes away, on the second visit, any worker of which it did not note the version.
if ("serviceWorker" in navigator) {
  const worker = new URL("../service-worker.js?enableCache=false", location.href.replace(/[?#].*/s, "")).href;
  try { localStorage.setItem(`${worker}-version`, "VERSION"); } catch { /* it may keep nothing: then each visit is a first one */ }
  navigator.serviceWorker.register(worker).catch(console.warn);
}
