// Builds the widget: a launcher under a name that stays, and the panel that it fetches when it is
// opened, under a name that changes with its bytes; and the script that opens the workspace from
// somebody's page. Each has a budget.

import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";

import { build } from "vite";

const ROOT = new URL("..", import.meta.url).pathname;
const OUT = `${ROOT}dist/chat`;

/** Largest sizes, in bytes after gzip. */
const BUDGETS = { widget: 8 * 1024, panel: 45 * 1024, workspace: 2 * 1024 };

async function bundled(entry, define = {}, folder = "widget") {
  const made = await build({
    root: ROOT,
    configFile: false,
    publicDir: false,
    logLevel: "error",
    define,
    build: {
      write: false,
      target: "es2022",
      minify: true,
      lib: { entry: `${ROOT}src/${folder}/${entry}.ts`, formats: ["iife"], name: "SwitchboardChat", fileName: entry },
    },
  });
  const [output] = Array.isArray(made) ? made : [made];
  // Pages in other encodings embed it too.
  return output.output[0].code.replace(/[^\x00-\x7f]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

function weighed(name, code) {
  const bytes = gzipSync(code, { level: 9 }).length;
  if (bytes > BUDGETS[name]) throw new Error(`${name} has ${bytes} bytes, more than ${BUDGETS[name]}`);
  console.log(`chat ${name}: ${bytes} bytes of ${BUDGETS[name]} (gzip)`);
  return code;
}

await mkdir(OUT, { recursive: true });
const panel = weighed("panel", await bundled("panel"));
const file = `panel-${createHash("sha256").update(panel).digest("hex").slice(0, 8)}.js`;
await writeFile(`${OUT}/${file}`, panel);
const launcher = await bundled("launcher", { PANEL_FILE: JSON.stringify(file) });
await writeFile(`${OUT}/widget.js`, weighed("widget", launcher));
await writeFile(`${OUT}/workspace.js`, weighed("workspace", await bundled("workspace", {}, "sdk")));
