import { api } from "encore.dev/api";
import type { MaxLen, MinLen } from "encore.dev/validate";

interface Poll {
  options: string[] & (MinLen<2> & MaxLen<10>);
  frozen: readonly number[] & MaxLen<3>;
  generic: Array<boolean> & MinLen<1>;
  grid: ((number[] & MinLen<3> & MaxLen<3>)[]) & MaxLen<3>;
  people: { name: string & MinLen<1> }[] & MinLen<1>;
  maybe?: (string[] & MinLen<1>) | null;
}
export const create = api({ method: "POST", path: "/polls" }, async (poll: Poll): Promise<Poll> => poll);
