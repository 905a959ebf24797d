import { Service as Folder } from "encore.dev/service";
export default new Folder("shop");
