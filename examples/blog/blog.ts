import { api, APIError, HttpStatus, type Header, type Query } from "encore.dev/api";
import log from "encore.dev/log";
import type { Max, Min } from "encore.dev/validate";
import type { BlogPost, Draft } from "./post.js";
import { posts } from "./store.js";

/**
 * One post. `id` comes from the path and is a number, because its type says so:
 *
 *     curl http://127.0.0.1:4000/blog/1
 *     curl http://127.0.0.1:4000/blog/x      # 400, the handler isn't called
 *     curl http://127.0.0.1:4000/blog/99     # 404, the error thrown below
 */
export const read = api(
  { method: "GET", path: "/blog/:id", expose: true },
  async ({ id }: { id: number }): Promise<BlogPost> => {
    const post = posts.find(id);
    if (post === undefined) throw APIError.notFound("no such post").withDetails({ id });
    return post;
  },
);

/** A draft in the body, its author in a header. */
interface CreateRequest extends Draft {
  author: Header<"X-Author">;
}

/** The post, answered with a status and a header of its own. */
interface CreateResponse extends BlogPost {
  status: HttpStatus;
  location: Header<"Location">;
}

/**
 * Publishes a post:
 *
 *     curl http://127.0.0.1:4000/blog -H 'content-type: application/json' -H 'x-author: ada' \
 *       -d '{"title": "On engines", "body": "…", "tags": ["#history"]}'
 */
export const create = api(
  { method: "POST", path: "/blog", expose: true },
  async ({ author, title, body, tags = [] }: CreateRequest): Promise<CreateResponse> => {
    const post = posts.add({ title, body, tags, author, createdAt: new Date() });
    log.info("published", { id: post.id, author });
    return { ...post, status: HttpStatus.Created, location: `/blog/${post.id}` };
  },
);

/** In a GET request, fields come from the query. */
interface ListRequest {
  tag?: string;
  limit?: Query<number> & (Min<1> & Max<100>);
}

interface ListResponse {
  posts: Pick<BlogPost, "id" | "title" | "tags">[];
  total: number;
}

/**
 * The newest posts:
 *
 *     curl 'http://127.0.0.1:4000/blog?limit=10'
 *     curl 'http://127.0.0.1:4000/blog?tag=%23meta'
 */
export const list = api(
  { method: "GET", path: "/blog", expose: true },
  async ({ tag, limit = 20 }: ListRequest): Promise<ListResponse> => {
    const found = posts.newest(tag);
    return {
      posts: found.slice(0, limit).map(({ id, title, tags }) => ({ id, title, tags })),
      total: found.length,
    };
  },
);
