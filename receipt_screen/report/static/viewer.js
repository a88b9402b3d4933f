// What report and desk share: fields and their boxes light up together, pictures zoom.
"use strict";

function light(sheet, name) {
  for (const node of sheet.querySelectorAll("[data-field]")) {
    node.classList.toggle("on", node.dataset.field === name);
  }
}

function reveal(sheet, name) {
  light(sheet, name);
  const box = sheet.querySelector(`polygon[data-field="${name}"]`);
  const photo = box && box.closest(".photo");
  if (!photo) return;
  const at = box.getBoundingClientRect();
  const frame = photo.getBoundingClientRect();
  photo.scrollBy({
    left: at.left + at.width / 2 - frame.left - frame.width / 2,
    top: at.top + at.height / 2 - frame.top - frame.height / 2,
  });
}

function zoom(photo, how) {
  const stage = photo.querySelector(".stage");
  const now = Number(stage.dataset.zoom || 1);
  const next = how === "fit" ? 1 : Math.min(6, Math.max(0.3, now * (how === "in" ? 1.35 : 1 / 1.35)));
  const x = (photo.scrollLeft + photo.clientWidth / 2) / now;
  const y = (photo.scrollTop + photo.clientHeight / 2) / now;
  stage.dataset.zoom = next;
  stage.style.width = `${next * 100}%`;
  photo.scrollTo(x * next - photo.clientWidth / 2, y * next - photo.clientHeight / 2);
}

// Two pictures side by side show the same part.
function partner(photo) {
  const pair = photo.closest(".pair");
  return pair && [...pair.querySelectorAll(".photo")].find((other) => other !== photo);
}

function zoomAll(photo, how) {
  const other = partner(photo);
  zoom(photo, how);
  if (other) zoom(other, how);
}

let leading = null;
document.addEventListener("scroll", (event) => {
  const photo = event.target;
  const other = photo.classList && photo.classList.contains("photo") && partner(photo);
  if (!other || (leading && leading !== photo)) return;
  leading = photo;
  const share = (at, all, seen) => (all > seen ? at / (all - seen) : 0);
  other.scrollTo(
    share(photo.scrollLeft, photo.scrollWidth, photo.clientWidth) * (other.scrollWidth - other.clientWidth),
    share(photo.scrollTop, photo.scrollHeight, photo.clientHeight) * (other.scrollHeight - other.clientHeight),
  );
  clearTimeout(photo.calm);
  photo.calm = setTimeout(() => { leading = null; }, 120);
}, true);

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-zoom]");
  if (button && button.tagName === "BUTTON") {
    zoomAll(button.closest(".pictures").querySelector(".photo"), button.dataset.zoom);
    return;
  }
  const field = event.target.closest("[data-field]");
  if (!field) return;
  const sheet = field.closest(".sheet");
  const name = field.dataset.field;
  reveal(sheet, name);
  if (field.tagName === "polygon") {
    const row = sheet.querySelector(`.field[data-field="${name}"]`);
    if (row) row.scrollIntoView({ block: "nearest" });
  }
});

document.addEventListener("focusin", (event) => {
  const field = event.target.closest(".field[data-field]");
  if (field) reveal(field.closest(".sheet"), field.dataset.field);
});

document.addEventListener("mouseover", (event) => {
  const field = event.target.closest("[data-field]");
  if (field) light(field.closest(".sheet"), field.dataset.field);
});

// A picture is dragged with the mouse, as a map is.
document.addEventListener("pointerdown", (event) => {
  const photo = event.target.closest(".photo");
  if (!photo || event.pointerType !== "mouse" || event.button !== 0) return;
  event.preventDefault();
  photo.focus({ preventScroll: true });
  let [x, y] = [event.clientX, event.clientY];
  const move = (moved) => {
    photo.scrollBy(x - moved.clientX, y - moved.clientY);
    [x, y] = [moved.clientX, moved.clientY];
  };
  const stop = () => document.removeEventListener("pointermove", move);
  document.addEventListener("pointermove", move);
  document.addEventListener("pointerup", stop, { once: true });
});

document.addEventListener("wheel", (event) => {
  const photo = event.ctrlKey && event.target.closest(".photo");
  if (!photo) return;
  event.preventDefault();
  zoomAll(photo, event.deltaY < 0 ? "in" : "out");
}, { passive: false });
