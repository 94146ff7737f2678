// The deck: what reveal.js is told, the list of slides, the notes, and the speaker's window.
const $ = (selector, within = document) => within.querySelector(selector);
const deck = $(".reveal"), slides = [...document.querySelectorAll("section.slide")], bar = $(".bar"), list = $("#list");
const wide = matchMedia("(min-width:40rem)"); // below that the slides stay in a column, to be read

const named = slide => $(".named", slide).textContent;
const now = () => Reveal.getCurrentSlide();
const scroll = by => $(".body", now()).scrollBy({top: by * innerHeight * 0.3, behavior: "instant"});
const acts = {
  prev: () => Reveal.prev(),
  next: () => Reveal.next(),
  list: () => list.open ? list.close() : list.showModal(),
  notes: () => notes(!document.documentElement.classList.contains("noted")),
  speaker: () => speaker(),
};

// --- keys ---
// Arrows, Page up and down, which is what a clicker sends, and Space turn slides, whatever was clicked. Only what was
// reached by the keyboard keeps Space and Enter for itself, and a field of text the keys that write in it.
function ours(event) {
  const on = document.activeElement, key = event.key;
  if (list.open) return false;
  if (key === "?") { acts.list(); return false; } // it lies elsewhere on each keyboard
  if (on.matches("textarea,input:not([type=checkbox],[type=radio])") && !key.startsWith("Page")) { if (key === "Escape") on.blur(); return false; }
  if (on.matches("summary,button,a,input") && (key === "Enter" || key === " ")) return false;
  if (on.matches(".said") && /^(Arrow(Up|Down)|Home|End)$/.test(key)) return false;
  return true;
}
const keyboard = {
  27: () => document.activeElement.blur(), 38: () => scroll(-1), 40: () => scroll(1), 75: () => scroll(-1), 74: () => scroll(1),
  78: acts.notes, 79: acts.list, 83: $("#speaker") && acts.speaker, 112: acts.list, 65: null, 71: null,
};

// --- notes and citations ---
function notes(on) {
  document.documentElement.classList.toggle("noted", on);
  $("[data-do=notes]", bar).setAttribute("aria-pressed", on);
  for (const part of document.querySelectorAll("details.notes")) {
    part.open = on;
    if (on) $(".said", part).tabIndex = 0; // it may be scrolled
  }
}
function cited(event, within) {
  const link = event.target.closest?.("a.cite");
  if (!link) return;
  event.preventDefault();
  if (within === document) notes(true);
  const claim = within.getElementById(link.hash.slice(1));
  claim.tabIndex = -1;
  claim.focus();
}

// --- the speaker's window ---
// It is an empty page of our own origin, filled from here: nothing is loaded, and no script runs in it.
let desk = null, began = null;
function speaker() {
  desk = !desk || desk.closed ? window.open("", "turkic-speaker", "popup,width=1000,height=720") : desk;
  if (!desk) return notes(true); // the browser lets no window open
  const page = desk.document;
  page.documentElement.lang = "en";
  page.documentElement.className = "tx-page speaker";
  page.head.replaceChildren(page.importNode($("style"), true));
  page.title = `Speaker: ${document.title}`;
  page.body.replaceChildren(page.importNode($("#speaker").content, true));
  page.body.onclick = event => {
    const act = event.target.closest("[data-do]")?.dataset.do;
    if (act === "again") began = Date.now(); else if (act) acts[act]();
    cited(event, page);
    tick();
  };
  page.onkeydown = event => {
    if (event.target.closest("button") && (event.key === "Enter" || event.key === " ")) return;
    const act = {ArrowRight: "next", PageDown: "next", " ": "next", ArrowLeft: "prev", PageUp: "prev"}[event.key];
    if (act) { event.preventDefault(); acts[act](); }
    if (event.key === "b" || event.key === ".") Reveal.togglePause();
  };
  began ??= Date.now();
  desk.focus();
  told();
}
function told() {
  if (!desk || desk.closed) return;
  const page = desk.document, at = slides.indexOf(now()), tell = (name, text) => { $(`[data-tell=${name}]`, page).textContent = text; };
  tell("at", `${at + 1} of ${slides.length}`);
  tell("now-named", named(slides[at]));
  tell("next-named", at + 1 < slides.length ? named(slides[at + 1]) : "This was the last one.");
  const said = $(".said", page);
  said.replaceChildren(...[...($(".said", slides[at])?.childNodes ?? [])].map(node => page.importNode(node, true)));
  said.scrollTop = 0;
  tick();
}
function tick() {
  if (!desk || desk.closed) return;
  const two = number => String(number).padStart(2, "0"), time = new Date(), since = Math.floor((time - began) / 1000);
  $("[data-tell=now]", desk.document).textContent = `${two(time.getHours())}:${two(time.getMinutes())}`;
  $("[data-tell=since]", desk.document).textContent = `${Math.floor(since / 60)}:${two(since % 60)}`;
}
setInterval(tick, 1000);
addEventListener("pagehide", () => desk?.close()); // it could not follow any more

