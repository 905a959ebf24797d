import { api, Header, Query } from "encore.dev/api";

interface HelloResponse {
  message: string;
}

export const hello = api({ expose: true, method: "GET", path: "/hello" }, async (): Promise<HelloResponse> => {
  return { message: "Hello, World" };
});

interface SchemaRequest {
  xFoo: Header<"x-foo">;
  name?: Query<string>;
  excitement?: Query<number>;
  someKey?: string;
  someOtherKey?: number;
  requiredKey: number[];
  nullableKey?: number | null;
  multipleTypesKey?: boolean | number;
  multipleRestrictedTypesKey?: string | number;
  enumKey?: "John" | "Foo";
}

export const schema = api(
  { expose: true, method: "POST", path: "/schema" },
  async (_request: SchemaRequest): Promise<HelloResponse> => {
    return { message: "Hello, World" };
  },
);
