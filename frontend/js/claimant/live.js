// The progress page keeps itself true: it asks now and then whether anything happened and puts the
// new parts in place. Nothing is replaced while somebody types, chooses or sends in them.
const EVERY_MS = 15_000;
const AFTER_SENT_MS = 400;

function isBusy(main) {
  const active = document.activeElement;
  const typing = main.contains(active) && active.matches("input:not([type=file]), textarea, select");
  return typing || Boolean(main.querySelector("progress"));
}

function keepOpen(before, after) {
  const were = before.querySelectorAll("details");
  after.querySelectorAll("details").forEach((one, n) => { one.open = were[n]?.open ?? one.open; });
}

async function look(hero, onNew) {
  const main = document.querySelector("[data-live-main]");
  if (document.hidden || !main || isBusy(main)) return;
  const answer = await fetch(`${hero.dataset.live}?v=${hero.dataset.version}`, { credentials: "same-origin" });
  if (answer.status !== 200) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const [head, body] = [page.querySelector("[data-live-hero]"), page.querySelector("[data-live-main]")];
  if (!head || !body || isBusy(main)) return;
  keepOpen(main, body);
  hero.replaceChildren(...head.childNodes);
  hero.dataset.version = head.dataset.version;
  main.replaceChildren(...body.childNodes);
  onNew(main);
}

/** Keep the progress page true; `onNew` wires what came. */
export function startLive(onNew) {
  const hero = document.querySelector("[data-live]");
  if (!hero) return;
  const again = () => look(hero, onNew).catch(() => {});
  setInterval(again, EVERY_MS);
  document.addEventListener("visibilitychange", again);
  document.addEventListener("u-sent", () => setTimeout(again, AFTER_SENT_MS));
}
