/**
 * Gives bytes, sets and maps the form in which JSON carries them, and dates and decimals their texts; what it is given stays as it is.
 * https://tc39.es/ecma262/#sec-json.stringify calls functions for the latter, and engines write data without such several times as fast.
 */
export type Lowerer = (value: unknown) => unknown;
