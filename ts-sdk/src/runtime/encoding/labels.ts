/** The encodings that can be decoded, by WHATWG name. */
export type EncodingName = "utf-8" | "utf-16le" | "utf-16be" | "windows-1252";

// https://encoding.spec.whatwg.org/#names-and-labels
const labels: Record<EncodingName, string> = {
  "utf-8": "unicode-1-1-utf-8 unicode11utf8 unicode20utf8 utf-8 utf8 x-unicode20utf8",
  "utf-16le": "csunicode iso-10646-ucs-2 ucs-2 unicode unicodefeff utf-16 utf-16le",
  "utf-16be": "unicodefffe utf-16be",
  "windows-1252":
    "ansi_x3.4-1968 ascii cp1252 cp819 csisolatin1 ibm819 iso-8859-1 iso-ir-100 iso8859-1 iso88591 iso_8859-1 iso_8859-1:1987 l1 latin1 " +
    "us-ascii windows-1252 x-cp1252",
};

const byLabel = new Map(
  Object.entries(labels).flatMap(([name, list]) =>
    list.split(" ").map((label) => [label, name as EncodingName] as const),
  ),
);

/** The encoding that a label names, or undefined. */
export function findEncoding(label: string): EncodingName | undefined {
  return byLabel.get(label.replace(/^[\t\n\f\r ]+|[\t\n\f\r ]+$/g, "").toLowerCase());
}
