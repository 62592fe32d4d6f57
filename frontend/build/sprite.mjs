// One SVG with a symbol for each icon that is used.
import { readFile } from "node:fs/promises";
import { join } from "node:path";

async function symbol(folder, name) {
  const text = await readFile(join(folder, `${name}.svg`), "utf8").catch(() => {
    throw new Error(`no icon is called ${name}`);
  });
  const body = text.match(/<svg[^>]*>([\s\S]*)<\/svg>/)[1];
  const marks = body.replace(/<path stroke="none"[^>]*\/>/g, "").replace(/\s*\n\s*/g, "");
  return `<symbol id="${name}" viewBox="0 0 24 24">${marks}</symbol>`;
}

/** The sprite of these icons, cut from a folder of single files. */
export async function sprite(folder, names) {
  const symbols = await Promise.all(names.map((name) => symbol(folder, name)));
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`;
}
