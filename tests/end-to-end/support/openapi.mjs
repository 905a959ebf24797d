// @ts-check
import assert from "node:assert/strict";
import { Validator } from "@seriousme/openapi-schema-validator";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { parseJson } from "./json.mjs";

/** @typedef {Record<string, unknown>} Node an object of the document */

const methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/** An OpenAPI document that tests look into. */
export class OpenApi {
  #ajv = new Ajv2020({ strict: true, strictTuples: false });

  /** @param {string} text */
  constructor(text) {
    this.root = /** @type {Node} */ (parseJson(text));
    addFormats.default(this.#ajv);
    this.#ajv.addVocabulary(["discriminator"]);
    const { schemas } = /** @type {{ schemas: Node }} */ (this.root["components"]);
    this.#ajv.addSchema({ $id: "api", $defs: alone(schemas) });
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
   * The check of a schema in the document, compiled in strict mode.
   * @param {readonly string[]} place
   */
  validator(place) {
    const schema = this.#find(place);
    assert.ok(isNode(schema), place.join("/"));
    return this.#ajv.compile(/** @type {import("ajv").SchemaObject} */ (alone(schema)));
  }

  /** The names of all operations, in the document's order. */
  operationIds() {
    return this.#operations().map(({ operation }) => String(operation["operationId"]));
  }

  #assertReferencesLead() {
    for (const [place, node] of walk(this.root)) {
      const reference = isNode(node) ? node["$ref"] : undefined;
      if (typeof reference !== "string") continue;
      assert.match(reference, /^#\//, place.join("/"));
      assert.ok(isNode(this.#find(reference.slice(2).split("/"))), `${place.join("/")}: ${reference} leads nowhere`);
    }
  }

  /** @param {readonly string[]} place */
  #find(place) {
    /** @type {unknown} */
    let node = this.root;
    for (const key of place) node = isNode(node) ? node[key] : undefined;
    return node;
  }

  #assertOperations() {
    const ids = this.operationIds();
    assert.equal(new Set(ids).size, ids.length, "operationIds are unique");
    for (const { path, operation } of this.#operations()) {
      const parameters = /** @type {{ in: string, name: string, required?: boolean }[]} */ (
        operation["parameters"] ?? []
      );
      const inTemplate = [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name);
      const inPath = parameters.filter((parameter) => parameter.in === "path");
      assert.deepEqual(inPath.map(({ name }) => name).sort(), inTemplate.sort(), path);
      assert.ok(
        inPath.every(({ required }) => required === true),
        path,
      );
      const names = parameters.map((parameter) => `${parameter.in} ${parameter.name}`);
      assert.equal(new Set(names).size, names.length, `${path}: parameters are unique`);
    }
    const forms = Object.keys(this.#paths()).map((path) => path.replace(/\{[^}]*\}/g, "{}"));
    assert.equal(new Set(forms).size, forms.length, "paths of one form are one path");
  }

  #paths() {
    return /** @type {Record<string, Node>} */ (this.root["paths"]);
  }

  #operations() {
    return Object.entries(this.#paths()).flatMap(([path, item]) =>
      methods.flatMap((method) => (isNode(item[method]) ? [{ path, operation: item[method] }] : [])),
    );
  }

  /** Where schemas stand, but for those inside other schemas. */
  #schemas() {
    const { schemas } = /** @type {{ schemas: Node }} */ (this.root["components"]);
    const named = Object.keys(schemas).map((name) => ["components", "schemas", name]);
    const inPlace = [...walk(this.root)]
      .map(([place]) => place)
      .filter((place) => place.at(-1) === "schema" && (place[0] === "paths" || place[1] === "responses"));
    return [...named, ...inPlace];
  }
}

/**
 * @param {unknown} value
 * @returns {value is Node}
 */
function isNode(value) {
  return typeof value === "object" && value !== null;
}

/**
 * A part of the document as it stands outside: what it refers to is in a document of its own.
 * @param {unknown} part
 */
function alone(part) {
  return parseJson(JSON.stringify(part).replaceAll('"$ref":"#/components/schemas/', '"$ref":"api#/$defs/'));
}

/**
 * Every value in a document with its place.
 * @param {unknown} value
 * @param {string[]} place
 * @returns {Generator<[string[], unknown]>}
 */
function* walk(value, place = []) {
  yield [place, value];
  if (isNode(value)) for (const [key, child] of Object.entries(value)) yield* walk(child, [...place, key]);
}
