// @ts-check
import express from "express";
import { Body, Headers, Query } from "./rules.zod.mjs";

const app = express();
// Both cost time on every answer and nobody else here does them.
app.disable("x-powered-by");
app.disable("etag");

app.get("/hello", (_request, response) => {
  response.json({ message: "Hello, World" });
});

app.post("/schema", express.json(), (request, response) => {
  const valid =
    Headers.safeParse(request.headers).success &&
    Query.safeParse(request.query).success &&
    Body.safeParse(request.body).success;
  if (!valid) {
    response.status(400).json({ message: "invalid request" });
    return;
  }
  response.json({ message: "Hello, World" });
});

app.listen(Number(process.env["PORT"]), "127.0.0.1");
