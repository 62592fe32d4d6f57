// What follows a swap by htmx: the focus goes to the new heading or to the list of errors, the
// chosen row is marked, arrived dialogs open, and a failure is said in words.
import { openArrived } from "../shared/dialogs.js";
import { learnSkew, tick } from "../shared/clocks.js";
import { showSteps } from "../shared/small.js";
import { toast } from "../shared/toasts.js";
import { say } from "../shared/words.js";

function focusNew(target, source) {
  const errors = target.querySelector("[data-errors]");
  if (errors) return errors.focus();
  const wantsFocus = source?.closest?.("a, button, form") && !source.matches("[data-search], [role=combobox]");
  const heading = target.querySelector("h1[tabindex], h2[tabindex]");
  if (wantsFocus && heading && !source.hasAttribute("data-open-quiet")) heading.focus({ preventScroll: true });
}

function markRow(source) {
  const row = source?.closest?.("[data-row]");
  if (!row) return;
  for (const other of row.parentElement.children) other.removeAttribute("aria-current"), other.removeAttribute("data-on");
  row.setAttribute("aria-current", "true");
  row.closest("[data-show]")?.setAttribute("data-show", "detail");
}

function targetOf(ctx) {
  return typeof ctx.target === "string" ? document.querySelector(ctx.target) : ctx.target;
}

function onSwap(event) {
  const { ctx } = event.detail;
  learnSkew(ctx.response?.headers?.get?.("Date"));
  tick();
  openArrived();
  showSteps();
  markRow(ctx.sourceElement);
  const target = targetOf(ctx);
  if (target) focusNew(target, ctx.sourceElement);
}

function onError(event) {
  const { error } = event.detail;
  if (!navigator.onLine) toast(say("offline"), "bad");
  else if (error?.name === "TimeoutError" || error === "timeout") toast(say("timeout"), "bad");
  else toast(say("failed"), "bad");
}

/** Wire what follows a swap. */
export function startSwaps() {
  document.addEventListener("htmx:after:swap", onSwap);
  document.addEventListener("htmx:error", onError);
}
