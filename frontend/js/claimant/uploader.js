// Every [data-uploader]: chosen or dropped files become rows with their state in words. A row
// of the missing papers (data-one) has no list of its own: it writes into its own line.
import { say } from "../shared/words.js";
import { objection, stateWords, takeIn } from "./files.js";
import { flush } from "./send.js";
import * as store from "./store.js";

const previews = new Map();

function preview(file) {
  if (!file.type.startsWith("image/") || !file.blob) return file.thumbUrl ?? "";
  if (!previews.has(file.id)) previews.set(file.id, URL.createObjectURL(file.blob));
  return previews.get(file.id);
}

function element(tag, className, text = "") {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

function button(text, act) {
  const made = element("button", "u-btn u-btn--small", text);
  made.type = "button";
  made.addEventListener("click", act);
  return made;
}

function row(file) {
  const line = document.createElement("li");
  const [words, level] = stateWords(file);
  const source = preview(file) || previews.get(file.id);
  const thumb = element(source ? "img" : "span", "u-up__thumb");
  if (source) Object.assign(thumb, { src: source, alt: "" });
  const state = element("span", "u-up__state", words);
  state.dataset.level = level;
  const acts = element("span", "u-up__act");
  if (file.state === "waiting") acts.append(button(say("retry"), () => flush({ force: true })));
  if (file.state === "waiting" || file.state === "refused") acts.append(button(say("remove"), () => store.drop("files", file.id)));
  line.append(thumb, element("span", "u-up__name", file.name), state, acts);
  if (file.state === "sending") line.append(bar(file));
  return line;
}

function bar(file) {
  const made = element("progress", "u-bar u-up__bar");
  made.max = 100;
  made.value = file.percent ?? 0;
  made.setAttribute("aria-label", file.name);
  return made;
}

function belongs(file, box) {
  const { kind, draft, claim } = box.dataset;
  return file.kind === kind && (file.draft ?? "") === (draft ?? "") && (file.claim ?? "") === (claim ?? "");
}

async function render(box) {
  const mine = (await store.all("files")).filter((file) => belongs(file, box));
  const list = box.querySelector("[data-list]");
  if (list) return list.replaceChildren(...mine.map(row));
  const last = mine[mine.length - 1];
  const line = box.querySelector("[data-state-line]");
  if (!last || !line) return;
  [line.textContent] = stateWords(last);
  box.querySelector("progress")?.remove();
  if (last.state === "sending") {
    const made = bar(last);
    made.classList.add("u-bar-row");
    box.append(made);
  }
}

function complain(box, words) {
  const line = box.querySelector("[data-state-line]");
  if (line) line.textContent = words;
  else {
    const item = element("li", "");
    const said = element("span", "u-up__state", words);
    said.dataset.level = "bad";
    item.append(said);
    box.querySelector("[data-list]")?.append(item);
  }
}

async function take(box, files) {
  for (const file of files) {
    const words = await objection(file);
    if (words) complain(box, `${file.name}：${words}`);
    else await takeIn(file, { kind: box.dataset.kind, url: box.dataset.url, draft: box.dataset.draft, claim: box.dataset.claim });
  }
}

function wire(box) {
  const input = box.querySelector("input[type=file]");
  input.addEventListener("change", async () => {
    const chosen = [...input.files];
    input.value = "";
    await take(box, chosen);
  });
  input.required = false;
  box.addEventListener("dragover", (event) => { event.preventDefault(); box.dataset.over = ""; });
  box.addEventListener("dragleave", () => delete box.dataset.over);
  box.addEventListener("drop", (event) => {
    event.preventDefault();
    delete box.dataset.over;
    take(box, [...event.dataTransfer.files]);
  });
}

/** Wire the uploaders of the page, and show what is under way. */
export function startUploaders() {
  const boxes = [...document.querySelectorAll("[data-uploader]")];
  if (!boxes.length || !store.canKeep) return;
  boxes.forEach(wire);
  const show = () => boxes.forEach(render);
  store.onChange(show);
  show();
}
