// What a page keeps of what is answered on it, on this device alone: it shows it again, and tells it as a code for the teacher.
const STORE = "turkic-answers", SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
// A lesson's first answers as a code: the same rules as in codes.py, where they are told. An item is a pair, of how many outcomes
// it may have and which it had.
function coded(lesson, version, items) {
  const most = items.reduce((all, [many]) => all * BigInt(many), 1n << 20n);
  let whole = (items.reduce((all, [many, one]) => all * BigInt(many) + BigInt(one), 0n) * 1024n + BigInt(version)) * 1024n, size = 0n;
  while (32n ** size < most) size++;
  const head = [...lesson].reduce((all, sign) => all * 32n + BigInt(SIGNS.indexOf(sign)), 0n) * 32n ** size;
  whole += (1021n - (head + whole) % 1021n) % 1021n;
  let signs = "";
  for (; size; size--, whole /= 32n) signs = SIGNS[whole % 32n] + signs;
  const long = Math.ceil(signs.length / Math.ceil(signs.length / 4));
  return [lesson, ...signs.match(RegExp(`.{1,${long}}`, "g"))].join("-");
}
// How cards are sorted on a page, as a code of its own: the menu of each has a place for "not yet" and one for each word.
for (const told of document.querySelectorAll(".tx-handed")) {
  const pack = told.parentElement.parentElement.querySelector(".tx-pack"), [head, version] = told.dataset.state.split("|");
  const tell = () => {
    const items = [...pack.querySelectorAll("select")].map(menu => [menu.length, menu.selectedIndex]);
    told.hidden = !items.some(([, one]) => one);
    told.lastElementChild.textContent = coded(head, version, items);
  };
  pack.addEventListener("change", tell);
  addEventListener("storage", tell);  // after what sorts the cards, as they are in another window
  tell();
}
for (const place of document.querySelectorAll(".kept")) {
  const {lesson, version, items, kept, passing, forgotten, changed} = JSON.parse(place.dataset.state), [told, code] = place.querySelectorAll("output,code");
  const editions = Object.fromEntries(items.map(([key, , edition]) => [key, edition]));
  const tasks = new Map();  // each by its key
  for (const task of document.querySelectorAll(".tx-question,.answer-box,.tx-guess:not(p)")) {
    const named = task.dataset.key ?? [...task.classList].find(name => name.startsWith("tx-of-"))?.replace(/^tx-of-(q-)?/, "");
    tasks.set(named ?? `guess: ${(task.querySelector("legend") ?? task).textContent.trim()}`, task);
  }
  const fields = task => [...task.querySelectorAll("input,select,textarea")], folds = task => [...task.querySelectorAll("[name]>summary,.tx-check>summary")].map(summary => summary.parentElement);
  const state = task => [...fields(task).map(field => field.type === "checkbox" ? field.checked : field.selectedIndex ?? field.value), ...folds(task).map(fold => fold.open)];
  // What was answered, as a code has it; 0 for nothing.
  function outcome(task) {
    if (task.dataset.task) return Number(task.dataset.outcome ?? 0);
    const check = task.querySelector(".tx-check"), bits = chosen => [...task.querySelectorAll(".tx-picks>li")].reduce((all, line) => all + (line.querySelector(chosen) ? 2 ** (line.className.match(/\d/)[0] - 1) : 0), 0);
    if (!check) return 1 + folds(task).findIndex(fold => fold.open);
    if (!check.open || !fields(task).some(field => field.checked || field.selectedIndex > 0 || field.value && field.matches("[type=text]"))) return 0;
    if (task.matches(".tx-several")) return bits(":checked");
    if (task.matches(".tx-order")) return 1 + bits(".tx-yes:checked");
    const lines = [...task.querySelectorAll(".tx-why>li")];
    return 1 + [...lines.map(line => !line.hidden), true].indexOf(true);
  }
  let all = {version, editions, first: {}, now: {}}, older = false;
  function whole() {  // of all lessons; what is damaged is as good as nothing, and is written over
    const text = localStorage.getItem(STORE);
    try { return JSON.parse(text) ?? {}; } catch { return {}; }
  }
  function known() {  // what was kept before, in another tab as well
    try {
      const before = whole()[lesson];
      if (!before) return;
      // Of another edition of the lesson there stays what is asked as it was.
      const same = ([key]) => editions[key] ? editions[key] === before.editions?.[key] : version === before.version;
      const [first, now] = [before.first, before.now].map(kept => Object.fromEntries(Object.entries(kept).filter(same)));
      older ||= Object.keys({...before.first, ...before.now}).length > Object.keys({...first, ...now}).length;
      all = {version, editions, first, now};
    } catch { /* then nothing was kept */ }
  }
  function tell() {
    let keeps = true;
    try { localStorage.setItem(STORE, JSON.stringify({...whole(), [lesson]: all})); } catch { keeps = false; }
    place.hidden &&= !older && !Object.keys({...all.now, ...all.first}).length;
    told.textContent = (older ? `${changed} ` : "") + (keeps ? kept : passing);
    code.parentElement.hidden = !Object.keys(all.first).length;
    code.textContent = coded(lesson, version, items.map(([key, many]) => [many, all.first[key] ?? 0]));
  }
  function heard(event) {
    const task = event.target.closest?.(".tx-question,.answer-box,.tx-guess"), [key] = [...tasks].find(([, one]) => one === task) ?? [];
    if (!key || task.dataset.task && event.type !== "submit") return;
    known();
    const now = state(task), had = outcome(task), before = JSON.stringify(all);
    if (now.some(Boolean)) all.now[key] = now;
    else delete all.now[key];
    if (had) all.first[key] ??= had;
    if (JSON.stringify(all) !== before) tell();
  }
  function show(task, values) {
    const parts = folds(task);
    for (const [n, field] of fields(task).entries()) {
      if (field.type === "checkbox") field.checked = values[n] ?? false;
      else if (field.options) field.selectedIndex = values[n] ?? 0;
      else field.value = values[n] ?? "";
      field.dispatchEvent(new Event("input"));
    }
    for (const [n, fold] of parts.entries()) fold.open = values[n + fields(task).length] ?? false;
    if (task.dataset.task) values.length ? task.dispatchEvent(new Event("submit", {bubbles: true, cancelable: true})) : task.reset();
  }
  document.addEventListener("toggle", heard, true);  // which does not rise by itself
  document.addEventListener("change", heard);
  document.addEventListener("submit", heard);
  place.querySelector("button").addEventListener("click", () => {
    [all, older] = [{version, editions, first: {}, now: {}}, false];
    for (const task of tasks.values()) show(task, []);
    try { localStorage.removeItem("turkic-filing"); } catch { /* there is none */ }
    dispatchEvent(new StorageEvent("storage", {key: "turkic-filing"}));
    tell();
    told.textContent = forgotten;
  });
  known();
  for (const [key, values] of Object.entries(all.now)) if (tasks.has(key)) show(tasks.get(key), values);
  tell();
}
