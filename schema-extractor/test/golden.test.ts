import { deepEqual } from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { extract, findCases, readable } from "./extraction-cases.ts";

const update = process.env["UPDATE_GOLDEN"] === "1";

suite("golden cases", () => {
  for (const one of findCases()) {
    test(`${one.name} gives what expected.json says`, () => {
      const actual = readable(extract(one));
      const file = join(one.folder, "expected.json");
      if (update) writeFileSync(file, `${JSON.stringify(actual, null, 1)}\n`);
      const expected: unknown = existsSync(file)
        ? JSON.parse(readFileSync(file, "utf8"))
        : "missing: run with UPDATE_GOLDEN=1";
      deepEqual(JSON.parse(JSON.stringify(actual)), expected);
    });
  }
});
