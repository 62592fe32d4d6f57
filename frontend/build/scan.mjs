// What the templates and pages really use: icons and class names.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

const DESK_ONLY = /templates\/(staff|desk|samples\/(?!m_))|\/site\/(desk\/|samples\.py$|pages\/desk)/;

async function texts(folder, wants = () => true) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const wanted = entries.filter((entry) => entry.isFile() && /\.(html|py|toml)$/.test(entry.name));
  const paths = wanted.map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  return Promise.all(paths.filter(wants).sort().map((path) => readFile(path, "utf8")));
}

// Every icon named by {% icon "…" %}, by icon="…", icon|default:"…", or icon="…" in Python.
async function icons(folder, wants) {
  const found = new Set(["check", "x"]);
  const shapes = [/\{% icon "([a-z0-9-]+)"/g, /icon(?:\|default:|=)"([a-z0-9-]+)"/g, /icon(?:: str)?["']?\s*[:=]\s*["']([a-z0-9-]+)["']/g];
  for (const text of await texts(folder, wants)) {
    for (const shape of shapes) for (const [, name] of text.matchAll(shape)) found.add(name);
  }
  return [...found].sort();
}

/** {shared, desk}: the icons of both shells, and those that only the desk uses. */
export async function usedIcons(folder) {
  const shared = await icons(folder, (path) => !DESK_ONLY.test(path));
  const all = await icons(folder, () => true);
  return { shared, desk: all.filter((name) => !shared.includes(name)) };
}

/** Every class name that stands in a class attribute. */
export async function usedClasses(folder) {
  const found = new Set(["active", "disabled", "show", "is-invalid"]);
  for (const text of await texts(folder)) {
    for (const [, value] of text.matchAll(/class(?:["']\s*:\s*|=)["']([^"']*)["']/g)) {
      for (const word of value.replace(/\{[%{].*?[%}]\}/g, " ").split(/\s+/)) if (word) found.add(word);
    }
  }
  return found;
}
