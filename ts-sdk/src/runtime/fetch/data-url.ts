import { forgivingDecode } from "../encoding/base64.js";

/** A `data:` URL's content. */
export interface DataUrl {
  type: string;
  bytes: Uint8Array;
}

/** https://fetch.spec.whatwg.org/#data-url-processor; null where the URL is malformed. */
export function readDataUrl(url: URL): DataUrl | null {
  const text = url.href.slice("data:".length, url.hash === "" ? undefined : -url.hash.length);
  const comma = text.indexOf(",");
  if (comma < 0) return null;
  let type = text.slice(0, comma).replace(/^[\t\n\f\r ]+|[\t\n\f\r ]+$/g, "");
  let content = percentDecode(text.slice(comma + 1));
  const base64 = /; *base64$/i.exec(type);
  if (base64 !== null) {
    const decoded = forgivingDecode(content);
    if (decoded === null) return null;
    content = decoded;
    type = type.slice(0, base64.index);
  }
  if (type.startsWith(";")) type = `text/plain${type}`;
  if (!/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+\/[!#$%&'*+\-.^_`|~0-9A-Za-z]+ *(;|$)/.test(type))
    type = "text/plain;charset=US-ASCII";
  return { type, bytes: Uint8Array.from(content, (character) => character.charCodeAt(0)) };
}

/** A string of bytes; a URL's own text is ASCII. */
function percentDecode(text: string): string {
  return text.replace(/%([0-9A-Fa-f]{2})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 16)));
}
