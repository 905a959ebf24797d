import { api } from "encore.dev/api";

export const hello = api({ method: "GET", path: "/hello" }, ({ name, limit = 3, ...rest }) => ({ message: name.missing, limit, rest }));
