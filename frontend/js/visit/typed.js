// What was typed into a form that is not sent yet stays on the phone, until it is.
const KEPT = "lipei-typed-";

function keep(form) {
  const values = [...new FormData(form)].filter(([name, value]) => typeof value === "string" && name !== "csrfmiddlewaretoken");
  try {
    localStorage.setItem(KEPT + form.dataset.typed, JSON.stringify(values));
  } catch {
    // a phone that keeps nothing: the page itself still holds what was typed
  }
}

function restore(form) {
  let kept;
  try {
    kept = JSON.parse(localStorage.getItem(KEPT + form.dataset.typed) ?? "[]");
  } catch {
    return;
  }
  for (const [name, value] of kept) {
    const field = form.elements[name];
    if (field && field.type !== "hidden" && !field.value) field.value = value;
  }
}

function forget() {
  const open = new Set([...document.querySelectorAll("[data-typed]")].map((form) => KEPT + form.dataset.typed));
  const here = location.pathname.split("/").filter(Boolean).pop();
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith(KEPT) && key.endsWith(here) && !open.has(key)) localStorage.removeItem(key);
  }
}

/** Wire the forms with data-typed, and forget what belongs to forms that are gone. */
export function startTyped() {
  for (const form of document.querySelectorAll("form[data-typed]")) {
    restore(form);
    form.addEventListener("input", () => keep(form));
  }
  try {
    forget();
  } catch {
    // the browser keeps nothing
  }
}
