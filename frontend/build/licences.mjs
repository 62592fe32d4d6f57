// What browsers and printed papers get from others: name, version, licence and its text, read from
// the packages. Tools that only build are left out.
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";

const TEXT = /^(licen[cs]e|copying|notice)/i;

async function text(folder) {
  const names = (await readdir(folder)).filter((name) => TEXT.test(name)).sort();
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
  return texts.map((one) => one.trim()).join("\n\n");
}

async function told(folder) {
  const { name, version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  return { name, version, licence: license ?? "", text: await text(folder) };
}

export async function licences(here) {
  const lock = JSON.parse(await readFile(join(here, "package-lock.json"), "utf8"));
  const folders = Object.entries(lock.packages).filter(([path, one]) => path && !one.dev && !one.optional && !one.devOptional);
  return Promise.all(folders.map(([path]) => told(join(here, path))));
}
