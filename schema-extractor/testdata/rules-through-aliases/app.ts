import { api } from "encore.dev/api";
import type { MaxLen, Min, MinLen } from "encore.dev/validate";

type Name = string & MinLen<1> & MaxLen<80>;
type Id = number & Min<1>;
type Listed<T> = T[] & MaxLen<50>;
type Nullable<T> = { [K in keyof T]: T[K] | null };
interface Person {
  id: Id;
  name: Name;
  nicknames: Listed<Name>;
  friends?: Listed<Id>;
}
interface Employee extends Omit<Person, "friends"> {
  manager: Person["id"];
  title: Person["name"] | undefined;
}
type Draft = Partial<Person> & { notes: Name };
export const hire = api({ method: "POST", path: "/hire" }, async (_: Employee) => {});
export const draft = api({ method: "POST", path: "/draft" }, async (_: Draft) => {});
export const patch = api({ method: "PATCH", path: "/people/:id" }, async (_: Pick<Person, "id"> & Nullable<Omit<Person, "id">>) => {});
