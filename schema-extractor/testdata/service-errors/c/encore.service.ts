import { Service } from "encore.dev/service";
export default new Service("not a name");
