using System.Net;
using Encore.Cli.Tests.Support;

namespace Encore.Cli.Tests.Commands;

/// <summary>What PostgreSQL says of rows stays in the application.</summary>
public sealed class SqlErrorTests : IDisposable
{
    private const string Value = "somebody@example.org";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("development")]
    [InlineData("production")]
    public async Task Detail_WithARowsValues_IsTheApplicationsAlone(string environment)
    {
        _folder.LetEverybodyIn();
        _folder
            .Write("package.json", """{ "name": "users", "type": "module" }""")
            .Write("migrations/1_users.up.sql", $"CREATE TABLE person (email text CONSTRAINT email_taken UNIQUE);\nINSERT INTO person VALUES ('{Value}');\n")
            .Write(
                "app.ts",
                $$"""
                import { api, APIError } from "encore.dev/api";
                import { SQLDatabase, SQLError } from "encore.dev/storage/sqldb";

                const db = new SQLDatabase("users", { migrations: "./migrations" });
                const add = () => db.exec`INSERT INTO person VALUES (${"{{Value}}"})`;

                export const thrown = api({ path: "/thrown", expose: true }, async (): Promise<void> => {
                  await add();
                });

                export const wrapped = api({ path: "/wrapped", expose: true }, async (): Promise<void> => {
                  await add().catch((error: Error) => {
                    throw APIError.alreadyExists("there is one", error);
                  });
                });

                export const known = api({ path: "/known", expose: true }, async (): Promise<{ detail: string; constraint: string }> => {
                  try {
                    await add();
                    return { detail: "", constraint: "" };
                  } catch (error) {
                    if (!(error instanceof SQLError)) throw error;
                    return { detail: error.detail ?? "", constraint: error.constraint ?? "" };
                  }
                });

                """);
        using var program = CliProcess.Start(_folder, new Dictionary<string, string>(StringComparer.Ordinal) { ["NODE_ENV"] = environment }, "run", ".", "--port", "0");
        using var client = new HttpClient { BaseAddress = await program.AddressAsync() };

        var (thrown, thrownStatus) = await PostAsync(client, "/thrown");
        var (wrapped, wrappedStatus) = await PostAsync(client, "/wrapped");
        var (known, _) = await PostAsync(client, "/known");
        program.Terminate();
        var end = await program.EndAsync();

        Assert.Equal((HttpStatusCode.InternalServerError, HttpStatusCode.Conflict), (thrownStatus, wrappedStatus));
        Assert.Equal($$"""{"detail":"Key (email)=({{Value}}) already exists.","constraint":"email_taken"}""", known);
        Assert.DoesNotContain(Value, thrown, StringComparison.Ordinal);
        Assert.DoesNotContain(Value, wrapped, StringComparison.Ordinal);
        Assert.Contains("duplicate key value violates unique constraint", end.Output + end.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(Value, end.Output + end.Error, StringComparison.Ordinal);

        // The stack leads to whoever waited.
        Assert.Contains("app.ts:8:", end.Output + end.Error, StringComparison.Ordinal);
    }

    private static async Task<(string Body, HttpStatusCode Status)> PostAsync(HttpClient client, string path)
    {
        using var response = await client.PostAsync(new Uri(path, UriKind.Relative), content: null);
        return (await response.Content.ReadAsStringAsync(), response.StatusCode);
    }
}
