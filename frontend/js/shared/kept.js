// What somebody of the house typed and has not sent: <form data-keep="name">. It is kept on this
// device for this person, restored with a visible line (c/restored.html), and forgotten once the
// server took the form (its cookie says so), at sign-out, and after a day. Each page has a draft of
// its own: two reports in two tabs never mix.
const PREFIX = "lipei-kept-";
const LEAVING = "lipei-leaving";
const TAKEN = /(?:^|; )lipei_taken=([0-9a-z-]+)/;
const EXPIRES_MS = 24 * 3600 * 1000;
const NEVER_TYPES = new Set(["password", "file", "hidden", "submit", "button"]);
// What opens a door or names a person or an account to strangers is never kept, by name or by purpose.
const NEVER = /passw|code|otp|card|cvc|^cc-|account|id_?number|identity/i;
const drafts = new WeakMap();
let tab = "";

const person = () => document.body.dataset.person ?? "";
const freshId = () => Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");

/** Storage that may be full or forbidden: the page itself still holds what was typed. */
function trying(act, otherwise) {
  try {
    return act();
  } catch {
    return otherwise;
  }
}

function records() {
  const keys = Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
  return keys.map((key) => trying(() => JSON.parse(localStorage.getItem(key))) ?? { id: key.slice(PREFIX.length), at: 0 });
}

function drop(id) {
  localStorage.removeItem(PREFIX + id);
}

/** Hold this tab's name while the page with the form lives: other tabs leave its drafts alone. */
function nameTab() {
  if (tab) return;
  tab = sessionStorage.getItem(PREFIX) ?? freshId();
  sessionStorage.setItem(PREFIX, tab);
  navigator.locks?.request(PREFIX + tab, { mode: "shared" }, () => new Promise(() => {}));
}

async function openTabs() {
  const { held = [] } = (await navigator.locks?.query()) ?? {};
  return new Set(held.map((lock) => lock.name));
}

function isKept(field) {
  if (!field.name || field.closest("[data-keep-not]") || NEVER.test(field.name) || NEVER.test(field.autocomplete ?? "")) return false;
  return "keepToo" in field.dataset || !NEVER_TYPES.has(field.type);
}

function write(form, draft) {
  for (const hidden of form.querySelectorAll("[data-keep-too]")) draft.values[hidden.name] = [hidden.value];
  const record = { ...draft, person: person(), name: form.dataset.keep, tab, at: Date.now() };
  trying(() => localStorage.setItem(PREFIX + draft.id, JSON.stringify(record)));
}

function onTyped({ target }) {
  const draft = drafts.get(target.form);
  if (!draft || !isKept(target)) return;
  draft.values[target.name] = new FormData(target.form).getAll(target.name).filter((value) => typeof value === "string");
  write(target.form, draft);
}

function put(field, values) {
  const before = field.type === "radio" || field.type === "checkbox" ? field.checked : field.value;
  if (typeof before === "boolean") field.checked = values.includes(field.value);
  else if (field.tagName !== "SELECT" || [...field.options].some((one) => one.value === values[0])) field.value = values.shift() ?? "";
  return before !== (typeof before === "boolean" ? field.checked : field.value);
}

/** Put back what was typed; whether the page said something else. */
function refill(form, kept) {
  const left = new Map(Object.entries(kept).map(([name, values]) => [name, [...values]]));
  const fields = [...form.elements].filter((field) => left.has(field.name) && isKept(field));
  return fields.map((field) => put(field, left.get(field.name)) && field.type !== "hidden").some(Boolean);
}

function isFor(form) {
  return (record) => record.person === person() && record.name === form.dataset.keep;
}

function begin(form, draft) {
  drafts.set(form, draft);
  form.querySelector("input[name=kept]").value = draft.id;
}

function restore(form, record) {
  begin(form, { id: record.id, values: record.values });
  const line = form.querySelector("[data-restored]");
  if (!refill(form, record.values) || !line) return;
  const at = line.querySelector("[data-restored-at]");
  const parts = { month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  at.textContent = new Date(record.at).toLocaleString(document.documentElement.lang, parts);
  line.hidden = false;
}

function discard(form) {
  trying(() => drop(drafts.get(form).id));
  form.reset();
  for (const hidden of form.querySelectorAll("[data-keep-too]")) hidden.value = hidden.dataset.keepToo;
  begin(form, { id: freshId(), values: {} });
  form.querySelector("[data-restored]").hidden = true;
  [...form.elements].find((field) => isKept(field) && field.offsetParent)?.focus();
}

async function start(form) {
  trying(nameTab);
  const mark = Object.assign(document.createElement("input"), { type: "hidden", name: "kept" });
  form.append(mark);
  for (const hidden of form.querySelectorAll("[data-keep-too]")) hidden.dataset.keepToo = hidden.value;
  begin(form, { id: freshId(), values: {} });
  const mine = trying(records, []).filter(isFor(form)).sort((one, other) => other.at - one.at);
  const here = mine.find((record) => record.tab === tab);
  if (here) return restore(form, here);
  const open = mine.length ? await openTabs() : new Set();
  const left = mine.find((record) => !open.has(PREFIX + record.tab));
  if (left && !Object.keys(drafts.get(form).values).length) restore(form, left);
}

/** Forget what the server took, what is older than a day, and what belongs to who signed out. */
function forget() {
  const sent = document.cookie.match(TAKEN)?.[1];
  if (sent) document.cookie = "lipei_taken=; path=/; max-age=0; samesite=lax";
  const gone = localStorage.getItem(LEAVING);
  const left = gone && gone !== person();
  localStorage.removeItem(LEAVING);
  for (const { id, at, person: whose } of records()) {
    if (id === sent || Date.now() - at > EXPIRES_MS || (left && whose === gone)) drop(id);
  }
}

function onArrived() {
  trying(forget);
  if (!person()) return;
  for (const form of document.querySelectorAll("form[data-keep]")) if (!drafts.has(form)) start(form);
}

/** Wire the forms that keep what is typed, those that arrive later, and leaving. */
export function startKept() {
  document.addEventListener("input", onTyped);
  document.addEventListener("change", onTyped);
  document.addEventListener("click", ({ target }) => target.closest?.("[data-discard]") && discard(target.closest("form")));
  document.addEventListener("submit", ({ target }) => target.matches("[data-logout]") && trying(() => localStorage.setItem(LEAVING, person())));
  document.addEventListener("htmx:after:swap", onArrived);
  onArrived();
}
