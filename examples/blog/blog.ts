import { api, APIError, HttpStatus, type Header, type Query } from "encore.dev/api";
import log from "encore.dev/log";
import type { Max, Min } from "encore.dev/validate";
import { db } from "./database.js";
import type { BlogPost, Draft } from "./post.js";

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
    const post = await db.queryRow<BlogPost>`
      SELECT id, title, body, tags, author, created_at AS "createdAt" FROM posts WHERE id = ${id}`;
    if (post === null) throw APIError.notFound("no such post").withDetails({ id });
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
    const { id, createdAt } = await insert({ title, body, tags, author });
    log.info("published", { id, author });
    return { id, title, body, tags, author, createdAt, status: HttpStatus.Created, location: `/blog/${id}` };
  },
);

/** What is inserted never becomes part of the statement's text, whatever it holds. */
async function insert({ title, body, tags, author }: Omit<BlogPost, "id" | "createdAt">) {
  const row = await db.queryRow<Pick<BlogPost, "id" | "createdAt">>`
    INSERT INTO posts (title, body, tags, author) VALUES (${title}, ${body}, ${tags}, ${author})
    RETURNING id, created_at AS "createdAt"`;
  if (row === null) throw APIError.internal("nothing was inserted");
  return row;
}

/** In a GET request, fields come from the query. */
interface ListRequest {
  tag?: string;
  limit?: Query<number> & (Min<1> & Max<100>);
}

type ListedPost = Pick<BlogPost, "id" | "title" | "tags">;

interface ListResponse {
  posts: ListedPost[];
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
    const posts = await db.queryAll<ListedPost & { total: number }>`
      SELECT id, title, tags, count(*) OVER () AS total FROM posts
      WHERE ${tag === undefined} OR tags @> ARRAY[${tag ?? null}::text]
      ORDER BY id DESC LIMIT ${limit}`;
    return { posts: posts.map(({ id, title, tags }) => ({ id, title, tags })), total: posts[0]?.total ?? 0 };
  },
);
