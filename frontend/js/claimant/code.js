// One-time codes: filled in from the message where the phone allows it, never sent by themselves;
// the button to send again waits its time.
import { say } from "../shared/words.js";

const DIGITS = /\D/g;

function wait(button) {
  let left = Number(button.dataset.resend);
  const show = () => {
    button.disabled = left > 0;
    button.textContent = left > 0 ? say("resendIn", { seconds: left }) : say("resend");
    left -= 1;
  };
  show();
  const timer = setInterval(() => { show(); if (left < -1) clearInterval(timer); }, 1000);
}

async function fromMessage(input) {
  if (!("OTPCredential" in self)) return;
  const stop = new AbortController();
  input.form?.addEventListener("submit", () => stop.abort());
  try {
    const found = await navigator.credentials.get({ otp: { transport: ["sms"] }, signal: stop.signal });
    input.value = found.code;
  } catch {
    // The person typed it, or the phone has no such service: nothing to do.
  }
}

/** Wire the code fields of the page. */
export function startCodes() {
  for (const box of document.querySelectorAll("[data-code]")) {
    const input = box.querySelector("input");
    input.addEventListener("input", () => { input.value = input.value.replace(DIGITS, "").slice(0, 6); });
    fromMessage(input);
    const again = box.querySelector("[data-resend]");
    if (again) wait(again);
  }
}
