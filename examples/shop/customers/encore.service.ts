import { Service } from "encore.dev/service";

/** Who shops here. */
export default new Service("customers");
