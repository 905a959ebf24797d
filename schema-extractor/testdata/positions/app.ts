import { api } from "encore.dev/api";

/* 𝒳 is two UTF-16 units, é one */ export const 𝒳é = api({ path: "/x" }, async (_: { "𝒳": string; tab:	number; f: () => void }) => {});
