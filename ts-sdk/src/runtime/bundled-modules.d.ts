/** What the bundler and the engine give the runtime's modules, and the declarations that bundled packages lack. */

/** The bundler's: evaluates a module when it is called; see `lazy-modules.ts`. */
declare function require(module: string): unknown;

interface ErrorConstructor {
  /** V8's, and engines' that follow it. */
  captureStackTrace?: (target: object, constructor?: abstract new (...args: never[]) => unknown) => void;
}

declare module "whatwg-url" {
  const URLClass: typeof URL;
  const URLSearchParamsClass: typeof URLSearchParams;
  export { URLClass as URL, URLSearchParamsClass as URLSearchParams };
}

declare module "tr46" {
  interface Options {
    checkBidi?: boolean;
    checkHyphens?: boolean;
    checkJoiners?: boolean;
    ignoreInvalidPunycode?: boolean;
    transitionalProcessing?: boolean;
    useSTD3ASCIIRules?: boolean;
    verifyDNSLength?: boolean;
  }
  export function toASCII(domain: string, options?: Options): string | null;
  export function toUnicode(domain: string, options?: Options): { domain: string; error: boolean };
}
