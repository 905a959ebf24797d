namespace Encore.Cli.Tests.Support;

/// <summary>Small applications that tests start from.</summary>
public static class Applications
{
    /// <summary>One endpoint in one file.</summary>
    public const string Hello =
        """
        import { api } from "encore.dev/api";

        export interface Greeting { text: string; id: number }

        /** Greets. */
        export const hello = api(
          { method: "GET", path: "/hello/:id", expose: true },
          async ({ id }: { id: number }): Promise<Greeting> => ({ text: "hello", id }),
        );

        """;

    /// <summary>Two services in folders of their own, with types and a function in a third.</summary>
    public static TemporaryFolder WriteShop(this TemporaryFolder folder) => folder
        .Write("package.json", """{ "name": "shop", "type": "module" }""")
        .Write("shared/money.ts", "export interface Money { amount: number; currency: \"EUR\" | \"USD\" }\nexport const euros = (amount: number): Money => ({ amount, currency: \"EUR\" });\n")
        .Write(
            "orders/orders.ts",
            """
            import { api } from "encore.dev/api";
            import { euros, type Money } from "../shared/money";

            export interface Order { id: number; total: Money }

            export const order = api(
              { method: "GET", path: "/orders/:id", expose: true },
              async ({ id }: { id: number }): Promise<Order> => ({ id, total: euros(id * 2) }),
            );

            """)
        .Write(
            "stock/stock.ts",
            """
            import { api } from "encore.dev/api";

            export const count = api({ method: "POST", path: "/stock", expose: true }, async (request: { item: string }): Promise<{ left: number }> => ({
              left: request.item.length,
            }));

            """);
}
