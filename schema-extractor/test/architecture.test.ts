import { deepEqual } from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { home } from "./extraction-cases.ts";

const source = join(home, "src");
const files = readdirSync(source, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));

suite("the architecture", () => {
  test("the compiler: imported by the checker's wrapper only, so that another version can take its place", () => {
    const importers = files.filter((file) => /from "typescript"/.test(readFileSync(join(source, file), "utf8")));
    deepEqual(
      importers.filter((file) => !file.startsWith("checker/")),
      [],
    );
  });

  test("Node: imported nowhere, because the isolate hasn't got it", () => {
    const importers = files.filter((file) =>
      /from "node:|\bprocess\.|\bBuffer\b\./.test(readFileSync(join(source, file), "utf8")),
    );
    deepEqual(importers, []);
  });
});
