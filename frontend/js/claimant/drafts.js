// The steps of a report: kept on the phone at each stroke, posted when there is a network, and
// carried on without one. The forms are ordinary forms: <form data-report data-step="2"
// data-next="…/step/3/">, the last one with data-final.
import { say } from "../shared/words.js";
import { flush, csrf, isSignIn } from "./send.js";
import * as store from "./store.js";

const SAVE_AFTER_MS = 400;
const BLANK = "00000000-0000-0000-0000-000000000000";
const LEFT_OUT = new Set(["csrfmiddlewaretoken"]);

/** The report that this page is about, from its address. */
export function draftId() {
  return location.pathname.match(/^\/m\/report\/([0-9a-f-]{36})\//)?.[1];
}

function fields(form) {
  return [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !LEFT_OUT.has(name));
}

function restore(form, saved) {
  const values = new Map();
  for (const [name, value] of saved) values.set(name, [...(values.get(name) ?? []), value]);
  for (const element of form.elements) {
    const kept = values.get(element.name);
    if (!kept || element.type === "hidden" || element.type === "file") continue;
    if (element.type === "radio" || element.type === "checkbox") element.checked = kept.includes(element.value);
    else [element.value] = kept;
  }
}

class Report {
  constructor(form) {
    this.form = form;
    this.id = draftId();
    this.step = Number(form.dataset.step);
    this.timer = 0;
  }

  async start() {
    const draft = await store.get("drafts", this.id);
    const saved = draft?.steps?.[this.step];
    if (saved && !saved.sent) restore(this.form, saved.fields);
    this.form.addEventListener("input", () => this.later());
    this.form.addEventListener("change", () => this.later());
    this.form.addEventListener("submit", (event) => this.submit(event));
    document.addEventListener("visibilitychange", () => document.hidden && "unsaved" in this.form.dataset && this.save({ ready: false }));
  }

  later() {
    clearTimeout(this.timer);
    this.form.dataset.unsaved = "";
    this.timer = setTimeout(() => this.save({ ready: false }), SAVE_AFTER_MS);
  }

  async save({ ready }) {
    clearTimeout(this.timer);
    const draft = (await store.get("drafts", this.id)) ?? { id: this.id, steps: {}, addedAt: Date.now() };
    const before = draft.steps[this.step];
    const step = {
      fields: fields(this.form),
      url: location.pathname,
      revision: (before?.revision ?? 0) + 1,
      ready: ready || Boolean(before?.ready && !before.sent),
      final: "final" in this.form.dataset,
      sent: false,
    };
    await store.put("drafts", { ...draft, at: this.step, why: "", refusedStep: 0, steps: { ...draft.steps, [this.step]: step } });
    delete this.form.dataset.unsaved;
  }

  async submit(event) {
    const plain = event.submitter?.hasAttribute("data-plain-submit");
    if (plain && navigator.onLine) return;
    event.preventDefault();
    if (plain) return this.leave();
    const button = event.submitter;
    if (button?.getAttribute("aria-disabled") === "true" || this.busy) return;
    this.busy = true;
    button?.setAttribute("aria-busy", "true");
    await this.save({ ready: true });
    const answer = await this.post();
    this.busy = false;
    button?.removeAttribute("aria-busy");
    if (answer === null) this.carryOn();
  }

  /** Without a network everything is kept here, and the way out leads to the kept start page. */
  async leave() {
    await this.save({ ready: false });
    location.assign("/m/");
  }

  /** Post this step now. null when it must wait; the server's page takes over otherwise. */
  async post() {
    if (!navigator.onLine || (await this.mustWait())) return null;
    const body = new URLSearchParams(fields(this.form));
    body.set("csrfmiddlewaretoken", csrf());
    const { revision } = (await store.get("drafts", this.id)).steps[this.step];
    const headers = { "Idempotency-Key": `${this.id}:${this.step}:${revision}`, "X-Requested-With": "fetch", "X-CSRFToken": csrf() };
    let answer;
    try {
      answer = await fetch(location.pathname, { method: "POST", body, headers, credentials: "same-origin" });
    } catch {
      return null;
    }
    if (answer.status >= 500) return null;
    if (isSignIn(answer)) return location.assign(answer.url);
    if (answer.ok && answer.redirected) return this.accepted(answer.url);
    return this.refused(await answer.text());
  }

  async mustWait() {
    if (!(await this.isBehind())) return false;
    await flush({ force: true });
    const draft = await store.get("drafts", this.id);
    return !draft || (await this.isBehind());
  }

  /** Whether something that belongs before this step has not arrived yet. */
  async isBehind() {
    const draft = await store.get("drafts", this.id);
    const earlier = Object.entries(draft.steps).some(([n, step]) => Number(n) < this.step && step.ready && !step.sent);
    if (earlier || !("final" in this.form.dataset)) return earlier;
    return (await store.all("files")).some((file) => file.draft === this.id && file.blob && file.state !== "refused");
  }

  async accepted(url) {
    await store.update("drafts", this.id, (draft) => ({ steps: { ...draft.steps, [this.step]: { ...draft.steps[this.step], sent: true } } }));
    if ("final" in this.form.dataset) await store.drop("drafts", this.id);
    location.assign(url);
    return url;
  }

  refused(html) {
    const page = new DOMParser().parseFromString(html, "text/html");
    const main = page.querySelector("main");
    if (!main) return null;
    document.querySelector("main").replaceWith(main);
    main.querySelector("[data-errors]")?.focus();
    startDrafts();
    document.dispatchEvent(new Event("u-page"));
    return "";
  }

  async carryOn() {
    if ("final" in this.form.dataset) {
      const still = await store.get("drafts", this.id);
      return still && this.showQueued();
    }
    const next = this.form.dataset.next.replace(BLANK, this.id);
    location.assign(next);
  }

  showQueued() {
    const box = document.querySelector("[data-offline]");
    if (!box) return;
    box.hidden = false;
    box.dataset.held = "";
    box.querySelector("[data-offline-title]").textContent = say("queuedTitle");
    box.querySelector("[data-offline-words]").textContent = say("queued");
    box.scrollIntoView({ block: "center" });
  }
}

function linkDrafts() {
  const start = document.querySelector("[data-report-offline]");
  start?.addEventListener("click", (event) => {
    event.preventDefault();
    location.assign(`/m/report/${store.freshId()}/kind/`);
  });
}

/** On an empty page that the phone keeps: the links lead on within this report, the loss is now. */
function fillKept() {
  if (!("kept" in document.body.dataset)) return;
  const now = new Date();
  const at = document.querySelector("[type=datetime-local]");
  if (at && !at.value) at.value = new Date(now - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
  for (const link of document.querySelectorAll(`a[href*="${BLANK}"]`)) link.href = link.getAttribute("href").replace(BLANK, draftId());
}

/** Wire the report form of the page, if there is one, and the way into a report without network. */
export function startDrafts() {
  linkDrafts();
  const form = document.querySelector("form[data-report]");
  if (draftId()) fillKept();
  if (form && draftId() && store.canKeep) new Report(form).start();
}
