// @ts-check
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fingerprint } from "./fingerprint.mjs";

/** @param {import("node:test").TestContext} context */
function sources(context) {
  const root = mkdtempSync(join(tmpdir(), "encore-host-fingerprint-"));
  context.after(() => {
    rmSync(root, { recursive: true });
  });
  mkdirSync(join(root, "src/obj"), { recursive: true });
  writeFileSync(join(root, "src/a.cs"), "a");
  writeFileSync(join(root, "src/obj/made.cs"), "made");
  return root;
}

test("fingerprint: contents count", (context) => {
  const root = sources(context);
  const before = fingerprint(["src"], root);
  writeFileSync(join(root, "src/a.cs"), "b");
  assert.notEqual(fingerprint(["src"], root), before);
});

test("fingerprint: names count", (context) => {
  const root = sources(context);
  const before = fingerprint(["src"], root);
  writeFileSync(join(root, "src/empty.cs"), "");
  assert.notEqual(fingerprint(["src"], root), before);
});

test("fingerprint: dates and what builds make don't count", (context) => {
  const root = sources(context);
  const before = fingerprint(["src", "missing"], root);
  utimesSync(join(root, "src/a.cs"), 1, 1);
  writeFileSync(join(root, "src/obj/made.cs"), "made anew");
  assert.equal(fingerprint(["src", "missing"], root), before);
});
