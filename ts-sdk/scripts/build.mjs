/**
 * Builds the package into `dist/`: JavaScript and declarations of the public modules (tsc), and the isolate's runtime (esbuild).
 */
import { renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { buildPackage, packageFolder } from "./package.mjs";

// Built aside and moved at the end, so that whoever uses dist/ meanwhile sees one build or the other.
const staging = join(packageFolder, "artifacts", "build");
const dist = join(packageFolder, "dist");

await buildPackage(staging);
rmSync(dist, { recursive: true, force: true });
renameSync(staging, dist);
