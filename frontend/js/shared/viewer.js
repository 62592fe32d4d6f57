// The large view of papers: next, previous, larger, smaller, turned. Scroll wheel with Ctrl and
// the keys + - r and the arrows do the same.
import { openDialog } from "./dialogs.js";

const STEP = 1.25;
let papers = [];
let at = 0;
let scale = 1;
let turn = 0;

function dialog() {
  return document.getElementById("u-viewer");
}

function apply() {
  const image = dialog().querySelector("[data-stage] img");
  if (image) image.style.transform = `scale(${scale}) rotate(${turn}deg)`;
}

function stageFor(link) {
  if (link.dataset.type === "image" || link.dataset.type === undefined) {
    const image = document.createElement("img");
    image.src = link.href;
    image.alt = link.dataset.title ?? "";
    return image;
  }
  if (link.dataset.type === "video") {
    const film = document.createElement("video");
    film.controls = true;
    film.src = link.href;
    return film;
  }
  const open = link.cloneNode(true);
  open.removeAttribute("data-doc");
  open.target = "_blank";
  return open;
}

function show(index) {
  at = (index + papers.length) % papers.length;
  scale = 1;
  turn = 0;
  const link = papers[at];
  const box = dialog();
  box.querySelector("h2").textContent = `${link.dataset.title} · ${at + 1}/${papers.length}`;
  box.querySelector("[data-note-line]").textContent = link.dataset.note ?? "";
  box.querySelector('[data-view="original"]').href = link.dataset.original ?? link.href;
  box.querySelector("[data-stage]").replaceChildren(stageFor(link));
}

const ACTS = {
  next: () => show(at + 1),
  previous: () => show(at - 1),
  larger: () => { scale = Math.min(8, scale * STEP); apply(); },
  smaller: () => { scale = Math.max(0.4, scale / STEP); apply(); },
  rotate: () => { turn = (turn + 90) % 360; apply(); },
};
const KEYS = { ArrowRight: "next", ArrowLeft: "previous", "+": "larger", "=": "larger", "-": "smaller", r: "rotate" };

/** Wire every paper on the page to the viewer, where there is one. */
export function startViewer() {
  document.addEventListener("click", (event) => {
    const act = event.target.closest("[data-view]")?.dataset.view;
    if (act && ACTS[act]) ACTS[act]();
    const link = event.target.closest("[data-doc]");
    if (!link || !dialog() || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    papers = [...link.closest("[data-docs]").querySelectorAll("[data-doc]")];
    show(papers.indexOf(link));
    openDialog("u-viewer");
  });
  document.addEventListener("keydown", (event) => {
    if (!dialog()?.open || !KEYS[event.key]) return;
    event.preventDefault();
    ACTS[KEYS[event.key]]();
  });
  document.addEventListener("wheel", (event) => {
    if (!event.ctrlKey || !event.target.closest?.("[data-stage]")) return;
    event.preventDefault();
    ACTS[event.deltaY < 0 ? "larger" : "smaller"]();
  }, { passive: false });
}
