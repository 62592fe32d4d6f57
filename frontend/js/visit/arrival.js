// Arriving: the position is asked for once, then the form goes; without one a reason is needed.
import { say } from "../shared/words.js";

const PATIENCE_MS = 8000;
const NEARBY_MS = 60_000;

function position() {
  return new Promise((resolve) => {
    if (!navigator.geolocation) return resolve(null);
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => resolve(`${coords.latitude.toFixed(6)},${coords.longitude.toFixed(6)}`),
      () => resolve(null),
      { enableHighAccuracy: true, timeout: PATIENCE_MS, maximumAge: NEARBY_MS },
    );
  });
}

/** Wire the arrival form of the page, if there is one. */
export function startArrival() {
  const form = document.querySelector("form[data-arrive]");
  if (!form) return;
  const state = form.querySelector("[data-place-state]");
  const { where, device_at: deviceAt, no_position_reason: reason } = form.elements;
  let asked = false;
  form.addEventListener("submit", async (event) => {
    deviceAt.value = new Date().toISOString();
    if (where.value || (asked && reason.value.trim())) return;
    event.preventDefault();
    state.textContent = say("locating");
    where.value = (await position()) ?? "";
    asked = true;
    if (where.value || reason.value.trim()) {
      state.textContent = say("located");
      form.submit();
    } else {
      state.textContent = say("noPlace");
      reason.focus();
    }
  });
}
