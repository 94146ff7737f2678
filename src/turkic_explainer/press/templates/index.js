// Search over the lessons. A place is a lesson (nothing for the list of words), a heading, the text below it, and where that stands.
const [field, number, list] = ["find", "found-number", "found"].map(id => document.getElementById(id));
const most = 40;
// Letters without their marks, each still one letter: who looks for Turkiye finds Türkiye.
const plain = text => [...text].map(c => c.normalize("NFD")[0].toLowerCase()[0]).join("").replace(/ı/g, "i");
const places = JSON.parse(document.getElementById("places").textContent).map(([lesson, heading, text, href]) =>
  ({lesson, heading, text, href, head: plain(heading), body: plain(text)}));

// The sentence with most of the words of the search, and the text with every word of the search marked.
function sentence(text, words) {
  const sentences = text.match(/.+?(?:[.?!]['"’”)]*(?=\s|$)|$)/gs) ?? [];
  const hits = s => words.filter(w => plain(s).includes(w)).length;
  return sentences.reduce((best, s) => hits(s) > hits(best) ? s : best, sentences[0] ?? "").trim();
}
function marked(text, words) {
  const letters = [...text], low = plain(text), hit = letters.map(() => false), parts = [];
  for (const word of words)
    for (let at = low.indexOf(word); at >= 0; at = low.indexOf(word, at + 1)) hit.fill(true, at, at + word.length);
  for (let from = 0, to; from < letters.length; from = to) {
    for (to = from + 1; to < letters.length && hit[to] === hit[from];) to++;
    const part = document.createElement(hit[from] ? "mark" : "span");
    part.textContent = letters.slice(from, to).join("");
    parts.push(part);
  }
  return parts;
}
function search() {
  const words = plain(field.value).split(/\s+/).filter(word => word.length > 1);
  const found = words.length ? places.filter(p => words.every(w => p.head.includes(w) || p.body.includes(w))) : [];
  // First what is called so, then what has it in its heading; otherwise in the order of the lessons.
  const rank = place => place.head === words.join(" ") ? 2 : words.every(w => place.head.includes(w)) ? 1 : 0;
  found.sort((a, b) => rank(b) - rank(a));
  number.textContent = !words.length ? "" : !found.length ? "Nothing found. Try fewer or shorter words."
    : `${found.length} ${found.length === 1 ? "place" : "places"} found` + (found.length > most ? `, the first ${most} are shown` : "");
  list.replaceChildren(...found.slice(0, most).map(place => {
    const item = document.createElement("li"), link = document.createElement("a"), named = document.createElement("span"), said = document.createElement("p");
    link.href = place.href;
    link.className = "to";
    named.append(...marked(place.heading, words));
    link.append(named);
    said.append(place.lesson && `${place.lesson}: `, ...marked(sentence(place.text, words), words));
    item.append(link, said);
    return item;
  }));
}
let waiting;
field.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(search, 120); });
field.closest("[hidden]").hidden = false;
if (field.value) search(); // back from a page: the search is still there
