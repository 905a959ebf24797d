/**
 * The shape of what `prisma generate` writes: models as payloads, results computed from arguments, and inputs that refer to each other.
 */
export type JsonPrimitive = string | number | boolean | null;
export type JsonObject = { [Key in string]?: JsonValue };
export interface JsonArray extends Array<JsonValue> {}
export type JsonValue = JsonPrimitive | JsonObject | JsonArray;

export namespace $Enums {
  export const Role: { USER: "USER"; ADMIN: "ADMIN" };
  export type Role = (typeof Role)[keyof typeof Role];
}
export type Role = $Enums.Role;
export const Role: typeof $Enums.Role;

/**
 * Model User
 */
export type User = $Result.DefaultSelection<Prisma.$UserPayload>;
/**
 * Model Post
 */
export type Post = $Result.DefaultSelection<Prisma.$PostPayload>;

declare namespace $Result {
  type OperationPayload = { name: string; scalars: Record<string, unknown>; objects: Record<string, unknown>; composites: unknown };
  type DefaultSelection<P> = P extends { scalars: infer S } ? { [K in keyof S]: S[K] } & {} : never;
  type Compute<T> = T extends (...args: never[]) => unknown ? T : { [K in keyof T]: T[K] } & unknown;
  type GetFindResult<P extends OperationPayload, A> = A extends { select: infer S } & Record<string, unknown>
    ? Compute<{ [K in keyof S as S[K] extends false | undefined | null ? never : K]: Field<P, K, S[K]> }>
    : A extends { include: infer I } & Record<string, unknown>
      ? Compute<DefaultSelection<P> & { [K in keyof I as I[K] extends false | undefined | null ? never : K]: Field<P, K, I[K]> }>
      : DefaultSelection<P>;
  type Field<P extends OperationPayload, K, A> = K extends keyof P["scalars"]
    ? P["scalars"][K]
    : K extends keyof P["objects"]
      ? P["objects"][K] extends (infer O extends OperationPayload)[]
        ? GetFindResult<O, A>[]
        : P["objects"][K] extends OperationPayload
          ? GetFindResult<P["objects"][K], A>
          : P["objects"][K] extends (infer O extends OperationPayload) | null
            ? GetFindResult<O, A> | null
            : never
      : never;
  type GetResult<P extends OperationPayload, A, F extends "findUnique" | "findMany"> = {
    findUnique: GetFindResult<P, A> | null;
    findMany: GetFindResult<P, A>[];
  }[F];
}

export namespace Prisma {
  export type Decimal = { toJSON(): string; toNumber(): number; d: number[]; e: number; s: number };
  export type $UserPayload = {
    name: "User";
    objects: { posts: $PostPayload[] };
    scalars: { id: number; email: string; name: string | null; role: $Enums.Role; meta: JsonValue | null; balance: Decimal; avatar: Uint8Array | null; createdAt: Date };
    composites: {};
  };
  export type $PostPayload = {
    name: "Post";
    objects: { author: $UserPayload | null };
    scalars: { id: bigint; title: string; authorId: number | null };
    composites: {};
  };
  export type UserSelect = { id?: boolean; email?: boolean; name?: boolean; posts?: boolean | PostFindManyArgs };
  export type UserInclude = { posts?: boolean | PostFindManyArgs };
  export type UserDefaultArgs = { select?: UserSelect | null; include?: UserInclude | null };
  export type PostSelect = { id?: boolean; title?: boolean; author?: boolean | UserDefaultArgs };
  export type PostFindManyArgs = { select?: PostSelect | null; where?: { id?: bigint | number } };
  export type UserGetPayload<S extends boolean | null | undefined | UserDefaultArgs> = $Result.GetFindResult<$UserPayload, S>;
  export type InputJsonValue = string | number | boolean | { readonly [Key in string]?: InputJsonValue | null } | readonly (InputJsonValue | null)[];
  export type UserCreateInput = { email: string; name?: string | null; role?: $Enums.Role; meta?: InputJsonValue; createdAt?: Date | string; posts?: PostCreateNestedManyWithoutAuthorInput };
  export type PostCreateNestedManyWithoutAuthorInput = {
    create?: XOR<PostCreateWithoutAuthorInput, PostUncheckedCreateWithoutAuthorInput> | PostCreateWithoutAuthorInput[];
    connect?: { id: bigint | number }[];
  };
  export type PostCreateWithoutAuthorInput = { id?: bigint | number; title: string };
  export type PostUncheckedCreateWithoutAuthorInput = { id?: bigint | number; title: string; authorId?: number };
  type Without<T, U> = { [P in Exclude<keyof T, keyof U>]?: never };
  type XOR<T, U> = T extends object ? (U extends object ? (Without<T, U> & U) | (Without<U, T> & T) : U) : T;
  export interface UserDelegate {
    findMany<A extends UserDefaultArgs>(args?: A): Promise<$Result.GetResult<$UserPayload, A, "findMany">>;
    findUnique<A extends UserDefaultArgs & { where: { id: number } }>(args: A): Promise<$Result.GetResult<$UserPayload, A, "findUnique">>;
  }
}

export class PrismaClient {
  readonly user: Prisma.UserDelegate;
}
