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

declare module "path-browserify" {
  interface Parts {
    root: string;
    dir: string;
    base: string;
    ext: string;
    name: string;
  }
  interface Path {
    readonly sep: string;
    readonly delimiter: string;
    readonly posix: Path;
    readonly basename: (path: string, suffix?: string) => string;
    readonly dirname: (path: string) => string;
    readonly extname: (path: string) => string;
    readonly format: (parts: Partial<Parts>) => string;
    readonly isAbsolute: (path: string) => boolean;
    readonly join: (...paths: string[]) => string;
    readonly normalize: (path: string) => string;
    readonly parse: (path: string) => Parts;
    readonly relative: (from: string, to: string) => string;
    readonly resolve: (...paths: string[]) => string;
  }
  const path: Path;
  export default path;
}
