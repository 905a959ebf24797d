// @ts-check

/**
 * @typedef {object} Scenario
 * @property {"plain" | "validated" | "row" | "twenty"} name
 * @property {"GET" | "POST"} method
 * @property {string} target path and query
 * @property {Record<string, string>} headers
 * @property {string} [body]
 */

/** What every server answers, with status 200, to the requests below. */
export const answer = { message: "Hello, World" };

/** @type {Scenario} */
export const plain = { name: "plain", method: "GET", target: "/hello", headers: {} };

/** The request of the published benchmark: four sources, eleven fields, seven kinds of type. */
export const validated = /** @satisfies {Scenario} */ ({
  name: "validated",
  method: "POST",
  target: "/schema?name=test&excitement=123",
  headers: { "Content-Type": "application/json", "x-foo": "test" },
  body: JSON.stringify({
    someKey: "test",
    someOtherKey: 123,
    requiredKey: [123, 456, 789],
    nullableKey: null,
    multipleTypesKey: true,
    multipleRestrictedTypesKey: "test",
    enumKey: "John",
  }),
});

/** @type {readonly Scenario[]} */
export const scenarios = [plain, validated];
