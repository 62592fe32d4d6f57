// Short words after an act: gone after ten seconds or when the next act has its own, unless they
// say that something failed. The same failure is said once.
const STAYS_MS = 10_000;
const TOGETHER_MS = 500; // words of one act arrive within this time
const MOST = 5;

function box() {
  return document.getElementById("u-toasts");
}

/** Show a word. level: ok, bad or nothing; a bad one stays until it is closed. */
export function toast(text, level = "") {
  const one = document.createElement("div");
  one.className = "u-toast";
  one.dataset.level = level;
  one.dataset.toast = "";
  if (level === "bad") one.dataset.stays = "";
  one.setAttribute("role", level === "bad" ? "alert" : "status");
  const words = document.createElement("span");
  words.textContent = text;
  const close = document.createElement("button");
  close.type = "button";
  close.dataset.dismiss = "";
  close.className = "u-toast__close";
  close.textContent = "×";
  one.append(words, close);
  box()?.append(one);
  return one;
}

function arrived(one) {
  return Number(one.dataset.arrived ??= performance.now());
}

function words(one) {
  return one.querySelector("span")?.textContent;
}

function isOver(one, newest) {
  if (one === newest) return false;
  if (one.dataset.stays !== undefined) return words(one) === words(newest);
  return arrived(newest) - arrived(one) > TOGETHER_MS;
}

/** The newest word takes the place of those of earlier acts. */
function makeRoom(place) {
  const all = [...place.querySelectorAll("[data-toast]")];
  all.forEach(arrived);
  const left = all.filter((one) => !isOver(one, all.at(-1)));
  for (const one of all) if (!left.slice(-MOST).includes(one)) one.remove();
}

function time(one) {
  if (one.dataset.timed !== undefined || one.dataset.stays !== undefined) return;
  one.dataset.timed = "";
  let left = STAYS_MS;
  const timer = setInterval(() => {
    if (one.matches(":hover, :focus-within")) return;
    left -= 500;
    if (left > 0) return;
    clearInterval(timer);
    one.remove();
  }, 500);
}

/** Time every toast that is there or comes. */
export function startToasts() {
  const place = box();
  if (!place) return;
  const all = () => {
    makeRoom(place);
    place.querySelectorAll("[data-toast]").forEach(time);
  };
  new MutationObserver(all).observe(place, { childList: true });
  all();
  place.addEventListener("click", (event) => {
    if (event.target.closest("[data-dismiss]")) event.target.closest("[data-toast]").remove();
  });
}
