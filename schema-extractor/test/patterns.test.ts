import { deepEqual, equal } from "node:assert/strict";
import { suite, test } from "node:test";
import { joinPatterns } from "../src/checker/pattern-union.ts";
import { extractTexts } from "./extraction-cases.ts";

suite("patterns of template-literal types", () => {
  test("joined: accept what one of them accepts, and nothing else", () => {
    const number = "[+-]?\\d+(?:\\.\\d*)?";
    const patterns = ["ms", "s", "m", "µs", "h"].flatMap((unit) => [
      `^${number}${unit}$`,
      `^${number}${unit} ${number}s$`,
    ]);
    patterns.push("^x\\.[ab]*$", "^x\\.y$", "^$");
    const joined = new RegExp(joinPatterns(patterns), "u");
    const texts = [
      "",
      "1s",
      "1ms",
      "1m",
      "-2.5h",
      "3µs",
      "3µs 4s",
      "3m 4h",
      "m",
      "x.",
      "x.ab",
      "x.y",
      "x.yy",
      "xay",
      "1s ",
    ];
    deepEqual(
      texts.filter((text) => joined.test(text)),
      texts.filter((text) => patterns.some((pattern) => new RegExp(pattern, "u").test(text))),
    );
  });

  test("joined: shorter than all of them together, and the same in any order of equal beginnings", () => {
    const patterns = ["^a-1$", "^a-2$", "^a-3$"];
    equal(joinPatterns(patterns), "^a-[123]$");
  });
});

suite("long chains of types", () => {
  test("hundreds of interfaces, each within the one before: built without a long stack", () => {
    const length = 500;
    let text = 'import { api } from "encore.dev/api";\n';
    for (let index = 0; index < length; index++) text += `interface A${index} { next: A${index + 1}[] }\n`;
    text += `interface A${length} { back: A0 | null }\nexport const x = api({}, async (_: A0) => {});\n`;
    const { artifact, diagnostics } = extractTexts({ "app.ts": text });
    deepEqual(diagnostics, []);
    equal(artifact !== null, true);
  });
});
