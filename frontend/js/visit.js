// Entry of the assessor's visit. Everything here only adds to pages that work without it.
import { startClocks } from "./shared/clocks.js";
import { startDialogs } from "./shared/dialogs.js";
import { startKept } from "./shared/kept.js";
import { startPreferences } from "./shared/preferences.js";
import { startSmall } from "./shared/small.js";
import { startToasts, toast } from "./shared/toasts.js";
import { startViewer } from "./shared/viewer.js";
import { say } from "./shared/words.js";
import { startSending } from "./claimant/send.js";
import { canKeep } from "./claimant/store.js";
import { startArrival } from "./visit/arrival.js";
import { startShots } from "./visit/shots.js";

/** Without a network nothing is sent and nothing is lost: the page stays as it is. */
function stayWhenOffline() {
  document.addEventListener("submit", (event) => {
    if (navigator.onLine || !event.target.matches("[data-online-only]")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    toast(say("offline"), "bad");
  }, true);
}

stayWhenOffline();
startPreferences();
startClocks();
startDialogs();
startToasts();
startSmall();
startViewer();
startKept();
startArrival();
document.querySelector("[data-errors]")?.focus();
if (canKeep) {
  startShots();
  startSending();
}
