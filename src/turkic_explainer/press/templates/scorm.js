// What a lesson's page tells the learning platform that it is shown in, by SCORM 1.2: of each of its questions outside Deeper parts,
// whether the first answer was right. What was answered on an earlier visit the platform keeps for it.
const platform = (() => {
  const above = from => {
    for (let at = from, n = 0; at && n < 9; at = at === at.parent ? null : at.parent, n++) {
      try { if (at.API?.LMSInitialize) return at.API; } catch { /* a window of another site: one above may be of this */ }
    }
  };
  const api = above(window) ?? above(window.top?.opener ?? window.opener);
  return api && String(api.LMSInitialize("")) === "true" ? api : null;
})();
const asked = new Map();  // the lesson's own questions, by their keys
for (const task of document.querySelectorAll("fieldset.tx-question")) {
  const own = [...task.classList].find(name => name.startsWith("tx-of-q-"));
  if (own) asked.set(own.slice(8), task);
}
const core = [...asked.keys()].filter(key => !asked.get(key).closest("details.deeper"));
const editions = Object.fromEntries(JSON.parse(document.getElementById("lesson").dataset.state).map(([key, , edition]) => [key, edition]));
const first = new Map();  // by the key of a question: whether its first answer was right
const line = Object.assign(document.createElement("p"), {className: "soft reported"});
line.setAttribute("role", "status");
document.getElementById("lesson").prepend(line);
const get = name => platform.LMSGetValue(name), tell = (name, value) => platform.LMSSetValue(name, String(value));
// An answer as SCORM writes it: its type, what was answered, and whether it is right; nothing while there is none.
function answer(task) {
  const check = task.querySelector(".tx-check");
  if (!check) {
    const panel = task.querySelector(".tx-panels > details[open] > .tx-panel");
    return panel && ["choice", panel.dataset.state, panel.querySelector(".tx-right") !== null];
  }
  if (!check.open) return null;
  const letters = "abcdefgh", boxes = [...task.querySelectorAll("input[type=checkbox]")], menus = [...task.querySelectorAll("select")];
  if (boxes.length) {
    const ticked = boxes.flatMap((box, n) => box.checked ? [letters[n]] : []);
    return ticked.length ? ["choice", ticked.join(","), boxes.every(box => box.checked === box.classList.contains("tx-yes"))] : null;
  }
  if (menus.length) {
    if (menus.some(menu => !menu.selectedIndex)) return null;
    const placed = menus.map((menu, n) => [menu.selectedIndex, letters[n]]).sort((a, b) => a[0] - b[0]);
    return ["sequencing", placed.map(([, letter]) => letter).join(","), menus.every(menu => menu.selectedOptions[0].classList.contains("tx-yes"))];
  }
  const typed = readings(task.querySelector("input").value)[0];
  return typed === undefined ? null : ["numeric", typed, !task.querySelector(".tx-if-right").hidden];
}
function report() {
  const right = core.filter(key => first.get(key)).length, done = core.every(key => first.has(key));
  const told = platform ? "Your first answer to each question is told to your course: {right} of {all} right so far." : "No course was found around this page: your answers are told to nobody.";
  line.textContent = told.replace("{right}", right).replace("{all}", core.length);
  if (!platform) return;
  tell("cmi.core.score.min", 0);
  tell("cmi.core.score.max", 100);
  tell("cmi.core.score.raw", Math.round(100 * right / Math.max(core.length, 1)));
  tell("cmi.core.lesson_status", done ? "completed" : "incomplete");
  tell("cmi.core.exit", "suspend");  // after any other exit a platform may forget what was answered, and a later visit would begin at 0
  tell("cmi.suspend_data", [...first].map(([key, was]) => `${key}=${editions[key]}:${+was}`).join(" "));
  platform.LMSCommit("");
}
function heard(event) {
  const task = event.target.closest?.("fieldset.tx-question"), key = [...asked.keys()].find(one => asked.get(one) === task);
  const given = key && !first.has(key) ? answer(task) : null;
  if (!given) return;
  first.set(key, given[2]);
  if (platform) {
    const at = `cmi.interactions.${Number(get("cmi.interactions._count")) || 0}`;
    tell(`${at}.id`, key);
    tell(`${at}.type`, given[0]);
    tell(`${at}.student_response`, given[1]);
    tell(`${at}.result`, given[2] ? "correct" : "wrong");
  }
  report();
}
if (platform) for (const [, key, edition, was] of get("cmi.suspend_data").matchAll(/(\S+)=(\w+):([01])/g)) {
  if (asked.has(key) && edition === editions[key]) first.set(key, was === "1");  // else it was another question then
}
document.addEventListener("toggle", heard, true);  // which does not rise by itself
document.addEventListener("change", heard);
if (platform) addEventListener("pagehide", () => platform.LMSFinish(""), {once: true});
report();
