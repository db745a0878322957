// node static/build.mjs: styles, scripts, fonts and the mark -> build/assets/dist (never committed).
// Entry names are fixed (Django's manifest storage hashes them); chunks and media carry esbuild's hash.
import { build } from "esbuild";
import { cp, mkdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const dist = join(root, "build/assets/dist");
const out = join(root, `build/dist-${process.pid}`); // built beside, then put in place: a running server never finds it half done
const shared = {
  absWorkingDir: root, outdir: out, bundle: true, minify: true, metafile: true, legalComments: "none", logLevel: "warning",
  target: ["es2022", "chrome123", "firefox121", "safari17.5"],
};
await mkdir(out, { recursive: true });
const results = await Promise.all([
  build({ ...shared, entryPoints: { app: "static/css/app.css" }, loader: { ".woff2": "file" }, assetNames: "media/[name]-[hash]" }),
  build({ ...shared, entryPoints: { theme: "static/js/theme.js" }, format: "iife" }),
  build({ ...shared, entryPoints: { main: "static/js/main.js" }, format: "esm", splitting: true, chunkNames: "chunks/[name]-[hash]" }),
  cp(join(root, "static/img"), out, { recursive: true }),
]);
await rm(dist, { recursive: true, force: true });
await mkdir(dirname(dist), { recursive: true });
await rename(out, dist);
for (const result of results) {
  for (const [file, { bytes }] of Object.entries(result?.metafile?.outputs ?? {})) {
    if (/\.(js|css)$/.test(file)) console.log(`${String(Math.ceil(bytes / 1024)).padStart(5)} KB  ${file.replace(/^.*dist-\d+\//, "")}`);
  }
}
