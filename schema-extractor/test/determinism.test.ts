import { deepEqual, equal, notEqual } from "node:assert/strict";
import { suite, test } from "node:test";
import { Session } from "../src/index.ts";
import { filesOf, readCase, requestOf } from "./extraction-cases.ts";

suite("determinism", () => {
  test("a check after edits: the same bytes as a first check", () => {
    const one = readCase("literals-and-unions");
    const root = "/srv/app";
    const files = filesOf(one, root);
    const session = new Session(requestOf(one, root), files);
    session.check();
    // The checker meets the literals in another order now, and keeps its unions in that order.
    files.write(
      `${root}/aaa.ts`,
      'export type Other = "archived" | "c" | "published" | "b" | "draft" | "a" | 3 | 2 | 1;\nexport const x: Other = "a";\n',
    );
    const again = session.check([`${root}/aaa.ts`]);
    const fresh = new Session(requestOf(one, root), files).check();
    notEqual(again.artifact, null);
    deepEqual(again.artifact, fresh.artifact);
  });

  test("types met in another order: unions as they are declared", () => {
    const one = readCase("literals-and-unions");
    const root = "/srv/literals-and-unions";
    const files = filesOf(one, root);
    const plain = new Session(requestOf(one, root), files).check();
    files.write(
      `${root}/aaa.ts`,
      'export type Other = "archived" | "c" | "published" | "b" | "draft" | "a" | 3 | 2 | 1;\nexport const x: Other = "a";\n',
    );
    const shuffled = new Session(requestOf(one, root), files).check();
    deepEqual(shuffled.artifact, plain.artifact);
    equal(shuffled.diagnostics.length, 0);
  });
});
