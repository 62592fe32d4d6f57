// What the templates and pages really use: icons and class names.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

async function texts(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const wanted = entries.filter((entry) => entry.isFile() && /\.(html|py|toml)$/.test(entry.name));
  const paths = wanted.map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  return Promise.all(paths.sort().map((path) => readFile(path, "utf8")));
}

/** Every icon named by {% icon "…" %}, by icon="…", icon|default:"…", or icon="…" in Python. */
export async function usedIcons(folder) {
  const found = new Set(["check", "x"]);
  const shapes = [/\{% icon "([a-z0-9-]+)"/g, /icon(?:\|default:|=)"([a-z0-9-]+)"/g, /icon(?:: str)?["']?\s*[:=]\s*["']([a-z0-9-]+)["']/g];
  for (const text of await texts(folder)) {
    for (const shape of shapes) for (const [, name] of text.matchAll(shape)) found.add(name);
  }
  return [...found].sort();
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
