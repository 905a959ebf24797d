import { Service } from "encore.dev/service";

/** What people see. */
export default new Service("page");
