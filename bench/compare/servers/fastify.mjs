// @ts-check
import { Ajv } from "ajv";
import Fastify from "fastify";

// Fastify coerces every part of a request by default; headers and query need that, for a body it would accept what the
// others refuse. `removeAdditional` drops unknown fields, as the others do.
const rules = { removeAdditional: true, allowUnionTypes: true, strictNumbers: true };
const bodies = new Ajv({ ...rules, coerceTypes: false });
const texts = new Ajv({ ...rules, coerceTypes: true });

const app = Fastify({ logger: false });
app.setValidatorCompiler(({ schema, httpPart }) => (httpPart === "body" ? bodies : texts).compile(schema));

const response = {
  200: { type: "object", properties: { message: { type: "string" } }, required: ["message"] },
};

app.get("/hello", { schema: { response } }, (_request, reply) => {
  reply.send({ message: "Hello, World" });
});

const schema = {
  response,
  headers: { type: "object", properties: { "x-foo": { type: "string" } }, required: ["x-foo"] },
  querystring: {
    type: "object",
    properties: { name: { type: "string" }, excitement: { type: "number" } },
  },
  body: {
    type: "object",
    properties: {
      someKey: { type: "string" },
      someOtherKey: { type: "number" },
      requiredKey: { type: "array", items: { type: "number" } },
      nullableKey: { type: ["number", "null"] },
      multipleTypesKey: { type: ["boolean", "number"] },
      multipleRestrictedTypesKey: { type: ["string", "number"] },
      enumKey: { type: "string", enum: ["John", "Foo"] },
    },
    required: ["requiredKey"],
    additionalProperties: false,
  },
};

app.post("/schema", { schema }, (_request, reply) => {
  reply.send({ message: "Hello, World" });
});

await app.listen({ port: Number(process.env["PORT"]), host: "127.0.0.1" });
