// What a page does without a kernel: it reads a number that is typed, and keeps and compares how cards are sorted on it.
// The numbers that a text may stand for: the same rules as in answers.readings.
function readings(text) {
  const found = text.replace(/[\u2010-\u2015\u2212]/g, "-").match(/[+-]?\d+(?:['’\s]\d{3})*(?:[.,]\d+)*/g) ?? [], read = [];
  if (found.length !== 1) return read;
  const [, before, mark = "", behind = ""] = found[0].replace(/['’\s]/g, "").match(/^(.*?)(?:([.,])(\d*))?$/);
  const plain = before.replace(/[.,]/g, "");
  if (!mark || !before.includes(mark)) read.push(`${plain}.${behind}`);
  if (behind.length === 3 && /[1-9]/.test(plain) && ![...before].some(c => ".,".includes(c) && c !== mark)) read.push(plain + behind);
  const times = Object.entries({thousand: 1e3, million: 1e6, billion: 1e9, trillion: 1e12}).filter(([word]) => text.toLowerCase().includes(word));
  return read.flatMap(number => [1, ...times.map(([, factor]) => factor)].map(factor => Number(number) * factor));
}
// Who changes an answer checks it once more: while Check stays open, half an answer would be the first.
for (const fold of document.querySelectorAll(".tx-question .tx-check")) fold.closest(".tx-question").addEventListener("input", () => { fold.open = false; });
for (const task of document.querySelectorAll(".tx-question.tx-number")) {  // a cell of numbers in a table is a .tx-number as well
  const field = task.querySelector("input"), fold = task.querySelector(".tx-check"), [yes, no] = fold.querySelectorAll("p");
  const lines = [...task.querySelectorAll(".tx-why>li")];
  const judge = () => {
    const read = readings(field.value);
    const hit = lines.find(line => { const [from, to] = line.dataset.state.split(" ").map(Number); return read.some(n => from - 1e-9 <= n && n <= to + 1e-9); });
    for (const line of lines) line.hidden = line !== hit;
    yes.hidden = hit !== lines[0];
    no.hidden = !yes.hidden;
  };
  task.classList.add("tx-scripted");
  fold.querySelector("summary").textContent = "Check";
  field.addEventListener("input", judge);
  field.addEventListener("keydown", event => { if (event.key === "Enter") fold.open = true; });
  judge();
}

// --- cards ---
const KEY = "turkic-filing";
const worded = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
for (const pack of document.querySelectorAll(".tx-pack:has(select)")) {
  const words = pack.dataset.state.split("|"), status = pack.parentElement.querySelector("[role=status]");
  const [kept, passing] = status.dataset.state.split("|");
  const cards = new Map([...pack.children].map(card => [card.querySelector(".tx-name").lastChild.textContent.trim(), card]));
  const menu = card => card.querySelector("select");
  const mine = card => words[menu(card).selectedIndex - 1] ?? "";
  let keeps = true;
  function take() {
    try {
      const filed = JSON.parse(localStorage.getItem(KEY)) ?? {};
      for (const [name, card] of cards) menu(card).selectedIndex = words.indexOf(filed[name]) + 1;
    } catch { keeps = false; }
    follow();
  }
  function follow() {
    const filed = Object.fromEntries([...cards].map(([name, card]) => [name, mine(card)]).filter(([, word]) => word));
    try { localStorage.setItem(KEY, JSON.stringify(filed)); keeps = true; } catch { keeps = false; }
    status.textContent = worded(keeps ? kept : passing, {done: Object.keys(filed).length, all: cards.size});
    for (const beside of document.querySelectorAll(".tx-filings:has(table)"))
      if (Object.keys(filed).length || beside.classList.contains("tx-scripted")) compare(beside, cards, filed);
  }
  pack.addEventListener("change", follow);
  addEventListener("storage", event => { if (event.key === KEY) take(); });  // sorted in another window
  take();
}
// A table of filings gets a column with what is chosen on the page, after that of the course, and is put in order anew.
function compare(beside, cards, filed) {
  const [named, unfiled, line, caption, ...verdicts] = beside.dataset.state.split("|"), rows = [...beside.querySelectorAll("tbody tr")];
  const heads = beside.querySelector("thead tr"), told = beside.querySelector(".tx-told");
  const first = cell => cell.firstChild.textContent.trim();
  if (!beside.classList.contains("tx-scripted")) {
    beside.classList.add("tx-scripted");
    heads.children[1].after(Object.assign(document.createElement("th"), {scope: "col", textContent: named}));
    for (const row of rows) row.children[1].after(document.createElement("td"));
    beside.querySelector(".tx-sorted").remove();
    beside.querySelector("caption span").textContent = caption;
  }
  const others = [...heads.children].slice(1, -1).map(head => head.textContent), both = others.map(() => [0, 0]);
  for (const row of rows) {
    const name = row.firstElementChild.textContent.trim(), cells = [...row.children].slice(1, -1), word = filed[name];
    cells[1].textContent = word ?? unfiled;
    const chosen = cells.map(first), some = chosen.filter(one => one !== unfiled), different = new Set(chosen).size;
    for (const [n, one] of chosen.entries()) if (word && one !== unfiled) { both[n][1]++; both[n][0] += one === word; }
    const rank = some.length < chosen.length ? 3 : different === 1 ? 2 : different === chosen.length ? 0 : 1;
    row.lastElementChild.textContent = verdicts[rank];
    row.dataset.state = rank;
    const why = cards.get(name)?.querySelector("details p").lastChild.textContent.replace(/^\. /, "");
    if (new Set(some).size > 1 && why && cells[0].childNodes.length === 1) {
      cells[0].append(document.createElement("br"), Object.assign(document.createElement("span"), {className: "tx-soft", textContent: why}));
    }
  }
  rows[0].parentElement.append(...rows.sort((a, b) => a.dataset.state - b.dataset.state));
  for (const before of told.querySelectorAll(".tx-mine")) before.remove();
  for (const [n, other] of others.entries()) if (other !== named) {
    told.append(Object.assign(document.createElement("li"), {className: "tx-mine", textContent: worded(line, {one: other, other: named, alike: both[n][0], both: both[n][1]})}));
  }
}

// --- exercises ---
// Whether a text is right, and what to say of it: the same rules as in answers.Exercise. Gives the kind of answer, the words, and
// which of the likely mistakes it is.
function verdict(text, task) {
  const number = found => found && Number(found.replace(",", "."));
  const sign = part => part.trim().replace(/[\u2010-\u2015\u2212]/g, "-").match(/^([+-]?\d+(?:[.,]\d+)?) ?(?:%|\p{L}\D*)?$/u);
  const plain = part => sign(part) ? number(sign(part)[1]) : part.trim();
  const digits = n => { const [, behind = "", times = 0] = String(n).match(/^-?\d+(?:\.(\d+))?(?:e(.+))?$/) ?? []; return Math.max(0, behind.length - times); };
  const rounded = (n, to) => Number(n.toFixed(Math.min(to, 100)));
  const countable = n => typeof n === "number" && Math.abs(n) < 1e15;
  const same = (given, known) => {
    if (task.many) return given.length === known.length && given.every(one => known.includes(one));
    if (!countable(given)) return false;
    if (Number.isInteger(known)) return given === known;
    const to = Math.min(Math.max(task.decimals, digits(given)), 9), cut = Math.trunc(known * 10 ** to) / 10 ** to;
    return Math.min(Math.abs(given - rounded(known, to)), Math.abs(given - cut)) < 1e-9;
  };
  let meant = [plain(text)], kind = "wrong", parts = [];
  if (task.many) {
    const bare = text.replace(/[\][(){}'"‘’‚“”„«»]/g, ""), between = /[,;&/]|\band\b|\s(?:ve|и|және)\s/i;
    parts = bare.split(between.test(bare) ? between : /\s+/).map(part => part.trim().replace(/\.+$/, "")).filter(Boolean).map(plain);
    meant = [[...new Set(parts.map(part => String(part).toLowerCase()))]];
  } else if (!/\p{L}-?\d/u.test(text)) {
    const read = readings(text);
    meant = read.length && typeof meant[0] === "string" ? read : [...meant, ...read];
  }
  const [given] = meant, right = task.right[0], is = known => meant.some(one => same(one, known));
  if (task.right.some(is)) return ["right", task.said.right];
  if (task.many) {
    const told = [["yes", "no", "true", "false"]].map(words => given.every(one => words.includes(one)) && !right.some(one => words.includes(one)))[0];
    kind = !given.length ? "empty" : told ? "yesno" : parts.some(part => (typeof part === "string") === task.names) ? "differs" : "others";
  } else if (!countable(given)) kind = given === "" ? "blank" : typeof given === "string" ? "text" : "odd";
  else if (given === rounded(right, digits(given))) kind = "coarse";
  const [why] = task.wrong.find(([, known]) => is(known) && (kind !== "coarse" || given === rounded(known, 9))) ?? [];
  if (why !== undefined) return ["known", task.why[why], why];
  if (kind !== "differs") return [kind, task.said[kind]];
  const extra = given.filter(one => !right.includes(one)).length, lost = right.filter(one => !given.includes(one)).length;
  return [kind, worded(task.said[`differs${+!!extra}${+!!lost}`], {extra, lost})];
}
for (const box of document.querySelectorAll(".answer-box")) {
  const task = JSON.parse(atob(box.dataset.task)), [field, , more] = box.elements, [status, steps] = box.querySelectorAll("p,ol");
  box.hidden = false;
  box.dataset.key = task.key;
  box.addEventListener("submit", event => {
    event.preventDefault();
    const [kind, words, why] = verdict(field.value, task);
    status.textContent = words;
    status.className = kind === "right" ? "yes" : "no";
    // Of the answers to an exercise the first is right, then come the likely mistakes, then all others.
    box.dataset.outcome = kind === "blank" || kind === "empty" ? 0 : kind === "right" ? 1 : why + 2 || task.why.length + 2;
  });
  box.addEventListener("reset", () => {
    status.textContent = status.className = "";
    delete box.dataset.outcome;
    steps.replaceChildren();
    more.disabled = false;
  });
  more.addEventListener("click", () => {
    const step = document.createElement("li");
    for (const [n, part] of task.hints[steps.children.length].split("`").entries()) step.append(n % 2 ? Object.assign(document.createElement("code"), {textContent: part}) : part);
    step.tabIndex = -1;
    steps.append(step);
    step.focus();
    more.disabled = steps.children.length === task.hints.length;
  });
}
