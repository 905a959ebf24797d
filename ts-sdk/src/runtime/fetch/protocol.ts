/**
 * What `fetch` asks of the host: operations, their payloads and answers. The host makes single HTTP exchanges; redirects, default headers
 * and the rest of the Fetch standard are the isolate's part.
 *
 * | kind | payload | bytes | value | bytes |
 * | --- | --- | --- | --- | --- |
 * | `fetch` | {@link ExchangeRequest} | the request's body | {@link ExchangeResponse} | the body's first chunk |
 * | `fetch.read` | {@link BodyReference} | – | {@link BodyChunk} | the next chunk |
 * | `fetch.cancel` | {@link BodyReference} | – | `null` | – |
 *
 * What the host does:
 * - `fetch` ends when the response's head is there. A host may wait a little longer for a small body, so that one operation is enough.
 * - It adds `Host`, `Content-Length` or `Transfer-Encoding`, and, where the request has no `Accept-Encoding`, one with the encodings it decodes.
 *   It decodes those bodies, and leaves out the `Content-Encoding` and `Content-Length` of a body that it decoded.
 * - It never follows a redirect, keeps no cookies, sends no credentials of its own, and answers every status, also 4xx and 5xx, with a value.
 * - It reads ahead of the script by a bounded amount only: a body that nobody reads holds up its sender.
 * - At most one `fetch.read` of a body is under way at a time. The id is free again after the value with `end: true`, after a failed
 *   `fetch.read`, and after `fetch.cancel`; a `fetch.cancel` that finds no such body is no error.
 * - Cancelling a `fetch` or `fetch.read` operation ends the exchange and frees the id.
 * - An exchange that can't be made or breaks off fails the operation with a message for people and, as `code`, one of Node's names where one
 *   fits: `ECONNREFUSED`, `ECONNRESET`, `ENOTFOUND`, `ETIMEDOUT`, `EPIPE`, `CERT_INVALID`, `HTTP_INVALID`.
 */
export const fetchKind = "fetch";
export const fetchReadKind = "fetch.read";
export const fetchCancelKind = "fetch.cancel";

/** A header's name and value. Characters are bytes (U+0000 to U+00FF), as in the Fetch standard; a name may occur repeatedly. */
export type HeaderField = [name: string, value: string];

/** One request, in its final form. */
export interface ExchangeRequest {
  method: string;
  /** An absolute `http:` or `https:` URL, serialised by the URL standard, without credentials or fragment. */
  url: string;
  /** In the order they are to be sent. */
  headers: HeaderField[];
  /** Whether the operation carries bytes; false sends no body, while a body of no bytes sends `Content-Length: 0`. */
  hasBody: boolean;
}

/** The head of a response, and what is there of its body. */
export interface ExchangeResponse {
  /** Names the body in the operations that follow. Unused where `end` is true. */
  id: number;
  status: number;
  /** The reason phrase; "" where the protocol has none. */
  statusText: string;
  headers: HeaderField[];
  /** Whether the bytes that came along are the whole body. */
  end: boolean;
}

/** A body whose end has not been reached. */
export interface BodyReference {
  id: number;
}

/** A piece of a body. The bytes that come along may be absent. */
export interface BodyChunk {
  /** Whether the body ends with these bytes. */
  end: boolean;
}
