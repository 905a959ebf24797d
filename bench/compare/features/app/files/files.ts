import { api } from "encore.dev/api";

export const files = api.static({ path: "/files/*path", expose: true, dir: "./public" });
