import type { MaxLen, MinLen, StartsWith } from "encore.dev/validate";

/** A post as readers see it. */
export interface BlogPost {
  id: number;
  title: string;
  body: string;
  tags: string[];
  author: string;
  createdAt: Date;
}

/** What an author writes. A request that breaks a rule is answered with 400; no code of ours runs. */
export interface Draft {
  title: string & (MinLen<1> & MaxLen<120>);
  body: string & MaxLen<20_000>;
  tags?: Tag[] & MaxLen<5>;
}

/** Such as "#typescript". */
export type Tag = string & (StartsWith<"#"> & MinLen<2> & MaxLen<30>);
