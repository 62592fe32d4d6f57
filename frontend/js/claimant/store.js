// What this phone keeps until the server has it: drafts of reports and the files that belong to
// them. One IndexedDB with two stores. Records are deleted when sent, or after seven days.

const NAME = "lipei";
const WHO = "lipei-person";
const VERSION = 1;
const EXPIRES_MS = 7 * 24 * 3600 * 1000;
const LITTLE_BYTES = 50 * 1024 * 1024;
const FULL_SHARE = 0.9;
const events = new EventTarget();
const channel = "BroadcastChannel" in self ? new BroadcastChannel("lipei-store") : null;
let opening = null;

function open() {
  opening ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, VERSION);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("drafts", { keyPath: "id" });
      asked.result.createObjectStore("files", { keyPath: "id" });
    };
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  return opening;
}

async function run(store, mode, act) {
  const base = await open();
  return new Promise((resolve, reject) => {
    const work = base.transaction(store, mode);
    const asked = act(work.objectStore(store));
    work.oncomplete = () => resolve(asked?.result);
    work.onabort = work.onerror = () => reject(work.error ?? asked?.error);
  });
}

function lastHere(key) {
  try {
    if (key === undefined) return localStorage.getItem(WHO) ?? "";
    localStorage.setItem(WHO, key);
  } catch {
    // the browser keeps nothing: such a page then belongs to nobody
  }
  return key ?? "";
}

/**
 * Whose records these are: the key of who is signed in on this page. The pages that the phone keeps
 * for when there is no network (data-kept) know nobody: there it is who was here last.
 */
export function person() {
  const { person: here = "", kept } = document.body.dataset;
  if (kept !== undefined) return lastHere();
  return location.pathname.startsWith("/m/") ? lastHere(here) : here;
}

/** Whether a record may be shown and sent by who is signed in now. */
export function isMine(record) {
  return !record.person || record.person === person();
}

/** Tell this page and the others that something changed. */
export function changed() {
  events.dispatchEvent(new Event("change"));
  channel?.postMessage("change");
}

/** Call back after each change, from this page or another one. */
export function onChange(call) {
  events.addEventListener("change", call);
  channel?.addEventListener("message", call);
}

/** All records of a store ("drafts" or "files") that are ours. */
export async function all(store) {
  const found = await run(store, "readonly", (s) => s.getAll());
  return found.filter(isMine);
}

/** One record, or undefined. */
export function get(store, id) {
  return run(store, "readonly", (s) => s.get(id));
}

/** Keep a record. Rejects with QuotaExceededError when the phone is full. */
export async function put(store, record) {
  await run(store, "readwrite", (s) => s.put({ person: person(), ...record, changedAt: Date.now() }));
  changed();
}

/** Change a record that is there: `change` gets it and returns what differs. */
export async function update(store, id, change) {
  const record = await get(store, id);
  if (record) await put(store, { ...record, ...change(record) });
}

/** Forget a record. */
export async function drop(store, id) {
  await run(store, "readwrite", (s) => s.delete(id));
  changed();
}

/** Delete what is older than seven days; how many drafts that were. */
export async function expire() {
  const old = (record) => Date.now() - (record.addedAt ?? record.changedAt) > EXPIRES_MS;
  const drafts = (await all("drafts")).filter(old);
  const files = (await all("files")).filter(old);
  for (const draft of drafts) await drop("drafts", draft.id);
  for (const file of files) await drop("files", file.id);
  return drafts.length;
}

/** Whether the phone's storage is nearly full. False where the browser does not say. */
export async function isStorageLow() {
  if (!navigator.storage?.estimate) return false;
  const { quota = 0, usage = 0 } = await navigator.storage.estimate();
  return quota > 0 && (quota - usage < LITTLE_BYTES || usage / quota > FULL_SHARE);
}

/** Ask the browser not to clear what is kept. */
export function keepSafe() {
  navigator.storage?.persist?.();
}

/** A fresh name that no one else has. */
export function freshId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** Whether this browser can keep anything at all. */
export const canKeep = "indexedDB" in self;
