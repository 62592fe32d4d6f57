// The app on the phone: the worker, whose pages it may keep, leaving, and the hint to install.
import { person } from "./store.js";

const HINT_FROM_VISIT = 2;

function tell(message) {
  navigator.serviceWorker.ready.then((found) => found.active?.postMessage(message));
}

function visits() {
  try {
    const seen = Number(localStorage.getItem("lipei-visits") ?? 0) + (sessionStorage.getItem("lipei-here") ? 0 : 1);
    sessionStorage.setItem("lipei-here", "1");
    localStorage.setItem("lipei-visits", String(seen));
    return seen;
  } catch {
    return 0;
  }
}

function offerInstall() {
  const box = document.querySelector("[data-install]");
  if (!box || visits() < HINT_FROM_VISIT || matchMedia("(display-mode: standalone)").matches) return;
  if (/iPhone|iPad/.test(navigator.userAgent)) box.hidden = false;
  addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    box.hidden = false;
    box.querySelector("button")?.addEventListener("click", () => event.prompt());
  });
}

/** Register the worker, tell it who is here, and have it forget on leaving. */
export function startApp() {
  offerInstall();
  document.querySelector("[data-again]")?.addEventListener("click", (event) => { event.preventDefault(); location.reload(); });
  if (!("serviceWorker" in navigator) || !document.body.dataset.sw) return;
  navigator.serviceWorker.register(document.body.dataset.sw, { scope: "/m/" }).catch(() => {});
  tell({ iAm: person() });
  document.addEventListener("submit", (event) => {
    if (event.target.matches("[data-logout]")) tell({ forget: true });
  });
}
