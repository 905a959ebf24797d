import { api } from "encore.dev/api";
import type { MaxLen, UniqueItems } from "encore.dev/validate";

type Labels = string[] & UniqueItems;
interface Article {
  labels: Labels;
  few: number[] & (UniqueItems & MaxLen<3>);
  pairs: { key: string }[] & UniqueItems;
  nested: (string[] & UniqueItems)[];
  either: (string[] & UniqueItems) | string;
}
export const tag = api({ method: "POST", path: "/articles" }, async (article: Article): Promise<Article> => article);
