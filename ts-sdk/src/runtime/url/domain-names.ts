import { domainNames } from "../lazy-modules.js";

type ToASCII = typeof import("tr46").toASCII;
type ToUnicode = typeof import("tr46").toUnicode;

const ascii = /^[\0-\x7f]*$/;
const encodedLabel = /(^|\.)xn--/i;

/**
 * tr46's `toASCII`, which takes its tables only for names that need them.
 * https://url.spec.whatwg.org/#concept-domain-to-ascii, step 3: a lower-case copy is the answer for every other name.
 */
export const toASCII: ToASCII = (domain, options) =>
  ascii.test(domain) &&
  !encodedLabel.test(domain) &&
  options?.useSTD3ASCIIRules !== true &&
  options?.verifyDNSLength !== true
    ? domain.toLowerCase()
    : domainNames().toASCII(domain, options);

export const toUnicode: ToUnicode = (domain, options) => domainNames().toUnicode(domain, options);
