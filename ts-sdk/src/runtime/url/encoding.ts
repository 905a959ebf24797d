/** What whatwg-url takes from the global TextEncoder and TextDecoder, which an application may replace. */
import { decodeUtf8WithoutBOM } from "../encoding/text-decoder.js";
import { encodeUtf8 } from "../encoding/text-encoder.js";

export const utf8Encode: (text: string) => Uint8Array = encodeUtf8;
export const utf8DecodeWithoutBOM: (bytes: Uint8Array) => string = decodeUtf8WithoutBOM;
