// The worker that keeps the site on this device is there before JupyterLite asks for it: a lesson's kernel reads files by it.
// JupyterLite takes away, on the second visit, any worker of which it did not note the version.
const worker = new URL("../service-worker.js?enableCache=false", location.href.replace(/[?#].*/s, "")).href;
try { localStorage.setItem(`${worker}-version`, "VERSION"); } catch { /* it may keep nothing: then each visit is a first one */ }
const kept = (async () => { (await navigator.serviceWorker.register(worker)).update().catch(console.warn); })() // a new version, if there is one
  .then(() => true, () => false); // a private window may have no workers, as in Firefox; a page by http:// from another machine has none
// On a phone the lesson gets the width of the screen: the list of files is a tap away. How wide that is, is known once the page
// has said so, further down; JupyterLab is there later still.
Object.defineProperty(window, "jupyterapp", {
  configurable: true,
  set(app) {
    Object.defineProperty(window, "jupyterapp", { value: app, writable: true });
    const unkept = { type: "warning", options: { autoClose: false }, message:
      "Your answers are not kept here: this window is private, or its address begins with http://. All else works." };
    Promise.all([kept, app.restored]).then(([all]) => all || app.commands.execute("apputils:notify", unkept));
    // JupyterLite takes the lesson out of the address: loaded again, as a phone does by itself, the page would show none.
    const named = () => {
      const path = app.shell.currentWidget?.context?.path;
      if (path) history.replaceState(null, "", `?path=${encodeURIComponent(path)}`);
    };
    app.shell.currentChanged.connect(named);
    app.restored.then(named);
    if (!matchMedia("(max-width: 40rem)").matches) return;
    const room = () => app.shell.leftCollapsed || app.shell.collapseLeft();
    app.restored.then(() => { app.shell.mode = "single-document"; room(); });
    app.shell.layoutModified.connect(room); // JupyterLab opens the list once it is there
    addEventListener("pointerdown", () => app.shell.layoutModified.disconnect(room), { once: true, capture: true });
  },
});
