import { middleware } from "encore.dev/api";
import { Service } from "encore.dev/service";
import { audit } from "./audit";

const limits = { expose: true, tags: ["limited"] };
const limit = middleware({ target: limits }, async (request, next) => next(request));

/** Who there is. */
export default new Service("users", { middlewares: [limit, audit] });
