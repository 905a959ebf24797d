import path, { basename, join } from "node:path";
import * as posix from "path/posix";

const samples = [
  "",
  ".",
  "..",
  "/",
  "//",
  "a",
  "/a/b/",
  "/a/../b",
  "a//b/./c/..",
  "../x",
  "file.tar.gz",
  ".profile",
  "/x/.e.x",
  "ä/ö.ü",
];

/** Every function of node:path over samples; the same under Node.js and in the isolate. */
export function runPaths() {
  const results = [];
  for (const sample of samples) {
    results.push([
      path.basename(sample),
      basename(sample, ".gz"),
      path.dirname(sample),
      path.extname(sample),
      path.isAbsolute(sample),
      path.normalize(sample),
      path.parse(sample),
      path.format(path.parse(sample)),
      posix.resolve("/base", sample),
      path.resolve(sample) === path.join(process.cwd(), sample).replace(/(.)\/$/, "$1"),
    ]);
    for (const other of samples) {
      results.push([join(sample, other), path.relative(posix.join("/", sample), posix.join("/", other))]);
    }
  }
  return [results, path.sep, path.delimiter, typeof path.posix.join, path.toNamespacedPath("/a")];
}
