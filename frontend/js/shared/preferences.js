// Theme, size and keys change at once and are kept by the server in cookies; the language
// changes with the next page.
const root = document.documentElement;
const APPLY = {
  theme: (value) => root.setAttribute("data-bs-theme", value),
  size: (value) => (value === "large" ? root.setAttribute("data-size", value) : root.removeAttribute("data-size")),
  keys: (value) => root.setAttribute("data-keys", value),
};

function isDark() {
  const chosen = root.getAttribute("data-bs-theme");
  return chosen === "dark" || (chosen === "system" && matchMedia("(prefers-color-scheme: dark)").matches);
}

function keep(form, name, value) {
  const body = new URLSearchParams(new FormData(form));
  body.set(name, value);
  return fetch(form.action, { method: "POST", body, headers: { "X-Requested-With": "fetch" } });
}

function press(name, value) {
  for (const button of document.querySelectorAll(`.u-seg button[name="${name}"]`)) {
    button.setAttribute("aria-pressed", String(button.value === value));
  }
}

/** Take over every form that sets a preference. */
export function startPreferences() {
  document.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (!event.target.matches("[data-preferences]") || !button) return;
    event.preventDefault();
    const value = button.hasAttribute("data-theme-toggle") ? (isDark() ? "light" : "dark") : button.value;
    APPLY[button.name]?.(value);
    press(button.name, value);
    keep(event.target, button.name, value).then(() => button.name === "language" && location.reload());
  });
}
