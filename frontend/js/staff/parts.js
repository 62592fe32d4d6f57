// The Alpine parts of the staff shell. The CSP build reads properties and calls methods only.
import { say } from "../shared/words.js";

/** The side navigation on a phone. */
export function drawer() {
  return {
    shown: false,
    get state() {
      return this.shown ? "open" : "";
    },
    open() {
      this.shown = true;
      document.querySelector("#u-side a, #u-side button")?.focus();
    },
    close() {
      this.shown = false;
    },
  };
}

/** Picking rows of a list, and the bar of what can be done with them. */
export function bulk() {
  return {
    picked: 0,
    total: 0,
    init() {
      this.count();
      this.$root.addEventListener("change", () => this.count());
      this.$root.addEventListener("htmx:after:swap", () => this.count());
    },
    boxes() {
      return [...this.$root.querySelectorAll("[data-pick]")];
    },
    count() {
      this.total = this.boxes().length;
      this.picked = this.boxes().filter((box) => box.checked).length;
    },
    all(event) {
      for (const box of this.boxes()) box.checked = event.target.checked;
      this.count();
    },
    clear() {
      for (const box of this.boxes()) box.checked = false;
      this.count();
    },
    get any() {
      return this.picked > 0;
    },
    get none() {
      return this.picked === 0;
    },
    get full() {
      return this.total > 0 && this.picked === this.total;
    },
    get words() {
      return say("chosen", { n: this.picked });
    },
  };
}

/** The palette: arrows walk through the answers, Enter opens the one that is marked. */
export function palette() {
  return {
    at: -1,
    init() {
      this.$root.addEventListener("htmx:after:swap", () => this.mark(0));
    },
    hits() {
      return [...this.$root.querySelectorAll("a[role=option]")];
    },
    mark(index) {
      const hits = this.hits();
      this.at = hits.length ? (index + hits.length) % hits.length : -1;
      hits.forEach((hit, i) => hit.setAttribute("aria-selected", String(i === this.at)));
      hits[this.at]?.scrollIntoView({ block: "nearest" });
      this.$root.querySelector("input").setAttribute("aria-activedescendant", hits[this.at]?.id ?? "");
    },
    walk(event) {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        this.mark(this.at + (event.key === "ArrowDown" ? 1 : -1));
      } else if (event.key === "Enter" && this.at >= 0) {
        event.preventDefault();
        this.hits()[this.at].click();
      }
    },
  };
}
