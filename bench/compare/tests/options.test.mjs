// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { names, readOptions, UsageError } from "../options.mjs";

test("readOptions_Nothing_GivesTheDefaults", () => {
  assert.deepEqual(readOptions([]), {
    rounds: 3,
    seconds: 10,
    warmup: 8,
    starts: 5,
    connections: 150,
    only: names,
    quick: false,
  });
});

test("readOptions_Quick_ShortensOnlyWhatIsNotSaid", () => {
  const options = readOptions(["--quick", "--seconds", "5"]);

  assert.notEqual(options, "help");
  assert.deepEqual(
    { ...Object(options), only: [] },
    {
      rounds: 1,
      seconds: 5,
      warmup: 1,
      starts: 1,
      connections: 150,
      only: [],
      quick: true,
    },
  );
});

test("readOptions_Only_KeepsTheOrderOfTheReport", () => {
  const options = readOptions(["--only", "express, ours", "--json=out.json", "--host", "x/encore-host"]);

  assert.notEqual(options, "help");
  assert.deepEqual(Object(options).only, ["ours", "express"]);
  assert.equal(Object(options).json, "out.json");
  assert.equal(Object(options).host, "x/encore-host");
});

test("readOptions_Help_WinsOverTheRest", () => {
  assert.equal(readOptions(["--rounds", "no", "--help"]), "help");
});

for (const args of [
  ["--rounds", "0"],
  ["--rounds", "-1"],
  ["--seconds", "1.5"],
  ["--warmup", ""],
  ["--only", "deno"],
  ["--only", ""],
  ["--unknown"],
  ["stray"],
]) {
  test(`readOptions_${args.join(" ")}_IsAUsageError`, () => {
    assert.throws(() => readOptions(args), UsageError);
  });
}
