// Bundles the browser's part into web/dist: content-hashed files, a gzip copy of each, and manifest.json.
//
// crates/web/build.rs embeds the result and compares `sources` with what it computes itself, so that a
// changed script never goes out of step with the binary.
import { build } from "esbuild";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { gzipSync } from "node:zlib";

const here = new URL(".", import.meta.url).pathname;
const dist = join(here, "dist");

/** FNV-1a, 64 bits, over the names and contents of all sources; crates/web/build.rs does the same. */
function fingerprint() {
  const files = ["build.mjs", "package-lock.json", ...readdirSync(join(here, "src")).sort().map((name) => `src/${name}`)];
  let low = 0x84222325;
  let high = 0xcbf29ce4;
  const eat = (bytes) => {
    for (const byte of bytes) {
      low = (low ^ byte) >>> 0;
      // (high:low) * 0x100000001b3 without BigInt: 0x1b3 * low fits a double exactly.
      const product = low * 0x1b3;
      const carry = Math.floor(product / 0x100000000);
      high = (Math.imul(high, 0x1b3) + carry + (low << 8)) >>> 0;
      low = product >>> 0;
    }
  };
  for (const name of files) {
    eat(Buffer.from(name));
    eat(readFileSync(join(here, name)));
  }
  return high.toString(16).padStart(8, "0") + low.toString(16).padStart(8, "0");
}

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist, { recursive: true });
const result = await build({
  absWorkingDir: here,
  entryPoints: ["src/hutong.ts", "src/hutong.css", "src/mark.svg"],
  outdir: "dist",
  bundle: true,
  minify: true,
  splitting: true,
  format: "esm",
  target: ["es2022", "chrome109", "firefox115", "safari16.4"],
  entryNames: "[name]-[hash]",
  chunkNames: "chart-[hash]",
  assetNames: "[name]-[hash]",
  loader: { ".svg": "copy" },
  legalComments: "linked",
  metafile: true,
  logLevel: "warning",
});

const files = {};
for (const [path, output] of Object.entries(result.metafile.outputs)) {
  const name = basename(path);
  if (name.endsWith(".LEGAL.txt")) continue;
  const logical = output.entryPoint ? basename(output.entryPoint).replace(/\.ts$/, ".js") : name;
  files[logical] = name;
  const bytes = readFileSync(join(here, path));
  writeFileSync(join(dist, `${name}.gz`), gzipSync(bytes, { level: 9 }));
}
// One pair a line: build.rs reads it without a JSON parser.
writeFileSync(join(dist, "manifest.json"), `${JSON.stringify({ sources: fingerprint(), ...files }, null, 2)}\n`);
