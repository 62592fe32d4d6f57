// The signature pad: strokes by finger, pen or mouse, kept as points, drawn in the colour of the
// theme and handed over as the path of an SVG. A typed name does the same without drawing.
import { say } from "../shared/words.js";

const WIDTH = 3.2;
const NEAR = 2;
const LONGEST = 19_000;

function pathOf(strokes, near) {
  return strokes.map((stroke) => {
    const kept = [stroke[0]];
    for (const point of stroke) {
      const last = kept[kept.length - 1];
      if (Math.hypot(point[0] - last[0], point[1] - last[1]) >= near) kept.push(point);
    }
    return kept.map(([x, y], n) => `${n ? "L" : "M"}${Math.max(0, Math.round(x))} ${Math.max(0, Math.round(y))}`).join("");
  }).join("");
}

function strokesOf(path) {
  return path.split("M").filter(Boolean).map((stroke) => stroke.split("L").map((point) => point.split(" ").map(Number)));
}

class Pad {
  constructor(root) {
    this.root = root;
    this.box = root.querySelector("[data-pad]");
    this.canvas = root.querySelector("canvas");
    this.strokes = strokesOf(root.querySelector("[data-image]").value);
    this.box.hidden = false;
    const typed = root.querySelector("[data-typed]");
    typed.open = Boolean(typed.querySelector("input").value || typed.querySelector("[data-bad]"));
    if (this.strokes.length) this.showSigned();
    this.resize();
    addEventListener("resize", () => this.resize());
    this.canvas.addEventListener("pointerdown", (event) => this.begin(event));
    this.canvas.addEventListener("pointermove", (event) => this.draw(event));
    root.querySelector("[data-clear]").addEventListener("click", () => this.clear());
    root.closest("form")?.addEventListener("submit", (event) => this.check(event));
  }

  resize() {
    const scale = devicePixelRatio || 1;
    this.canvas.width = this.canvas.clientWidth * scale;
    this.canvas.height = this.canvas.clientHeight * scale;
    this.paint(this.canvas, getComputedStyle(this.root).color, scale);
  }

  point(event) {
    const frame = this.canvas.getBoundingClientRect();
    return [event.clientX - frame.left, event.clientY - frame.top];
  }

  begin(event) {
    event.preventDefault();
    this.canvas.setPointerCapture(event.pointerId);
    this.strokes.push([this.point(event)]);
    this.showSigned();
  }

  showSigned() {
    delete this.box.dataset.empty;
    this.root.querySelector("[data-clear]").hidden = false;
    this.root.querySelector("[data-sign-state]").textContent = say("signed");
  }

  draw(event) {
    if (!event.buttons || !this.strokes.length) return;
    const more = event.getCoalescedEvents?.() ?? [];
    for (const one of more.length ? more : [event]) this.strokes[this.strokes.length - 1].push(this.point(one));
    this.resize();
  }

  paint(canvas, colour, scale) {
    const pen = canvas.getContext("2d");
    pen.setTransform(scale, 0, 0, scale, 0, 0);
    pen.clearRect(0, 0, canvas.width, canvas.height);
    Object.assign(pen, { strokeStyle: colour, lineWidth: WIDTH, lineCap: "round", lineJoin: "round" });
    for (const stroke of this.strokes) {
      pen.beginPath();
      pen.moveTo(...stroke[0]);
      for (const point of stroke) pen.lineTo(...point);
      pen.stroke();
    }
  }

  clear() {
    this.strokes = [];
    this.box.dataset.empty = "";
    this.root.querySelector("[data-clear]").hidden = true;
    this.root.querySelector("[data-sign-state]").textContent = "";
    this.resize();
  }

  path() {
    let near = NEAR;
    let path = pathOf(this.strokes, near);
    while (path.length > LONGEST) path = pathOf(this.strokes, near *= 2);
    return path;
  }

  check(event) {
    const typed = this.root.querySelector("[data-typed] input").value.trim();
    this.root.querySelector("[data-image]").value = this.path();
    if (this.strokes.length || typed || event.submitter?.formNoValidate) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const state = this.root.querySelector("[data-sign-state]");
    state.textContent = say("signEmpty");
    this.root.scrollIntoView({ block: "center" });
  }
}

/** Start the pads of the page. */
export function startSigning() {
  document.querySelectorAll("[data-sign]").forEach((root) => new Pad(root));
}
