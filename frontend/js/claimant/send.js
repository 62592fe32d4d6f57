// Sending files and steps. Each file carries its own name as Idempotency-Key, so that the server
// takes it once however often it comes. Larger files go in parts and go on where they stopped.
import * as store from "./store.js";

const WHOLE_UP_TO = 2 * 1024 * 1024;
const PART_BYTES = 1024 * 1024;
const WAITS_S = [2, 5, 15, 60, 300];
const INCOMPLETE = 409;
const FORGET_MS = 3000;
let flushing = null;

/** The server said no for good: why, in words. */
export class Refusal extends Error {
  constructor(words, status = 0) {
    super(words);
    this.status = status;
  }
}

/** The server or the network is not there: worth another try. */
export class NotNow extends Error {}

function cookie(name) {
  return document.cookie.split("; ").find((one) => one.startsWith(`${name}=`))?.slice(name.length + 1) ?? "";
}

/** The token that proves that a request comes from our own pages. */
export function csrf() {
  return cookie("csrftoken") || document.querySelector("[name=csrfmiddlewaretoken]")?.value || "";
}

async function why(answer) {
  const text = await answer.text();
  try {
    const problem = JSON.parse(text);
    return problem.detail ?? problem.title ?? String(answer.status);
  } catch {
    const page = new DOMParser().parseFromString(text, "text/html");
    const said = ["[data-errors] li", ".u-error", "main .u-notice:not([hidden]) b", "h1"].map((one) => page.querySelector(one)).find(Boolean);
    return said?.textContent.trim().replace(/\s+/g, " ") || String(answer.status);
  }
}

/** Whether an answer is the sign-in instead of what was asked for: nothing was taken. */
export function isSignIn(answer) {
  return answer.redirected && new URL(answer.url).pathname.startsWith("/m/login/");
}

async function ask(url, options) {
  let answer;
  try {
    answer = await fetch(url, { credentials: "same-origin", ...options, headers: { "X-CSRFToken": csrf(), Accept: "application/json", ...options.headers } });
  } catch (error) {
    throw new NotNow(error.message);
  }
  if (isSignIn(answer)) throw new NotNow("sign in");
  if (answer.ok) return answer;
  const later = answer.status >= 500 || [401, 403, 408, 425, 429].includes(answer.status);
  if (later) throw new NotNow(String(answer.status));
  throw new Refusal(await why(answer), answer.status);
}

function about(file) {
  const facts = { kind: file.kind, client_id: file.id, name: file.name, taken_at: file.takenAt ?? "", original_sha256: file.originalHash ?? "" };
  if (file.draft) facts.draft = file.draft;
  if (file.claim) facts.claim = file.claim;
  return facts;
}

async function sendWhole(file, url) {
  const body = new FormData();
  for (const [name, value] of Object.entries(about(file))) body.append(name, value);
  body.append("file", file.blob, file.name);
  const answer = await ask(url, { method: "POST", body, headers: { "Idempotency-Key": file.id } });
  return answer.json();
}

async function sendParts(file, url, onProgress) {
  const size = file.blob.size;
  const parts = Math.ceil(size / PART_BYTES);
  for (let n = file.partsSent ?? 0; n < parts; n += 1) {
    const from = n * PART_BYTES;
    const to = Math.min(size, from + PART_BYTES);
    const headers = { "Content-Range": `bytes ${from}-${to - 1}/${size}`, "Content-Type": "application/octet-stream" };
    await ask(`${url}${file.id}/parts/${n}`, { method: "PUT", body: file.blob.slice(from, to), headers });
    await store.update("files", file.id, () => ({ partsSent: n + 1 }));
    onProgress(Math.round(((n + 1) / parts) * 100));
  }
  const body = JSON.stringify({ ...about(file), type: file.type, size, parts });
  const headers = { "Content-Type": "application/json", "Idempotency-Key": file.id };
  try {
    const answer = await ask(`${url}${file.id}/done`, { method: "POST", body, headers });
    return await answer.json();
  } catch (error) {
    if (error.status !== INCOMPLETE) throw error;
    await store.update("files", file.id, () => ({ partsSent: 0 }));
    throw new NotNow(error.message);
  }
}

/** A file of a claim is the claim's own now: the page shows it, this phone forgets it. */
function forgetSent(file) {
  document.dispatchEvent(new Event("u-sent"));
  if (file.claim) setTimeout(() => store.drop("files", file.id), FORGET_MS);
}

