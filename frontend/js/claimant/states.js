// How things stand on this phone, in words: the line under the report, the notice without
// network, the list of drafts.
import { say } from "../shared/words.js";
import { draftId } from "./drafts.js";
import * as store from "./store.js";

const time = new Intl.DateTimeFormat("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false });

function isOpen(file) {
  return file.blob && file.state !== "refused";
}

function showLine(draft, files) {
  const line = document.querySelector("[data-draft-state]");
  if (!line || (!draft && !files.length)) return;
  const open = files.filter(isOpen);
  const sending = open.find((file) => file.state === "sending");
  const at = time.format(draft?.changedAt ?? Date.now());
  const words = sending ? say("sending", { percent: sending.percent ?? 0 }) : open.length ? say("waiting") : say("savedHere", { time: at });
  line.hidden = false;
  line.dataset.level = open.length ? "warn" : "ok";
  line.querySelector("span").textContent = draft?.why ? say("refusedStep", { why: draft.why }) : words;
}

function showNotice(draft, files) {
  const box = document.querySelector("[data-offline]");
  if (!box || "held" in box.dataset) return;
  const open = files.filter(isOpen);
  box.hidden = navigator.onLine;
  if (box.hidden) return;
  box.querySelector("[data-offline-title]").textContent = say("savedOffline");
  const at = time.format(draft?.changedAt ?? Date.now());
  const words = open.length ? say("savedOfflineMore", { n: open.length, time: at }) : say("waiting");
  box.querySelector("[data-offline-words]").textContent = words;
}

function showList(drafts) {
  const box = document.querySelector("[data-draft-list]");
  if (!box) return;
  box.hidden = !drafts.length;
  box.querySelector("ul").replaceChildren(...drafts.map((draft) => {
    const item = document.createElement("li");
    const link = document.createElement("a");
    const line = Object.values(draft.steps ?? {})[0]?.fields.find(([name]) => name === "line")?.[1] ?? "motor";
    link.href = `/m/report/${draft.id}/step/${draft.at ?? 1}/?line=${line}`;
    link.textContent = `${say("draftsFound")} · ${time.format(draft.changedAt)}`;
    item.append(link);
    return item;
  }));
}

async function show() {
  const id = draftId();
  const drafts = await store.all("drafts");
  const files = await store.all("files");
  showList(drafts);
  const draft = drafts.find((one) => one.id === id);
  const mine = id ? files.filter((file) => file.draft === id) : files;
  showLine(draft, mine);
  showNotice(draft, mine);
}

/** Show the states and keep them true; say once when drafts expired or the phone is full. */
export async function startStates(toast) {
  if (!store.canKeep) return;
  for (const name of ["online", "offline"]) addEventListener(name, show);
  store.onChange(show);
  document.addEventListener("u-page", show);
  if (await store.expire()) toast(say("expired"), "bad");
  if (await store.isStorageLow()) toast(say("storageLow"), "bad");
  show();
}
