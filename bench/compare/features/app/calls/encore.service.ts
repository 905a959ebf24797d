import { middleware } from "encore.dev/api";
import { Service } from "encore.dev/service";

const passing = middleware({ target: { tags: ["wrapped"] } }, async (request, next) => next(request));

export default new Service("calls", { middlewares: [passing] });
