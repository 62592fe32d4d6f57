// Photographs of a visit: judged on the phone, taken again or kept, queued without a network.
import { say } from "../shared/words.js";
import { objection, stateWords, takeIn } from "../claimant/files.js";
import { judge } from "../claimant/quality.js";
import * as store from "../claimant/store.js";

const HINTS = [["light", "darkHint"], ["sharp", "blurHint"], ["large", "smallHint"]];
const KIND = "survey";
const icons = document.body.dataset.icons;
const pictures = new Map();

function mark(name) {
  return `<svg class="u-icon" aria-hidden="true"><use href="${icons}#${name}"/></svg>`;
}

function tile(file) {
  const item = document.createElement("li");
  item.dataset.state = file.state === "sent" ? "done" : "queued";
  item.dataset.queued = file.id;
  const [words, level] = stateWords(file);
  item.innerHTML = `<span class="u-frames__box"><img alt=""><span class="u-frames__ok">${mark(file.state === "sent" ? "check" : "x")}</span></span><b></b><small data-level></small>`;
  if (!pictures.has(file.id) && file.blob && file.type.startsWith("image/")) pictures.set(file.id, URL.createObjectURL(file.blob));
  const image = item.querySelector("img");
  const source = pictures.get(file.id) ?? file.thumbUrl;
  if (source) image.src = source;
  else image.remove();
  if (file.state !== "sent" && file.state !== "refused") item.querySelector(".u-frames__ok").textContent = "…";
  item.querySelector("b").textContent = say("photo");
  const line = item.querySelector("small");
  line.textContent = words;
  line.dataset.level = level;
  return item;
}

class Shots {
  constructor(root) {
    this.root = root;
    this.tiles = root.querySelector("[data-tiles]");
    this.root.querySelector("[data-plain-photos]")?.remove();
    this.root.querySelectorAll("[data-add]").forEach((one) => { one.hidden = false; });
    for (const name of ["camera", "album"]) this.part(name)?.addEventListener("change", (event) => this.chosen(event.target));
    this.part("retake").addEventListener("click", () => { this.clear(); this.part("camera").click(); });
    this.part("keep").addEventListener("click", () => this.keep(this.pending));
    store.onChange(() => this.render());
    this.render();
  }

  part(name) {
    return this.root.querySelector(`[data-${name}]`);
  }

  async chosen(input) {
    const files = [...input.files];
    input.value = "";
    if (files.length === 1) return this.consider(files[0]);
    for (const file of files) await this.keep(file);
  }

  async consider(file) {
    const words = await objection(file);
    if (words) return this.hint(words);
    if (!file.type.startsWith("image/")) return this.keep(file);
    const found = await judge(file);
    const bad = HINTS.find(([quality]) => !found[quality]);
    if (!bad) return this.keep(file);
    this.pending = file;
    const image = this.part("preview");
    image.src = URL.createObjectURL(file);
    this.hint(say(bad[1]));
  }

  hint(words) {
    this.part("hint").textContent = words;
    this.part("verdict").hidden = false;
    this.part("keep").hidden = !this.pending;
    this.part("keep").focus();
  }

  clear() {
    const image = this.part("preview");
    if (image.src) URL.revokeObjectURL(image.src);
    image.removeAttribute("src");
    this.pending = null;
    this.part("verdict").hidden = true;
  }

  async keep(file) {
    if (!file) return;
    const words = await objection(file);
    if (words) return this.hint(words);
    try {
      await takeIn(file, { kind: KIND, url: this.root.dataset.url, claim: this.root.dataset.claim });
      this.clear();
    } catch (error) {
      if (error.name !== "QuotaExceededError") throw error;
      this.hint(say("storageLow"));
    }
  }

  async render() {
    const mine = (await store.all("files")).filter((file) => file.claim === this.root.dataset.claim && file.kind === KIND);
    this.tiles.querySelectorAll("[data-queued]").forEach((one) => one.remove());
    const shown = mine.filter((file) => file.state !== "sent" || !this.stands(file));
    this.tiles.append(...shown.map(tile));
    this.tellWaiting(mine.filter((file) => file.blob && file.state !== "refused").length);
    if (mine.some((file) => file.state === "sent")) this.sent(mine);
  }

  /** A file that the server has shown on this page already. */
  stands(file) {
    return file.thumbUrl && this.tiles.querySelector(`img[src="${CSS.escape(file.thumbUrl)}"]`);
  }

  tellWaiting(count) {
    const line = document.querySelector("[data-offline-line]");
    if (!line) return;
    line.hidden = !count || navigator.onLine;
    line.querySelector("[data-words]").textContent = say("photosHere", { n: count });
  }

  /** Once all are with the server, what is missing is asked anew, unless somebody is typing. */
  async sent(mine) {
    if (mine.some((file) => file.state === "waiting" || file.state === "sending")) return;
    for (const file of mine.filter((one) => one.state === "sent")) if (this.stands(file)) await store.drop("files", file.id);
    const missing = document.querySelector('.u-cta a[href="#photos"]');
    const typing = document.activeElement?.matches("input:not([type=file]), textarea");
    if (missing && !typing) location.reload();
  }
}

/** Wire the photographs of the page, and say again when the network comes or goes. */
export function startShots() {
  const root = document.querySelector("[data-shots]");
  if (!root || !root.querySelector("[data-add]")) return;
  const shots = new Shots(root);
  for (const name of ["online", "offline"]) addEventListener(name, () => shots.render());
}
