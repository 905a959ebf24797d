export const basePath = "/v1";
export const limits = { large: 4 * 1024 ** 2 };
export enum Tag { Public = "public" }
