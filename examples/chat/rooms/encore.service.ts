import { Service } from "encore.dev/service";

/** Rooms in which people talk. */
export default new Service("rooms");
