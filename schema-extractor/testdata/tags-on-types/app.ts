import { api, type Query } from "encore.dev/api";
import type { Percent } from "./units";

/**
 * A person's age.
 * @minimum 0 @maximum 150 @asType integer
 */
type Age = number;
/** @pattern ^[A-Z]{2}$ */
type Country = string;
/** @minItems 1 */
type Ages = Age[];
/** @maximum 17 */
type Minor = Age;
interface Person {
  age: Age;
  /** @minimum 18 */
  adultAge: Age;
  minor: Minor;
  ages: Ages;
  list: Age[];
  home: Country;
  abroad?: Country | null;
  either: Country | Age;
  share: Percent;
}
export const add = api({ method: "POST", path: "/people" }, async (person: Person): Promise<{ age: Age }> => ({ age: person.age }));
export const find = api({ method: "GET", path: "/people" }, async (_: { older: Query<Age, "older-than">; from?: Country }) => {});
export const list = api({ method: "POST", path: "/ages" }, async (_: Ages) => {});
