import { api } from "encore-host/api";
import { greet } from "./lib/greet.js";

export const hello = api({ method: "GET", path: "/hello" }, () => ({ message: greet("you") }));