// --- the deck ---
function turned() {
  const at = slides.indexOf(now());
  $(".at", bar).textContent = `${at + 1} / ${slides.length}`;
  $("[data-do=prev]", bar).disabled = at === 0;
  $("[data-do=next]", bar).disabled = at === slides.length - 1;
  list.querySelectorAll("button[data-to]").forEach((button, n) => n === at ? button.setAttribute("aria-current", "true") : button.removeAttribute("aria-current"));
  fits();
  told();
}
// Nothing is scrolled: what would be taller than its slide, in any of its states, is made smaller, down to 19 pixels of 720.
const LEAST = 0.62;
let fitted = "", fit = 1;
function fits(event) {
  const slide = now(), body = $(".body", slide), states = slide.querySelectorAll(".tx-explorer>.tx-panels>details");
  document.documentElement.style.setProperty("--map", Math.min(innerWidth / 820, innerHeight / 460)); // a map's own text, to be read from afar
  const as = `${slide.id} ${innerWidth} ${innerHeight}`;
  const cut = part => part.scrollHeight > part.clientHeight + 1 || part.scrollWidth > part.clientWidth + 1;
  const taller = () => cut(body) || [...body.querySelectorAll(".tx-many>details[open]>.tx-panel")].some(panel => panel.offsetHeight > panel.closest(".tx-many").clientHeight);
  const sized = size => slide.style.setProperty("--fit", fit = size);
  const shrink = () => { while (taller() && fit > LEAST) sized(Math.max(LEAST, fit - 0.04)); };
  if (as !== fitted) {
    fitted = as;
    sized(1);
    for (let rem = 5; slide.querySelector(".tx-frame") && rem < 9; rem += 0.2) { // a map gives room to its legend
      slide.style.setProperty("--beside", `${rem}rem`);
      if (!cut(body)) break;
    }
    const open = [...states].map(state => state.open);
    shrink();
    for (const state of states) { state.open = true; shrink(); }
    states.forEach((state, n) => { state.open = open[n]; });
  } else if (event?.type === "toggle") { // something within a state was unfolded: smaller, if that is enough
    const was = fit;
    shrink();
    if (taller()) sized(was);
  }
  const more = body.scrollHeight > body.clientHeight + 1;
  body.style.overflow = more ? "auto" : "hidden";
  body.toggleAttribute("data-prevent-swipe", more);
  if (more) body.tabIndex = 0; else body.removeAttribute("tabindex");
  $(".more", bar).hidden = body.scrollTop + body.clientHeight > body.scrollHeight - 4;
}
document.documentElement.classList.add("scripted");
let running = false;
function start() {
  if (running || !wide.matches) return;
  running = true;
  document.documentElement.classList.add("decked");
  bar.hidden = false;
  for (const [n, slide] of slides.entries()) {
    const item = document.createElement("li"), button = document.createElement("button");
    button.textContent = named(slide);
    button.dataset.to = n;
    item.append(button);
    $("ol", list).append(item);
  }
  list.addEventListener("click", event => {
    const to = event.target.closest("[data-to]");
    if (to) { list.close(); Reveal.slide(Number(to.dataset.to)); }
  });
  bar.addEventListener("click", event => acts[event.target.closest("[data-do]")?.dataset.do]?.());
  // A box to tick and a menu turn slides by the keys of a clicker; every other key, and a click, is their own.
  deck.addEventListener("keydown", event => {
    const act = {ArrowRight: "next", PageDown: "next", ArrowLeft: "prev", PageUp: "prev"}[event.key];
    if (!event.target.matches("input[type=checkbox],select")) return;
    event.stopPropagation();
    if (act) { event.preventDefault(); acts[act](); }
  });
  deck.addEventListener("click", event => { if (event.target.matches("select")) event.stopPropagation(); });
  document.addEventListener("click", event => cited(event, document));
  document.addEventListener("toggle", fits, true); // another state of an explorer may be taller
  document.addEventListener("scroll", fits, true);
  addEventListener("resize", fits);
  // What is clicked does not keep the keys; what is reached by Tab does. A map that is in use by keys hands on those of a clicker.
  let tabbed = false;
  document.addEventListener("keydown", event => { tabbed = event.key === "Tab"; }, true);
  document.addEventListener("pointerdown", () => { tabbed = false; }, true);
  document.addEventListener("pointermove", () => { tabbed = false; });
  document.addEventListener("click", event => { if (event.detail && !event.target.closest("textarea,input:not([type=checkbox],[type=radio]),a.cite")) document.activeElement.blur(); });
  addEventListener("blur", () => setTimeout(() => { if (!tabbed && document.activeElement.matches("iframe")) { document.activeElement.blur(); window.focus(); } }));
  addEventListener("message", event => { if ([...document.querySelectorAll("iframe")].some(frame => frame.contentWindow === event.source)) ({PageDown: acts.next, PageUp: acts.prev})[event.data]?.(); });
  Reveal.on("slidechanged", turned);
  Reveal.initialize({
    disableLayout: true, display: "grid", center: false, scrollActivationWidth: 0, transition: "none", backgroundTransition: "none",
    controls: false, slideNumber: false, progress: true, overview: false, help: false, jumpToSlide: false, postMessage: false,
    hash: true, viewDistance: 1, mobileViewDistance: 1, keyboard, keyboardCondition: ours,
  }).then(() => {
    deck.removeAttribute("role"); // reveal.js calls it an application, which would take a screen reader's own keys away
    turned();
  });
}
start();
wide.addEventListener("change", start);
