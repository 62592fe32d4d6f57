// Two rewrites of style sheets: leave out what no page uses, and repeat each dark rule for the
// theme "system" inside a media query, so that no script has to choose before the first paint.

const DARK = /\[data-bs-theme=["']?dark["']?\]/;
const CLASS = /\.((?:[\w-]|\\.)+)/g;

function skipString(css, at) {
  const quote = css[at];
  let end = at + 1;
  while (css[end] !== quote) end += css[end] === "\\" ? 2 : 1;
  return end;
}

/** The top rules of a sheet: {prelude, body} with body null for statements like @charset. */
export function rules(css) {
  const text = css.replace(/\/\*[\s\S]*?\*\//g, "");
  const found = [];
  let start = 0;
  let depth = 0;
  let open = 0;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at];
    if (sign === '"' || sign === "'") at = skipString(text, at);
    else if (sign === "\\") at += 1;
    else if (sign === "{" && depth++ === 0) open = at;
    else if (sign === ";" && depth === 0) { found.push({ prelude: text.slice(start, at).trim(), body: null }); start = at + 1; }
    else if (sign === "}" && --depth === 0) {
      found.push({ prelude: text.slice(start, open).trim(), body: text.slice(open + 1, at) });
      start = at + 1;
    }
  }
  return found;
}

function splitSelectors(prelude) {
  const parts = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < prelude.length; at += 1) {
    if ("([".includes(prelude[at])) depth += 1;
    if (")]".includes(prelude[at])) depth -= 1;
    if (prelude[at] === "," && !depth) { parts.push(prelude.slice(start, at)); start = at + 1; }
  }
  return [...parts, prelude.slice(start)].map((part) => part.trim());
}

function isNested(prelude) {
  return /^@(media|supports|layer|container)\b/.test(prelude);
}

function write({ prelude, body }) {
  return body === null ? `${prelude};` : `${prelude}{${body}}`;
}

function keptSelectors(prelude, used) {
  const needs = (selector) => [...selector.replace(/:not\([^)]*\)/g, "").matchAll(CLASS)].map(([, name]) => name.replace(/\\/g, ""));
  return splitSelectors(prelude).filter((selector) => needs(selector).every((name) => used.has(name)));
}

function keep(css, used) {
  return rules(css).map((rule) => {
    if (rule.body === null || rule.prelude.startsWith("@keyframes") || rule.prelude.startsWith("@font-face")) return write(rule);
    if (isNested(rule.prelude)) {
      const body = keep(rule.body, used);
      return body ? `${rule.prelude}{${body}}` : "";
    }
    const kept = keptSelectors(rule.prelude, used);
    return kept.length ? `${kept.join(",")}{${rule.body}}` : "";
  }).join("");
}

function withoutUnusedNames(css) {
  const asked = new Set([...css.matchAll(/var\((--[\w-]+)/g)].map(([, name]) => name));
  const variables = css.replace(/(--tblr-[\w-]+):(?:[^;{}"']|"[^"]*"|'[^']*')*(;|(?=\}))/g, (whole, name) => (asked.has(name) ? whole : ""));
  const animations = new Set([...variables.matchAll(/animation(?:-name)?:([^;}]*)/g)].flatMap(([, value]) => value.split(/[\s,]+/)));
  return rules(variables).filter((rule) => !rule.prelude.startsWith("@keyframes") || animations.has(rule.prelude.split(/\s+/)[1])).map(write).join("");
}

/** The sheet without the classes, variables and animations that nothing uses. */
export function purged(css, used) {
  let now = keep(css, used);
  for (let last = ""; last.length !== now.length;) {
    last = now;
    now = withoutUnusedNames(now);
  }
  return now;
}

/** The sheet with each rule for the dark theme repeated for "system" under the media query. */
export function withSystemTheme(css) {
  if (!DARK.test(css)) return css;
  return rules(css).map((rule) => {
    if (rule.body === null) return write(rule);
    if (isNested(rule.prelude)) return `${rule.prelude}{${withSystemTheme(rule.body)}}`;
    const dark = splitSelectors(rule.prelude).filter((selector) => DARK.test(selector));
    if (!dark.length) return write(rule);
    const system = dark.map((selector) => selector.replaceAll(new RegExp(DARK, "g"), "[data-bs-theme=system]")).join(",");
    return `${write(rule)}@media (prefers-color-scheme:dark){${system}{${rule.body}}}`;
  }).join("\n");
}
