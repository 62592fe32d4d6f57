// The photo guide: one frame after the other, judged on the phone, taken again or kept.
import { say } from "../shared/words.js";
import { objection, takeIn } from "./files.js";
import { judge } from "./quality.js";
import { draftId } from "./drafts.js";
import * as store from "./store.js";

const MARKS = [["sharp", "sharp", "blurred"], ["light", "bright", "dark"], ["large", "", "small"]];
const HINTS = [["light", "darkHint"], ["sharp", "blurHint"], ["large", "smallHint"]];
const FILM = "video";
const icons = document.body.dataset.icons;

function mark(name, good) {
  const made = document.createElement("span");
  made.className = "u-mark";
  made.dataset.level = good ? "ok" : "bad";
  made.innerHTML = `<svg class="u-icon" aria-hidden="true"><use href="${icons}#${good ? "check" : "x"}"/></svg>`;
  made.append(say(name));
  return made;
}

const isFilm = (file) => file.type.startsWith("video/");

/** A film is a further thing, taken beside any frame: its own frame shows what there is of it. */
class Guide {
  constructor(root) {
    this.root = root;
    this.draft = draftId() ?? root.dataset.draft;
    this.frames = [...root.querySelectorAll("[data-frames] > li")];
    this.pictures = this.frames.filter((frame) => frame.dataset.kind !== FILM);
    for (const frame of this.frames) {
      frame.hidden = frame.dataset.kind === FILM && frame.dataset.state !== "done";
      this.makeButton(frame);
    }
    for (const name of ["finder", "shutter"]) root.querySelector(`[data-${name}]`).hidden = false;
    this.wire();
    this.choose(this.pictures.find((frame) => frame.dataset.state !== "done") ?? this.pictures[0]);
    store.onChange(() => this.render());
    this.render();
  }

  part(name) {
    return this.root.querySelector(`[data-${name}]`);
  }

  makeButton(frame) {
    const label = frame.querySelector("label");
    label.querySelector("[data-plain]").remove();
    const button = document.createElement("button");
    button.type = "button";
    button.append(...label.childNodes);
    const film = frame.dataset.kind === FILM;
    button.addEventListener("click", () => (film ? this.part("video").click() : this.choose(frame)));
    label.replaceWith(button);
  }

  wire() {
    for (const name of ["camera", "album", "video"]) {
      const input = this.part(name);
      input.addEventListener("change", async () => {
        const files = [...input.files];
        input.value = "";
        if (files.length === 1) await this.consider(files[0]);
        else for (const file of files) await this.keep(file);
      });
    }
    this.part("retake").addEventListener("click", () => { this.clear(); this.part("camera").click(); });
    this.part("keep").addEventListener("click", () => this.keep(this.pending));
  }

  choose(frame) {
    this.now = frame;
    for (const one of this.frames) {
      if (one.dataset.state === "now") one.dataset.state = "";
      one.querySelector("button").removeAttribute("aria-current");
    }
    if (!frame.dataset.state) frame.dataset.state = "now";
    frame.querySelector("button").setAttribute("aria-current", "true");
    this.part("frame-name").textContent = frame.dataset.name;
    this.part("frame-tip").textContent = frame.dataset.tip;
    this.part("finder").dataset.frame = frame.dataset.shape;
    this.clear();
  }

  clear() {
    this.pending = null;
    const image = this.part("preview");
    if (image.src) URL.revokeObjectURL(image.src);
    image.hidden = true;
    image.removeAttribute("src");
    delete this.part("finder").dataset.taken;
    this.part("marks").replaceChildren();
    this.part("quality-hint").hidden = true;
    this.part("verdict").hidden = true;
    this.part("shutter").hidden = false;
  }

  async consider(file) {
    const words = await objection(file);
    if (words) return this.hint(words);
    if (!file.type.startsWith("image/")) return this.keep(file);
    this.pending = file;
    const image = this.part("preview");
    image.src = URL.createObjectURL(file);
    image.hidden = false;
    this.part("finder").dataset.taken = "";
    const found = await judge(file);
    this.showMarks(found);
    const bad = HINTS.find(([quality]) => !found[quality]);
    if (bad) this.hint(say(bad[1]));
    this.part("keep").querySelector("span").textContent = say(bad ? "keep" : "use");
    this.part("verdict").hidden = false;
    this.part("shutter").hidden = true;
  }

  showMarks(found) {
    const shown = found.known ? MARKS.filter(([quality, good]) => !found[quality] || good) : [];
    this.part("marks").replaceChildren(...shown.map(([quality, good, bad]) => mark(found[quality] ? good : bad, found[quality])));
  }

  hint(words) {
    const line = this.part("quality-hint");
    line.textContent = words;
    line.hidden = false;
  }

  async keep(file) {
    if (!file) return;
    const words = await objection(file);
    if (words) return this.hint(words);
    const frame = this.now;
    try {
      await takeIn(file, { kind: isFilm(file) ? FILM : frame.dataset.kind, url: this.root.dataset.url, draft: this.draft });
    } catch (error) {
      if (error.name === "QuotaExceededError") return this.hint(say("storageLow"));
      throw error;
    }
    if (isFilm(file)) return this.clear();
    frame.dataset.state = "done";
    const next = this.pictures.find((one) => !one.dataset.state);
    this.choose(next ?? frame);
  }

  async render() {
    const files = (await store.all("files")).filter((file) => file.draft === this.draft);
    for (const frame of this.frames) this.renderFrame(frame, files.filter((file) => file.kind === frame.dataset.kind));
    this.root.dispatchEvent(new CustomEvent("u-photos", { bubbles: true, detail: { missing: this.missing() } }));
  }

  renderFrame(frame, files) {
    if (!files.length) return;
    frame.hidden = false;
    const waiting = files.some((file) => file.state === "waiting" || file.state === "sending");
    frame.dataset.state = waiting ? "queued" : "done";
    frame.querySelector("[data-ok]").hidden = false;
    frame.querySelector("[data-count]").textContent = say("pieces", { n: files.length });
    const last = files.filter((file) => file.type.startsWith("image/")).pop();
    if (last && frame.dataset.shown !== last.id) {
      frame.dataset.shown = last.id;
      const image = frame.querySelector(".u-frames__box img") ?? document.createElement("img");
      image.alt = "";
      image.src = last.blob ? URL.createObjectURL(last.blob) : last.thumbUrl;
      frame.querySelector(".u-frames__box").prepend(image);
    }
  }

  missing() {
    const open = this.frames.filter((one) => "required" in one.dataset && !["done", "queued"].includes(one.dataset.state));
    return open.map((one) => one.dataset.name);
  }
}

/** Start the guides of the page, and tell the button below what is still missing. */
export function startPhotos() {
  if (!store.canKeep) return;
  const button = document.querySelector("[data-needs-photos]");
  const ready = button?.innerHTML;
  document.addEventListener("u-photos", (event) => {
    if (!button) return;
    const { missing } = event.detail;
    button.setAttribute("aria-disabled", String(missing.length > 0));
    if (missing.length) button.textContent = button.dataset.needsPhotos.replace("{missing}", missing.join("、"));
    else button.innerHTML = ready;
  });
  document.querySelectorAll("[data-photos]").forEach((root) => new Guide(root));
}
