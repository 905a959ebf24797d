import { api } from "encore.dev/api";

/** The page's files, served without asking this program: whatever no other endpoint answers. */
export const files = api.static({ path: "/!path", expose: true, dir: "./public" });
