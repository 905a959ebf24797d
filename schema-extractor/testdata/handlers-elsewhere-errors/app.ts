import { api } from "encore.dev/api";
import { broken } from "./posts.ts";

export const bad = api({ path: "/bad" }, broken);
