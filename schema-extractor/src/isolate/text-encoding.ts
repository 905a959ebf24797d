/**
 * Gives the Protobuf runtime its text encoding.
 *
 * Invariant: evaluated before the generated messages, which decode their descriptor when they are loaded.
 */
import { configureTextEncoding } from "@bufbuild/protobuf/wire";
import { decodeUtf8, encodeUtf8 } from "./utf8.ts";

configureTextEncoding({
  encodeUtf8,
  decodeUtf8,
  checkUtf8: (text) => text.isWellFormed(),
});
