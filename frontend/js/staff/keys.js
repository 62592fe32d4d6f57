// Keys: Ctrl+K everywhere; single keys only outside of fields, and only when switched on.
import { openDialog } from "../shared/dialogs.js";

const GO_WAIT_MS = 1200;
let goUntil = 0;

function rows() {
  return [...document.querySelectorAll("[data-row]")].filter((row) => row.offsetParent);
}

function present(all) {
  const marked = all.findIndex((row) => row.hasAttribute("data-on"));
  return marked >= 0 ? marked : all.findIndex((row) => row.getAttribute("aria-current") === "true");
}

function move(step) {
  const all = rows();
  if (!all.length) return;
  const at = present(all);
  const next = all[Math.min(all.length - 1, Math.max(0, at < 0 ? 0 : at + step))];
  all.forEach((row) => row.removeAttribute("data-on"));
  next.setAttribute("data-on", "");
  next.scrollIntoView({ block: "nearest" });
  next.querySelector("[data-open]")?.focus({ preventScroll: true });
}

function pick() {
  const all = rows();
  const box = all[present(all)]?.querySelector("[data-pick]");
  if (!box) return;
  box.checked = !box.checked;
  box.dispatchEvent(new Event("change", { bubbles: true }));
}

function go(key) {
  document.querySelector(`[data-go="${CSS.escape(key)}"]`)?.click();
}

/** Open the palette and ask for its first answer. */
export function openPalette() {
  const dialog = openDialog("u-palette");
  dialog?.querySelector("input").select();
  document.body.dispatchEvent(new CustomEvent("u-palette-open"));
}

const SINGLE = {
  j: () => move(1),
  k: () => move(-1),
  x: pick,
  e: () => document.querySelector("[data-edit]")?.click(),
  "/": () => (document.querySelector("main [data-search]") ?? document.querySelector("[data-palette]"))?.focus(),
  "?": () => openDialog("u-shortcuts"),
};

function isTyping(target) {
  return target.matches?.("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");
}

function onKey(event) {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    openPalette();
    return;
  }
  const off = document.documentElement.dataset.keys === "off" || document.querySelector("dialog[open]");
  if (off || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  if (Date.now() < goUntil) {
    goUntil = 0;
    go(event.key);
  } else if (event.key === "g") {
    goUntil = Date.now() + GO_WAIT_MS;
  } else if (SINGLE[event.key]) {
    event.preventDefault();
    SINGLE[event.key]();
  }
}

/** Wire the keys and the search button. */
export function startKeys() {
  document.addEventListener("keydown", onKey);
  document.addEventListener("click", (event) => event.target.closest("[data-palette]") && openPalette());
}
