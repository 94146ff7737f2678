// What a page does without a kernel: it reads a number that is typed, and keeps and compares how cards are sorted on it.
// The numbers that a text may stand for: the same rules as in answers.readings.
function readings(text) {
  const found = text.replace(/\u2212/g, "-").match(/[+-]?\d+(?:['’\s]\d{3})*(?:[.,]\d+)*/g) ?? [], read = [];
  if (found.length !== 1) return read;
  const [, before, mark = "", behind = ""] = found[0].replace(/['’\s]/g, "").match(/^(.*?)(?:([.,])(\d*))?$/);
  const plain = before.replace(/[.,]/g, "");
  if (!mark || !before.includes(mark)) read.push(`${plain}.${behind}`);
  if (behind.length === 3 && /[1-9]/.test(plain) && ![...before].some(c => ".,".includes(c) && c !== mark)) read.push(plain + behind);
  const times = Object.entries({thousand: 1e3, million: 1e6, billion: 1e9, trillion: 1e12}).filter(([word]) => text.toLowerCase().includes(word));
  return read.flatMap(number => [1, ...times.map(([, factor]) => factor)].map(factor => Number(number) * factor));
}
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
  field.addEventListener("input", () => { fold.open = false; judge(); });
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
