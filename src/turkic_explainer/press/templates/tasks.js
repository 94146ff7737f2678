// What a page does without a kernel: it reads a number that is typed.
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
for (const task of document.querySelectorAll(".tx-number")) {
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
  fold.addEventListener("toggle", judge);
  field.addEventListener("input", () => { fold.open = false; });
  field.addEventListener("keydown", event => { if (event.key === "Enter") { judge(); fold.open = true; } });
}
