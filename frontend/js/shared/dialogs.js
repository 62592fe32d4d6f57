// Native dialogs: data-opens="id" opens, data-close closes, a click on the backdrop closes.
// A typed confirmation frees its button only when the words are the same. Menus are <details>.

/** Open a dialog by its id; where the browser has none, it is simply shown. */
export function openDialog(id) {
  const dialog = document.getElementById(id);
  if (!dialog) return null;
  if (dialog.showModal) dialog.open || dialog.showModal();
  else dialog.setAttribute("open", "");
  dialog.querySelectorAll("[data-must]").forEach(checkTyped);
  return dialog;
}

/** Close a dialog element. */
export function closeDialog(dialog) {
  if (dialog.close) dialog.close();
  else dialog.removeAttribute("open");
}

function checkTyped(input) {
  const button = input.form?.querySelector('[type="submit"]');
  if (button) button.disabled = input.value.trim() !== input.dataset.must;
}

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (menu !== except) menu.open = false;
  }
}

function onClick(event) {
  const opener = event.target.closest("[data-opens]");
  if (opener) {
    openDialog(opener.dataset.opens);
    if (!opener.hasAttribute("hx-get")) event.preventDefault();
  }
  const closer = event.target.closest("[data-close]");
  const dialog = event.target.closest("dialog");
  if (closer && dialog) closeDialog(dialog);
  else if (dialog && event.target === dialog) closeDialog(dialog);
  const inside = event.target.closest("details[data-menu]");
  closeMenus(event.target.closest(".u-menu__item") ? null : inside);
}

function onKey(event) {
  if (event.key !== "Escape") return;
  const menu = event.target.closest?.("details[data-menu][open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
}

/** Open what the server sent to be opened at once, inside an element or the page. */
export function openArrived(root = document) {
  for (const dialog of root.querySelectorAll("dialog[data-open-now]")) openDialog(dialog.id);
}

/** Wire dialogs and menus of the page. */
export function startDialogs() {
  document.addEventListener("click", onClick);
  document.addEventListener("keydown", onKey);
  document.addEventListener("input", (event) => event.target.dataset?.must !== undefined && checkTyped(event.target));
  openArrived();
}
