// Taking a file in: checked, made smaller, kept on the phone, then sent.
import { say } from "../shared/words.js";
import { shrunk } from "./exif.js";
import { tooLong } from "./quality.js";
import { flush } from "./send.js";
import * as store from "./store.js";

const LARGEST_MB = { image: 40, video: 200, application: 40 };

/** Why a file cannot be taken, in words, or nothing. */
export async function objection(file) {
  if (file.size === 0) return say("empty");
  const limit = LARGEST_MB[file.type.split("/")[0]] ?? LARGEST_MB.application;
  if (file.size > limit * 1024 * 1024) return say("tooLarge", { limit });
  const seconds = file.type.startsWith("video/") ? await tooLong(file) : 0;
  return seconds ? say("videoLong", { seconds }) : "";
}

/** Keep a file and send it when that is possible. target: {kind, url, draft, claim}. Its record. */
export async function takeIn(file, target) {
  const { blob, originalHash } = await shrunk(file);
  const record = {
    id: store.freshId(),
    ...target,
    name: file.name || "photo.jpg",
    type: blob.type || file.type,
    size: blob.size,
    blob,
    originalHash,
    takenAt: new Date(file.lastModified || Date.now()).toISOString(),
    addedAt: Date.now(),
    state: "waiting",
  };
  await store.put("files", record);
  store.keepSafe();
  flush({ force: true });
  return record;
}

/** The state of a file in words, and its level for the colour. */
export function stateWords(file) {
  if (file.state === "sent") return [say("sent"), "ok"];
  if (file.state === "refused") return [say("refused", { why: file.why }), "bad"];
  if (file.state === "sending") return [say("sending", { percent: file.percent ?? 0 }), "warn"];
  if (!navigator.onLine) return [say("waiting"), "warn"];
  if (file.tries) return [say("failedOnce", { seconds: Math.max(1, Math.round((file.nextAt - Date.now()) / 1000)) }), "warn"];
  return [say("waiting"), "warn"];
}
