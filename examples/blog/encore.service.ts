import { Service } from "encore.dev/service";

// This file makes its folder a service: the endpoints of this folder are called blog.create, blog.read and blog.list.
export default new Service("blog");
