import { api, HttpStatus } from "encore.dev/api";

type Status = HttpStatus;
interface Base {
  status: Status;
}
interface Narrow {
  code: typeof HttpStatus.Created;
}
export const plain = api({ path: "/plain" }, async (): Promise<{ status: HttpStatus; text: string }> => ({ status: HttpStatus.OK, text: "" }));
export const inherited = api({ path: "/inherited" }, async (): Promise<Base & { text: string }> => ({ status: 202, text: "" }));
export const optional = api({ path: "/optional" }, async (): Promise<{ status?: HttpStatus; text: string }> => ({ text: "" }));
export const literal = api({ path: "/literal" }, async (): Promise<Narrow> => ({ code: 201 }));
export const inferred = api({ path: "/inferred" }, async () => ({ status: HttpStatus.Accepted, text: "" }));
export const request = api({ path: "/request" }, async (_: { status: HttpStatus }) => {});
