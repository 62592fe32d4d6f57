// The worker of the claimants' pages. Its list of what to keep stands in front of it, written by
// the server: KEEP = [files, pages]. Pages come from the network first; a page that was seen is
// kept for the person who saw it, and forgotten when someone else comes or on leaving.
const [FILES, PAGES] = self.KEEP;
const SHELL = `lipei-shell-${[...JSON.stringify(self.KEEP)].reduce((sum, c) => (sum * 31 + c.charCodeAt(0)) >>> 0, 7).toString(36)}`;
const MINE = "lipei-mine";
const WHO = "/m/__who";
const OFFLINE = PAGES[0];
const BLANK = "00000000-0000-0000-0000-000000000000";
const STEP = /^\/m\/report\/[0-9a-f-]{36}\/step\/\d\/$/;
const KIND = /^\/m\/report\/[0-9a-f-]{36}\/kind\/$/;
const KEPT_PAGES = [/^\/m\/$/, STEP, /^\/m\/claims\//];
const NETWORK_MS = 6000;

async function install() {
  const shell = await caches.open(SHELL);
  await shell.addAll(FILES);
  await Promise.allSettled(PAGES.map((page) => shell.add(new Request(page, { credentials: "omit" }))));
  await self.skipWaiting();
}

async function activate() {
  for (const name of await caches.keys()) if (name.startsWith("lipei-shell-") && name !== SHELL) await caches.delete(name);
  await self.clients.claim();
}

async function whoIs(person) {
  const mine = await caches.open(MINE);
  const before = await (await mine.match(WHO))?.text();
  if (before === person) return;
  await caches.delete(MINE);
  const fresh = await caches.open(MINE);
  await fresh.put(WHO, new Response(person));
}

function timed(request) {
  return Promise.race([
    fetch(request),
    new Promise((_, reject) => setTimeout(() => reject(new Error("slow")), NETWORK_MS)),
  ]);
}

/** The empty page of a report: of the line that the address names; each line has its own. */
function blankFor(path, search) {
  const blank = path.replace(/[0-9a-f-]{36}/, BLANK);
  if (KIND.test(path)) return blank;
  return STEP.test(path) ? `${blank}?line=${new URLSearchParams(search).get("line") ?? "motor"}` : "";
}

async function page(request) {
  const { pathname, search } = new URL(request.url);
  try {
    const answer = await timed(request);
    const keeps = answer.ok && !answer.redirected && KEPT_PAGES.some((one) => one.test(pathname));
    if (keeps) (await caches.open(MINE)).put(pathname, answer.clone());
    return answer;
  } catch {
    const mine = await (await caches.open(MINE)).match(pathname);
    const shell = await caches.open(SHELL);
    const blank = blankFor(pathname, search);
    return mine ?? (blank && (await shell.match(blank))) ?? (await shell.match(OFFLINE)) ?? Response.error();
  }
}

async function file(request) {
  return (await (await caches.open(SHELL)).match(request)) ?? fetch(request);
}

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("message", (event) => {
  if (event.data?.forget) event.waitUntil(caches.delete(MINE));
  if (event.data?.iAm !== undefined) event.waitUntil(whoIs(event.data.iAm));
});
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate" && url.pathname.startsWith("/m/")) event.respondWith(page(request));
  else if (FILES.includes(url.pathname)) event.respondWith(file(request));
});
