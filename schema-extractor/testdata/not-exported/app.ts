import { api } from "encore.dev/api";

const hidden = api({}, async () => {});
api({}, async () => {});
export const routes = { inner: api({}, async () => {}) };
export function make() {
  return api({}, async () => {});
}
let later;
later = api({}, async () => {});
void later;
