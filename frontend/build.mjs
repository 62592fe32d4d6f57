// Builds what the browser gets: styles, scripts, the icon sprite and the fonts of the PDFs.
// `node build.mjs` writes into ../src/lipei/site/static/dist, all at once at the end, and fails
// above the budgets.
import { build } from "esbuild";
import { cp, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { purged, withSystemTheme } from "./build/css.mjs";
import { licences } from "./build/licences.mjs";
import { sprite } from "./build/sprite.mjs";
import { usedClasses, usedIcons } from "./build/scan.mjs";

const HERE = dirname(fileURLToPath(import.meta.url));
const SITE = join(HERE, "../src/lipei/site");
const SOURCES = join(HERE, "../src/lipei");
const SERVED = join(SITE, "static/dist");
const DIST = join(HERE, `dist/building-${process.pid}`);
const FONTS = join(SITE, "fonts");
const STAFF = ["chrome111", "safari16.2"];
const CLAIMANT = ["chrome87", "safari14"];
const BUDGET_KB = { claimant: 30, staff: 150 };

const styles = {
  name: "styles",
  setup(builder) {
    builder.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const text = await readFile(path, "utf8");
      const used = path.includes("@tabler") ? purged(text, await usedClasses(SOURCES)) : text;
      return { contents: withSystemTheme(used), loader: "css" };
    });
  },
};

function bundle(entries, target, format = "iife") {
  return build({
    entryPoints: entries.map((name) => join(HERE, name)),
    outdir: DIST,
    entryNames: "[name]",
    bundle: true,
    minify: true,
    legalComments: "none",
    charset: "utf8",
    format,
    target,
    // Safari 14 knows destructuring; esbuild doubts it for one rare case that is not used here.
    supported: { destructuring: true },
    nodePaths: [join(HERE, "node_modules")],
    plugins: [styles],
    logLevel: "warning",
  });
}

async function kilobytes(names) {
  const files = await Promise.all(names.map((name) => readFile(join(DIST, name))));
  return files.reduce((sum, file) => sum + gzipSync(file, { level: 9 }).length, 0) / 1024;
}

async function weigh() {
  const loads = {
    claimant: ["claimant.css", "claimant.js", "icons.svg"],
    staff: ["staff.css", "staff.js", "icons.svg", "desk.svg"],
  };
  let heavy = false;
  for (const [shell, names] of Object.entries(loads)) {
    const each = await Promise.all(names.map(async (name) => `${name} ${(await kilobytes([name])).toFixed(1)}`));
    const sum = await kilobytes(names);
    console.log(`${shell}: ${sum.toFixed(1)} KB of ${BUDGET_KB[shell]} KB gzip (${each.join(", ")})`);
    heavy ||= sum > BUDGET_KB[shell];
  }
  if (heavy) throw new Error("a page is heavier than its budget");
}

async function fonts() {
  await mkdir(FONTS, { recursive: true });
  const from = join(HERE, "node_modules/@expo-google-fonts/noto-sans-sc");
  for (const name of ["400Regular/NotoSansSC_400Regular.ttf", "700Bold/NotoSansSC_700Bold.ttf"]) {
    await cp(join(from, name), join(FONTS, name.split("/")[1]));
  }
  await cp(join(from, "LICENSE_FONT"), join(FONTS, "LICENSE"));
}

async function icons() {
  const from = join(HERE, "node_modules/@tabler/icons/icons/outline");
  const used = await usedIcons(SOURCES);
  await writeFile(join(DIST, "icons.svg"), await sprite(from, used.shared));
  await writeFile(join(DIST, "desk.svg"), await sprite(from, used.desk));
  await writeFile(join(DIST, "desk.json"), JSON.stringify(used.desk));
}

async function serve() {
  const before = `${DIST}-before`;
  await rename(SERVED, before).catch(() => {});
  await rename(DIST, SERVED);
  await rm(before, { recursive: true, force: true });
}

await mkdir(DIST, { recursive: true });
await Promise.all([
  bundle(["css/staff.css", "js/staff.js"], STAFF),
  bundle(["css/claimant.css", "css/plain.css", "css/visit.css", "js/claimant.js", "js/visit.js", "js/sw.js"], CLAIMANT),
  fonts(),
]);
await icons();
await writeFile(join(DIST, "licences.json"), JSON.stringify(await licences(HERE)));
await mkdir(join(HERE, "dist"), { recursive: true });
await cp(join(HERE, "node_modules/axe-core/axe.min.js"), join(HERE, "dist/axe.min.js"));
await weigh();
await serve();
