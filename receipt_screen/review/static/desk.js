// The desk by keyboard. Keys are told by their place, so that they work in Hangul mode, too.
"use strict";

const body = document.body;
const photo = () => document.querySelector(".pictures .photo");
const openDialog = () => document.querySelector("dialog[open]");

function show(id) {
  const dialog = document.getElementById(id);
  if (!dialog) return;
  dialog.showModal();
  const chosen = dialog.querySelector("input:checked");
  if (id === "edit" && chosen) choose(chosen);
  else (chosen || dialog.querySelector("input:not([type=hidden]), button")).focus();
}

function choose(radio) {
  radio.checked = true;
  const value = radio.form.elements.namedItem("value");
  if (value && "value" in radio.dataset) {
    value.value = radio.dataset.value;
    value.focus();
    value.select();
  } else {
    radio.focus();
  }
}

function digit(event) {
  const found = /^(?:Digit|Numpad)([1-9])$/.exec(event.code);
  return found ? Number(found[1]) : 0;
}

function inDialog(event, dialog) {
  const typing = event.target.closest("input:not([type=radio]), select, textarea");
  const radios = dialog.querySelectorAll("input[type=radio]");
  const number = digit(event);
  if (!typing && number && radios[number - 1]) {
    event.preventDefault();
    choose(radios[number - 1]);
  } else if (dialog.id === "reject" && event.code === "KeyR" && !typing) {
    event.preventDefault();
    dialog.querySelector("form").requestSubmit();
  }
}

function stepField(by) {
  const fields = [...document.querySelectorAll(".field")];
  const at = fields.indexOf(document.activeElement);
  const next = fields[Math.min(fields.length - 1, Math.max(0, at + by))];
  if (next) next.focus();
}

const ZOOMS = { "+": "in", "=": "in", "-": "out", "0": "fit" };
const MOVES = { ArrowLeft: [-80, 0], ArrowRight: [80, 0], ArrowUp: [0, -80], ArrowDown: [0, 80] };

function onDesk(event) {
  const number = digit(event);
  if (event.key in ZOOMS && photo()) {
    zoomAll(photo(), ZOOMS[event.key]);
  } else if (event.key in MOVES && photo() && !event.target.closest(".says, .photo")) {
    photo().scrollBy(...MOVES[event.key]);
  } else if (event.code === "KeyJ") {
    stepField(1);
  } else if (event.code === "KeyK") {
    stepField(-1);
  } else if (number && document.getElementById("edit")) {
    const radio = document.querySelectorAll("#edit input[type=radio]")[number - 1];
    if (!radio) return;
    show("edit");
    choose(radio);
  } else {
    const button = document.querySelector(`[data-key="${event.code}"]`);
    if (!button) return;
    button.click();
  }
  event.preventDefault();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  const dialog = openDialog();
  if (dialog) inDialog(event, dialog);
  else if (!event.target.closest("input, select, textarea")) onDesk(event);
});

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-open]");
  if (opener) show(opener.dataset.open);
  const closer = event.target.closest("[data-close]");
  if (closer) closer.closest("dialog").close();
});

document.addEventListener("change", (event) => {
  if (event.target.matches("#edit input[type=radio]")) choose(event.target);
});

// Two quick presses decide once.
document.addEventListener("submit", (event) => {
  if (event.target.dataset.sent) event.preventDefault();
  else if (event.target.action.includes("/desk/") || event.target.action.endsWith("/undo")) {
    event.target.dataset.sent = "yes";
  }
});

if (body.dataset.next) new Image().src = body.dataset.next;

if (body.dataset.renew) {
  setInterval(async () => {
    const headers = { "X-CSRF-Token": body.dataset.csrf };
    const answer = await fetch(body.dataset.renew, { method: "POST", headers, body: "" })
      .catch(() => null);
    if (answer && answer.status === 409) document.querySelector(".lost").hidden = false;
  }, Number(body.dataset.hold) * 200);
}
