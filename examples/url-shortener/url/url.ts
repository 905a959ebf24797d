import { api, APIError, type Header, HttpStatus } from "encore.dev/api";
import { SQLDatabase, SQLError } from "encore.dev/storage/sqldb";
import type { IsURL, MatchesRegexp, MaxLen } from "encore.dev/validate";

const db = new SQLDatabase("url", { migrations: "./migrations" });

const alphabet = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ23456789";
const idLength = 7;
/** PostgreSQL's number for a value that has to be unique, and isn't. */
const uniqueViolation = "23505";

interface Link {
  id: string;
  url: string;
  visits: number;
  createdAt: Date;
}

interface ShortenRequest {
  url: string & (IsURL & MaxLen<2_000>);
  /** A name of one's own; one is made where there is none. */
  id?: string & MatchesRegexp<"^[A-Za-z0-9_-]{3,32}$">;
}

/**
 * Makes a link short:
 *
 *     curl http://127.0.0.1:4000/url -H 'content-type: application/json' -d '{"url": "https://example.com/a/long/way"}'
 */
export const shorten = api(
  { method: "POST", path: "/url", expose: true },
  async ({ url, id = newId() }: ShortenRequest): Promise<Link> => {
    try {
      const link = await db.queryRow<Link>`
        INSERT INTO links (id, url) VALUES (${id}, ${url})
        RETURNING id, url, visits, created_at AS "createdAt"`;
      if (link !== null) return link;
    } catch (error) {
      if (!(error instanceof SQLError) || error.code !== uniqueViolation) throw error;
    }
    throw APIError.alreadyExists("this name is taken").withDetails({ id });
  },
);

interface Redirect {
  status: HttpStatus;
  location: Header<"Location">;
}

/** Follows a link, and counts it: `curl -i http://127.0.0.1:4000/u/<id>`. */
export const follow = api(
  { method: "GET", path: "/u/:id", expose: true },
  async ({ id }: { id: string }): Promise<Redirect> => {
    const link = await db.queryRow<
      Pick<Link, "url">
    >`UPDATE links SET visits = visits + 1 WHERE id = ${id} RETURNING url`;
    if (link === null) throw APIError.notFound("no such link");
    return { status: HttpStatus.Found, location: link.url };
  },
);

/** A link and how often it was followed: `curl http://127.0.0.1:4000/url/<id>`. */
export const get = api(
  { method: "GET", path: "/url/:id", expose: true },
  async ({ id }: { id: string }): Promise<Link> => {
    const link = await db.queryRow<Link>`SELECT id, url, visits, created_at AS "createdAt" FROM links WHERE id = ${id}`;
    if (link === null) throw APIError.notFound("no such link");
    return link;
  },
);

/** The most followed links: `curl http://127.0.0.1:4000/url`. */
export const list = api({ method: "GET", path: "/url", expose: true }, async (): Promise<{ links: Link[] }> => {
  const links = await db.queryAll<Link>`
    SELECT id, url, visits, created_at AS "createdAt" FROM links ORDER BY visits DESC, id LIMIT 100`;
  return { links };
});

function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(idLength));
  return Array.from(bytes, (byte) => alphabet[byte % alphabet.length]).join("");
}
