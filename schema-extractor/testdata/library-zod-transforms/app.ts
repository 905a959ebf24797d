import { api } from "encore.dev/api";
import { z } from "zod";

const Query = z.object({
  page: z.string().transform((text) => Number(text)),
  since: z.coerce.date(),
  flag: z.stringbool(),
  limit: z.number().default(10),
  ids: z.string().transform((text) => text.split(",")).pipe(z.array(z.string())),
  when: z.codec(z.iso.datetime(), z.date(), { decode: (text) => new Date(text), encode: (date) => date.toISOString() }),
  trimmed: z.preprocess((value) => String(value).trim(), z.string()),
  caught: z.number().catch(0),
});
type In = z.input<typeof Query>;
type Out = z.output<typeof Query>;

export const search = api({ path: "/search" }, async (request: In): Promise<Out> => Query.parse(request));