async function sendFile(file) {
  const progress = (percent) => store.update("files", file.id, () => ({ percent }));
  await store.update("files", file.id, () => ({ state: "sending", percent: Math.round(((file.partsSent ?? 0) * PART_BYTES * 100) / file.blob.size) }));
  try {
    const whole = file.blob.size <= WHOLE_UP_TO;
    const answer = whole ? await sendWhole(file, file.url) : await sendParts(file, file.url, progress);
    await store.update("files", file.id, () => ({ state: "sent", percent: 100, serverId: answer.id, thumbUrl: answer.thumb_url, blob: null }));
    forgetSent(file);
  } catch (error) {
    if (error instanceof Refusal) return store.update("files", file.id, () => ({ state: "refused", why: error.message }));
    const tries = (file.tries ?? 0) + 1;
    const wait = WAITS_S[Math.min(tries, WAITS_S.length) - 1];
    await store.update("files", file.id, () => ({ state: "waiting", tries, nextAt: Date.now() + wait * 1000 }));
    throw error;
  }
}

async function sendStep(draft, n) {
  const step = draft.steps[n];
  const body = new URLSearchParams(step.fields);
  body.set("csrfmiddlewaretoken", csrf());
  const headers = { "Idempotency-Key": `${draft.id}:${n}:${step.revision}`, "X-Requested-With": "fetch", Accept: "text/html" };
  const answer = await ask(step.url, { method: "POST", body, headers });
  await store.update("drafts", draft.id, (now) => ({ steps: { ...now.steps, [n]: { ...now.steps[n], sent: now.steps[n].revision === step.revision } } }));
  return answer.url;
}

async function sendDraft(draft) {
  const pending = Object.keys(draft.steps).map(Number).sort((a, b) => a - b).filter((n) => draft.steps[n].ready && !draft.steps[n].sent);
  for (const n of pending) {
    if (draft.steps[n].final && (await waitingFiles(draft.id)).length) return;
    try {
      const url = await sendStep(draft, n);
      if (draft.steps[n].final) await finish(draft, url);
    } catch (error) {
      if (error instanceof Refusal) await giveBack(draft, n, error.message);
      throw error;
    }
  }
}

/** A step that the server refused waits for the person again, on the page that says why. */
async function giveBack(draft, n, why) {
  await store.update("drafts", draft.id, (now) => ({ at: n, why, refusedStep: n, steps: { ...now.steps, [n]: { ...now.steps[n], ready: false } } }));
  if (location.pathname.startsWith(`/m/report/${draft.id}/`)) location.assign(draft.steps[n].url);
}

async function waitingFiles(draft) {
  return (await store.all("files")).filter((file) => file.draft === draft && ["waiting", "sending"].includes(file.state));
}

async function finish(draft, url) {
  for (const file of await store.all("files")) if (file.draft === draft.id) await store.drop("files", file.id);
  await store.drop("drafts", draft.id);
  if (location.pathname.startsWith(`/m/report/${draft.id}/`)) location.assign(url);
}

function unlessNotNow(error) {
  if (!(error instanceof NotNow)) throw error;
}

async function sendAll({ force }) {
  if (!navigator.onLine) return;
  for (const file of await store.all("files")) {
    const due = file.state === "waiting" || file.state === "sending";
    const now = force || !file.nextAt || file.nextAt <= Date.now();
    if (due && file.blob && now) await sendFile(file).catch(unlessNotNow);
  }
  for (const draft of await store.all("drafts")) await sendDraft(draft);
}

async function alone(work) {
  if (!navigator.locks) return work();
  return navigator.locks.request("lipei-send", { ifAvailable: true }, (lock) => (lock ? work() : undefined));
}

/** Send whatever waits. Never throws; what failed waits for its next time. */
export function flush({ force = false } = {}) {
  flushing ??= alone(() => sendAll({ force }))
    .catch((error) => error instanceof Refusal || error instanceof NotNow || console.error(error))
    .then(() => { flushing = null; scheduleNext(); });
  return flushing;
}

let timer = 0;
async function scheduleNext() {
  clearTimeout(timer);
  const times = (await store.all("files")).filter((file) => file.state === "waiting" && file.blob).map((file) => file.nextAt ?? 0);
  if (times.length) timer = setTimeout(flush, Math.max(1000, Math.min(...times) - Date.now()));
}

/** Send at the start, when the network is back, and when the page is seen again. */
export function startSending() {
  addEventListener("online", () => flush({ force: true }));
  document.addEventListener("visibilitychange", () => document.hidden || flush());
  addEventListener("pageshow", () => flush());
  flush();
}
