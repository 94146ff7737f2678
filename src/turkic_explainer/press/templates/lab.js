// The worker that keeps the site on this device is there before JupyterLite asks for it: a lesson's kernel reads files by it.
// JupyterLite takes away, on the second visit, any worker of which it did not note the version.
if ("serviceWorker" in navigator) {
  const worker = new URL("../service-worker.js?enableCache=false", location.href.replace(/[?#].*/s, "")).href;
  try { localStorage.setItem(`${worker}-version`, "VERSION"); } catch { /* it may keep nothing: then each visit is a first one */ }
  navigator.serviceWorker.register(worker).then(there => there.update()).catch(console.warn); // a new version, if there is one
}
// On a phone the lesson gets the width of the screen: the list of files is a tap away. How wide that is, is known once the page
// has said so, further down; JupyterLab is there later still.
Object.defineProperty(window, "jupyterapp", {
  configurable: true,
  set(app) {
    Object.defineProperty(window, "jupyterapp", { value: app, writable: true });
    if (!matchMedia("(max-width: 40rem)").matches) return;
    const room = () => app.shell.leftCollapsed || app.shell.collapseLeft();
    app.restored.then(() => { app.shell.mode = "single-document"; room(); });
    app.shell.layoutModified.connect(room); // JupyterLab opens the list once it is there
    addEventListener("pointerdown", () => app.shell.layoutModified.disconnect(room), { once: true, capture: true });
  },
});
