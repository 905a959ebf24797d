// @ts-check
// Judges values by schemas with Ajv. A line of standard input is {"schema", "values"}; the answer is a line with a 1 for each value that is
// valid and a 0 for each that isn't, or one that starts with "!" and says why the schema doesn't compile in strict mode.
import { createInterface } from "node:readline";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

const ajv = new Ajv2020({
  strict: true,
  // A tuple may have optional elements and a rest.
  strictTuples: false,
  // A field called "isPrototypeOf" is there only if the value says so.
  ownProperties: true,
  // Multiples are of decimals, not of their nearest doubles.
  multipleOfPrecision: 6,
  code: { optimize: false },
});
addFormats.default(ajv);

for await (const line of createInterface({ input: process.stdin })) process.stdout.write(`${judge(line)}\n`);

/** @param {string} line */
function judge(line) {
  const request = /** @type {{ schema: import("ajv").SchemaObject, values: unknown[] }} */ (parse(line));
  try {
    const validate = ajv.compile(request.schema);
    return request.values.map((value) => (validate(value) ? "1" : "0")).join("");
  } catch (error) {
    return `!${String(error).replaceAll("\n", " ")}`;
  } finally {
    ajv.removeSchema(request.schema);
  }
}

/**
 * @param {string} text
 * @returns {unknown}
 */
function parse(text) {
  return JSON.parse(text);
}
