/** What an answer's head holds besides what its type says. */
export interface HeadedAnswer {
  /** 0: whatever it would be otherwise. */
  status: number;
  headers: [name: string, value: string][];
}

// RFC 9110, sections 5.1 and 5.5: a token, and a value of visible ASCII characters, spaces and tabs.
const headerName = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const notInValue = /[^\t\x20-\x7e]/;

/** Adds a header's line. @throws TypeError where it can't be sent */
export function appendHeader(head: HeadedAnswer, name: string, value: string): void {
  if (!headerName.test(name)) throw new TypeError(`${JSON.stringify(name)} is no name that a header can have`);
  const text = String(value);
  if (notInValue.test(text)) {
    throw new TypeError(
      `the header ${name} can't hold ${JSON.stringify(text)}: only visible ASCII characters, spaces and tabs`,
    );
  }
  head.headers.push([name, text]);
}
