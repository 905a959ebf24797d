import * as encore from "encore.dev/api";
export default encore.api({ method: "GET" }, async () => ({ posts: [] as string[] }));
