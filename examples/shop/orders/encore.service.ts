import { APIError, middleware } from "encore.dev/api";
import { Service } from "encore.dev/service";
import { getAuthData } from "~encore/auth";

/** Lets staff through to what is theirs. */
const staffOnly = middleware({ target: { tags: ["staff"] } }, async (request, next) => {
  if (getAuthData()?.isStaff !== true) throw APIError.permissionDenied("this is for staff");
  return next(request);
});

/** Says how long the handler took. */
const timing = middleware(async (request, next) => {
  const start = performance.now();
  const response = await next(request);
  response.header.set("Server-Timing", `handler;dur=${(performance.now() - start).toFixed(2)}`);
  return response;
});

/** What was bought. */
export default new Service("orders", { middlewares: [timing, staffOnly] });
