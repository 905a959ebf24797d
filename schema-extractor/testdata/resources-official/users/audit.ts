import { middleware } from "encore.dev/api";

export const audit = middleware(async (request, next) => {
  const response = await next(request);
  response.header.set("X-Audited", "yes");
  return response;
});
