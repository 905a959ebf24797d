// @ts-check
import assert from "node:assert/strict";
import { Validator } from "@seriousme/openapi-schema-validator";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

/** @typedef {{ [key: string]: Json } | Json[] | string | number | boolean | null} Json */

const methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/** An OpenAPI document that tests look into. */
export class OpenApi {
  #ajv = new Ajv2020({ strict: true, strictTuples: false });

  /** @param {string} text */
  constructor(text) {
    this.root = /** @type {{ [key: string]: Json }} */ (JSON.parse(text));
    addFormats.default(this.#ajv);
    this.#ajv.addVocabulary(["discriminator"]);
    this.#ajv.addSchema(this.root, "api");
  }

  /** Asserts that the document is what the specification's own schema asks for, and keeps the rules that a schema can't state. */
  async assertValid() {
    const { valid, errors } = await new Validator().validate(structuredClone(this.root));
    assert.ok(valid, JSON.stringify(errors, null, 2));
    this.#assertReferencesLead();
    this.#assertOperations();
    for (const place of this.#schemas()) this.validator(place);
  }

  /**
   * A part of the document.
   * @param {readonly string[]} place
   */
  at(place) {
    return place.reduce((node, key) => {
      assert.ok(typeof node === "object" && node !== null && Object.hasOwn(node, key), `${place.join("/")}: no ${key}`);
      return /** @type {{ [key: string]: Json }} */ (node)[key] ?? null;
    }, /** @type {Json} */ (this.root));
  }

  /**
   * The check of a schema in the document, compiled in strict mode.
   * @param {readonly string[]} place
   */
  validator(place) {
    const pointer = place.map((key) => encodeURIComponent(key.replaceAll("~", "~0").replaceAll("/", "~1"))).join("/");
    return this.#ajv.compile({ $ref: `api#/${pointer}` });
  }

  /** The names of all operations, in the document's order. */
  operationIds() {
    return [...this.#operations()].map(([, operation]) => operation["operationId"]);
  }

  #assertReferencesLead() {
    for (const [place, node] of walk(this.root)) {
      const reference = typeof node === "object" && node !== null && !Array.isArray(node) ? node["$ref"] : undefined;
      if (typeof reference !== "string") continue;
      assert.match(reference, /^#\//, place.join("/"));
      this.at(reference.slice(2).split("/"));
    }
  }

  #assertOperations() {
    const ids = this.operationIds();
    assert.equal(new Set(ids).size, ids.length, "operationIds are unique");
    for (const [place, operation] of this.#operations()) {
      const path = String(place[1]);
      const parameters = /** @type {{ in: string, name: string, required?: boolean }[]} */ (operation["parameters"] ?? []);
      const inTemplate = [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name);
      const inPath = parameters.filter((parameter) => parameter.in === "path");
      assert.deepEqual(inPath.map(({ name }) => name).sort(), inTemplate.sort(), path);
      assert.ok(inPath.every(({ required }) => required === true), path);
      const names = parameters.map((parameter) => `${parameter.in} ${parameter.name}`);
      assert.equal(new Set(names).size, names.length, `${path}: parameters are unique`);
    }
    const templates = Object.keys(/** @type {object} */ (this.root["paths"])).map((path) => path.replace(/\{[^}]*\}/g, "{}"));
    assert.equal(new Set(templates).size, templates.length, "paths of one form are one path");
  }

  /** @returns {Generator<[string[], { [key: string]: Json }]>} */
  *#operations() {
    for (const [path, item] of Object.entries(/** @type {{ [key: string]: Json }} */ (this.root["paths"])))
      for (const method of methods) {
        const operation = /** @type {{ [key: string]: Json }} */ (item)[method];
        if (operation !== undefined) yield [["paths", path, method], /** @type {{ [key: string]: Json }} */ (operation)];
      }
  }

  /** Where schemas stand, but for those inside other schemas. */
  *#schemas() {
    const { schemas = {} } = /** @type {{ schemas?: object }} */ (this.root["components"]);
    for (const name of Object.keys(schemas)) yield ["components", "schemas", name];
    for (const [place] of walk(this.root))
      if (place.at(-1) === "schema" && (place[0] === "paths" || place[1] === "responses")) yield place;
  }
}

/**
 * Every node of a document.
 * @param {Json} node
 * @param {string[]} place
 * @returns {Generator<[string[], Json]>}
 */
function* walk(node, place = []) {
  yield [place, node];
  if (typeof node === "object" && node !== null)
    for (const [key, child] of Object.entries(node)) yield* walk(child, [...place, key]);
}
