import { Service } from "encore.dev/service";
const name = "d" + Math.random();
export default new Service(name);
