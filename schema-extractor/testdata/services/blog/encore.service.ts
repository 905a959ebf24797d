import { Service } from "encore.dev/service";

/** Everything about posts. */
export default new Service("blog-api");
