import { Service } from "encore.dev/service";

/** What there is to buy. */
export default new Service("catalog");
