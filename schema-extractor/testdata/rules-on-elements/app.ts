import { api } from "encore.dev/api";
import type { IsEmail, Max, MaxLen, Min, MinLen } from "encore.dev/validate";

type Score = number & Min<0> & Max<100>;
interface Round {
  scores: Score[];
  matrix: Score[][];
  byPlayer: Record<string, Score>;
  byPlayerList: { [player: string]: (string & MinLen<2>)[] & MaxLen<5> };
  recipients: readonly (string & IsEmail)[];
  optional?: (string & MaxLen<3>)[];
  nullable: ((string & MinLen<1>) | null)[];
}
export const play = api({ method: "POST", path: "/rounds" }, async (round: Round): Promise<Score[]> => round.scores);
