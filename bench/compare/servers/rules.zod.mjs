// @ts-check
import { z } from "zod";

/** The rules of `POST /schema` for the servers that validate with Zod: unknown fields dropped, no coercion in bodies. */
export const Headers = z.object({ "x-foo": z.string() });

export const Query = z.object({
  name: z.string().optional(),
  excitement: z.coerce.number().optional(),
});

export const Body = z.object({
  someKey: z.string().optional(),
  someOtherKey: z.number().optional(),
  requiredKey: z.array(z.number()),
  nullableKey: z.number().nullable().optional(),
  multipleTypesKey: z.union([z.boolean(), z.number()]).optional(),
  multipleRestrictedTypesKey: z.union([z.string(), z.number()]).optional(),
  enumKey: z.enum(["John", "Foo"]).optional(),
});
