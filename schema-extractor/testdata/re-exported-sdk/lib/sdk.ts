export { api as endpoint } from "encore.dev/api";
export type { Header as HeaderOf } from "encore.dev/api";
export * as validate from "encore.dev/validate";
