// Small things both shells do: copying, scrolling a stepper to the present step.
import { say } from "./words.js";
import { toast } from "./toasts.js";

async function copy(button) {
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.dataset.done = "";
    toast(say("copied"), "ok");
  } catch {
    toast(say("copyFailed"), "bad");
  }
}

/** Show the present step of every stepper without moving the page. */
export function showSteps(root = document) {
  for (const steps of root.querySelectorAll("[data-steps]")) {
    const now = steps.querySelector("[aria-current]");
    if (now) steps.scrollLeft = now.offsetLeft - steps.clientWidth / 2 + now.clientWidth / 2;
  }
}

/** Wire the small things. */
export function startSmall() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy]");
    if (button) copy(button);
  });
  showSteps();
}
