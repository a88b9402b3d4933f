// The report's list: filters, search, and one submission at a time.
"use strict";

const rows = [...document.querySelectorAll("#rows a")];
const detail = document.getElementById("detail");
const printed = document.getElementById("printed");
const shown = document.getElementById("shown");
const wanted = { verdict: "", flag: "", group: "", matched: false, words: [] };

function fits(row) {
  const data = row.dataset;
  return (!wanted.verdict || data.verdict === wanted.verdict)
    && (!wanted.flag || data.flags.split(" ").includes(wanted.flag))
    && (!wanted.group || data.group === wanted.group)
    && (!wanted.matched || "matched" in data)
    && wanted.words.every((word) => data.search.includes(word));
}

function filter() {
  let count = 0;
  for (const row of rows) {
    const fit = fits(row);
    row.parentElement.hidden = !fit;
    count += fit;
  }
  shown.textContent = shown.dataset.text.replace("#", count);
}

function source(row) {
  return document.getElementById(`sheet-${row.hash.slice(1)}`);
}

function open(row) {
  for (const other of rows) other.removeAttribute("aria-current");
  row.setAttribute("aria-current", "true");
  const list = document.getElementById("rows");
  const [at, frame] = [row.getBoundingClientRect(), list.getBoundingClientRect()];
  if (at.top < frame.top || at.bottom > frame.bottom) {
    list.scrollBy(0, at.top - frame.top - frame.height / 3);
  }
  detail.innerHTML = source(row).textContent;
  detail.scrollTo(0, 0);
  document.querySelector(".split").scrollIntoView();
}

// A group's links name the row itself, so that they lead somewhere without scripts, too.
function openHash() {
  const row = rows.find((other) => other.hash === location.hash.replace("#row-", "#"));
  if (row) open(row);
}

function step(by) {
  const visible = rows.filter((row) => !row.parentElement.hidden);
  const at = visible.findIndex((row) => row.hasAttribute("aria-current"));
  const next = visible[Math.min(visible.length - 1, Math.max(0, at + by))];
  if (next) location.hash = next.hash;
}

document.getElementById("search").addEventListener("input", (event) => {
  wanted.words = event.target.value.toLowerCase().split(/\s+/).filter(Boolean);
  filter();
});
document.getElementById("flag").addEventListener("change", (event) => {
  wanted.flag = event.target.value;
  filter();
});
const group = document.getElementById("group");
if (group) group.addEventListener("change", () => {
  wanted.group = group.value;
  filter();
});
document.getElementById("matched").addEventListener("change", (event) => {
  wanted.matched = event.target.checked;
  filter();
});
for (const button of document.querySelectorAll("button[data-verdict]")) {
  button.addEventListener("click", () => {
    wanted.verdict = button.dataset.verdict;
    for (const other of document.querySelectorAll("button[data-verdict]")) {
      other.setAttribute("aria-pressed", String(other === button));
    }
    filter();
  });
}
document.addEventListener("keydown", (event) => {
  if (event.target.closest("input, select, textarea") || event.ctrlKey || event.metaKey) return;
  if (event.code === "KeyJ") step(1);
  else if (event.code === "KeyK") step(-1);
  else if (event.key === "/") { event.preventDefault(); document.getElementById("search").focus(); }
  else if ("+-0=".includes(event.key)) {
    const photo = detail.querySelector(".photo");
    if (photo) zoom(photo, { "+": "in", "=": "in", "-": "out", "0": "fit" }[event.key]);
  }
});
window.addEventListener("hashchange", openHash);
window.addEventListener("beforeprint", () => {
  const fitting = rows.filter(fits).map((row) => source(row).textContent);
  printed.innerHTML = fitting.join("").replaceAll('loading="lazy"', "");
});
window.addEventListener("afterprint", () => { printed.textContent = ""; });
filter();
openHash();
