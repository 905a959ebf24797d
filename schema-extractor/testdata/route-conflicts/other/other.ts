import { api } from "encore.dev/api";
export const again = api({ method: "GET", path: "/posts/new/" }, async () => {});
