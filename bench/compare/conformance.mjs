// @ts-check
import { isDeepStrictEqual } from "node:util";
import { answer, plain, validated } from "./scenarios.mjs";

/**
 * @typedef {object} Case
 * @property {string} name
 * @property {boolean} valid whether the server has to accept it
 * @property {string} method
 * @property {string} target
 * @property {Record<string, string>} headers
 * @property {string} [body]
 */

const { target, headers } = validated;
/** @type {Record<string, unknown>} */
const whole = JSON.parse(validated.body);

/**
 * @param {string} name
 * @param {boolean} valid
 * @param {Partial<Case>} changes
 * @returns {Case}
 */
const request = (name, valid, changes = {}) => ({
  name,
  valid,
  method: "POST",
  target,
  headers,
  body: validated.body,
  ...changes,
});

/** The body with some fields changed; `undefined` removes one. @param {Record<string, unknown>} fields */
const body = (fields) => ({ body: JSON.stringify({ ...whole, ...fields }) });

/**
 * The rules that all servers share, as requests. What is not here may differ between them (an empty number in the
 * query, repeated parameters, duplicate keys, other content types).
 * @type {readonly Case[]}
 */
export const cases = [
  { name: "plain", valid: true, method: plain.method, target: plain.target, headers: {} },
  request("the measured request", true),
  request("only what is required", true, { target: "/schema", body: '{"requiredKey":[]}' }),
  request("a fraction in the query", true, { target: "/schema?name=%C3%A4%20b&excitement=-12.5" }),
  request("a number for nullableKey", true, body({ nullableKey: 1.5 })),
  request("a number for multipleTypesKey", true, body({ multipleTypesKey: -1 })),
  request("a number for multipleRestrictedTypesKey", true, body({ multipleRestrictedTypesKey: 1e21 })),
  request("the other enumKey", true, body({ enumKey: "Foo" })),
  request("a field nobody declared", true, body({ unknown: { deep: [1, "2", null] } })),
  request("text beyond ASCII", true, body({ someKey: 'Grüße, 世界 😀 "\n' })),
  request("escapes and white space", true, { body: ' {\n\t"requiredKey" : [ 1e2 ,\r\n-0.5 ] , "someKey":"\\u00e4"} ' }),

  request("no x-foo", false, { headers: { "Content-Type": "application/json" } }),
  request("excitement=abc", false, { target: "/schema?excitement=abc" }),
  request("empty body", false, { body: "" }),
  request("malformed JSON", false, { body: "{requiredKey: [1]}" }),
  request("truncated JSON", false, { body: validated.body.slice(0, -1) }),
  request("text after the JSON", false, { body: `${validated.body}x` }),
  request("an array for the body", false, { body: "[1,2,3]" }),
  request("null for the body", false, { body: "null" }),
  request("no requiredKey", false, body({ requiredKey: undefined })),
  request("null for requiredKey", false, body({ requiredKey: null })),
  request("a number for requiredKey", false, body({ requiredKey: 123 })),
  request("text in requiredKey", false, body({ requiredKey: [123, "456"] })),
  request("null in requiredKey", false, body({ requiredKey: [null] })),
  request("a number no double can hold", false, { body: '{"requiredKey":[1e999]}' }),
  request("a number for someKey", false, body({ someKey: 1 })),
  request("null for someKey", false, body({ someKey: null })),
  request("text for someOtherKey", false, body({ someOtherKey: "123" })),
  request("null for someOtherKey", false, body({ someOtherKey: null })),
  request("text for nullableKey", false, body({ nullableKey: "null" })),
  request("text for multipleTypesKey", false, body({ multipleTypesKey: "true" })),
  request("a boolean for multipleRestrictedTypesKey", false, body({ multipleRestrictedTypesKey: true })),
  request("another enumKey", false, body({ enumKey: "john" })),
  request("a number for enumKey", false, body({ enumKey: 0 })),
];

/**
 * Sends the cases to a server and tells what it did wrong.
 * @param {string} origin
 * @param {{ validates: boolean }} server one that does not validate is only sent what is valid
 * @returns {Promise<string[]>} one line for each wrong answer
 */
export async function conformanceErrors(origin, { validates }) {
  /** @type {string[]} */
  const errors = [];
  for (const item of cases.filter(({ valid }) => validates || valid)) {
    const error = await check(origin, item);
    if (error !== undefined) {
      errors.push(`${item.name}: ${error}`);
    }
  }
  return errors;
}

/**
 * @param {string} origin
 * @param {Case} item
 * @returns {Promise<string | undefined>}
 */
async function check(origin, item) {
  const response = await fetch(origin + item.target, {
    method: item.method,
    headers: item.headers,
    ...(item.body === undefined ? {} : { body: item.body }),
    signal: AbortSignal.timeout(5000),
  });
  const text = await response.text();
  if (!item.valid) {
    return response.status >= 400 && response.status < 500 ? undefined : `accepted with status ${response.status}`;
  }
  if (response.status !== 200) {
    return `refused with status ${response.status}: ${text.slice(0, 200)}`;
  }
  const type = response.headers.get("content-type") ?? "none";
  if (!type.startsWith("application/json")) {
    return `answered with content type ${type}`;
  }
  return isDeepStrictEqual(JSON.parse(text), answer) ? undefined : `answered ${text.slice(0, 200)}`;
}
