import { api } from "encore.dev/api";

const one = api({}, async () => {});
const two = api({}, async () => {});
const three = api({}, async () => {});
export { one, two as second };
export default three;
export const four = (api({}, async () => {}) satisfies unknown) as () => Promise<void>, five = api({}, async () => {});
