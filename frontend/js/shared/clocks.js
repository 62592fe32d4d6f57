// One timer drives every clock on the page. An element with data-due (ms) holds [data-words]
// and perhaps [data-ring]; data-from (ms) gives the ring its share; data-style="clock" counts
// minutes and seconds. Times come from the server, so a wrong clock on the device is corrected.
import { say } from "./words.js";

const MINUTE = 60_000;
const WARN_SHARE = 0.75;
let skew = 0;

/** Learn how far this device's clock is off from the server's Date header. */
export function learnSkew(header) {
  const server = Date.parse(header ?? "");
  if (!Number.isNaN(server) && Math.abs(server - Date.now()) > 5_000) skew = server - Date.now();
}

/** The present instant as the server sees it, in ms. */
export function serverNow() {
  return Date.now() + skew;
}

/** A length of time in its two largest units, as the server writes it. */
export function span(ms) {
  const minutes = Math.floor(Math.abs(ms) / MINUTE);
  const days = Math.floor(minutes / 1440);
  const hours = Math.floor(minutes / 60) % 24;
  const rest = minutes % 60;
  if (days) return say(hours ? "daysHours" : "days", { days, hours });
  if (hours) return say(rest ? "hoursMinutes" : "hours", { hours, minutes: rest });
  return rest ? say("minutes", { minutes: rest }) : say("moment");
}

function digits(ms) {
  const seconds = Math.floor(Math.abs(ms) / 1000);
  const two = (n) => String(n).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return hours ? `${hours}:${rest}` : rest;
}

function show(element, now) {
  const due = Number(element.dataset.due);
  if (!due) return;
  const left = due - now;
  const from = Number(element.dataset.from);
  const share = from && due > from ? Math.min(1, Math.max(0, (now - from) / (due - from))) : 0;
  const words = element.querySelector("[data-words]");
  const said = element.dataset.style === "clock" ? digits(left) : say(left < 0 ? "over" : "left", { span: span(left) });
  if (words && words.textContent !== said) words.textContent = said;
  const level = left < 0 ? "over" : share >= WARN_SHARE ? "warn" : element.dataset.level === "over" ? "ok" : null;
  if (level) element.dataset.level = level;
  const ring = element.querySelector("[data-ring]");
  if (ring && from) {
    const shown = "ringLeft" in ring.dataset ? 1 - share : share;
    ring.setAttribute("stroke-dasharray", `${(shown * 100).toFixed(1)} 100`);
  }
}

/** Bring every clock up to date. */
export function tick() {
  const now = serverNow();
  for (const element of document.querySelectorAll("[data-due]")) show(element, now);
}

/** Start the timer: each second where seconds are shown, else every fifteen. */
export function startClocks() {
  let count = 0;
  tick();
  setInterval(() => {
    count += 1;
    if (count % 15 === 0 || document.querySelector('[data-style="clock"][data-due]')) tick();
  }, 1000);
  document.addEventListener("visibilitychange", () => document.hidden || tick());
}
