import { api } from "encore.dev/api";

const dir = "./assets";
export const assets = api.static({ path: "/assets/*path", expose: true, dir, headers: { "Cache-Control": "max-age=60", "X-Two": ["a", "b"] } });
export const pages = api.static({ path: "/!path", expose: true, dir, notFound: `${dir}/404.html`, notFoundStatus: 200 });
