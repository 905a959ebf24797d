using System.Globalization;
using System.Text;
using Bridge.Core.Schema;
using Encore.Host.Artifacts;

namespace Encore.Host.Tests.Http;

/// <summary>A folder of files, served without the isolate.</summary>
public sealed class StaticFilesTests : IAsyncLifetime
{
    private const string Page = "<h1>home</h1>";
    private const string Modified = "Sat, 01 Feb 2025 10:20:30 GMT";

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("encore-host-test-");
    private TestHost? _host;

    private TestHost Host => _host ?? throw new InvalidOperationException("The host hasn't started.");

    public async Task InitializeAsync()
    {
        Write("secret.txt", "outside");
        Write("page404.html", "nothing here");
        Write("public/index.html", Page);
        Write("public/app.js", "let a = 1;");
        Write("public/app.js.br", "br form");
        Write("public/app.js.gz", "gzip form");
        Write("public/app.js.zst", "zstd form");
        Write("public/empty.css", "");
        Write("public/no-extension", "?");
        Write("public/ten.txt", "0123456789");
        Write("public/sub/index.html", "sub");
        Write("public/sub/grüße und.txt", "unicode");
        Write("public/bare/file.txt", "x");
        Write("public/.env", "hidden");
        Write("public/.well-known/acme", "known");
        Write("public/big.bin", new string('b', 300_000));
        Write("public-other/file.txt", "sibling");
        File.CreateSymbolicLink(Place("public/out.txt"), Place("secret.txt"));
        Directory.CreateSymbolicLink(Place("public/outdir"), Place("public-other"));
        File.CreateSymbolicLink(Place("public/inside.txt"), Place("public/ten.txt"));
        _host = await TestHost.StartAsync(application: Application());
    }

    public async Task DisposeAsync()
    {
        Assert.Equal(0, Host.Isolate.HandlerCalls);
        await Host.DisposeAsync();
        _root.Delete(recursive: true);
    }

    [Theory]
    [InlineData("/assets/app.js", "let a = 1;", "text/javascript; charset=utf-8")]
    [InlineData("/assets/", Page, "text/html; charset=utf-8")]
    [InlineData("/assets/index.html", Page, "text/html; charset=utf-8")]
    [InlineData("/assets/sub/", "sub", "text/html; charset=utf-8")]
    [InlineData("/assets/empty.css", "", "text/css; charset=utf-8")]
    [InlineData("/assets/no-extension", "?", "application/octet-stream")]
    [InlineData("/assets/ten%2Etxt", "0123456789", "text/plain; charset=utf-8")]
    [InlineData("/assets/sub/gr%C3%BC%C3%9Fe%20und.txt", "unicode", "text/plain; charset=utf-8")]
    [InlineData("/assets/.well-known/acme", "known", "application/octet-stream")]
    [InlineData("/assets/inside.txt", "0123456789", "text/plain; charset=utf-8")]
    [InlineData("/assets/ten.txt?v=1", "0123456789", "text/plain; charset=utf-8")]
    [InlineData("/home", Page, "text/html; charset=utf-8")]
    [InlineData("/ten.txt", "0123456789", "text/plain; charset=utf-8")]
    [InlineData("/", Page, "text/html; charset=utf-8")]
    public async Task Get_File_IsServedWithItsType(string target, string body, string type)
    {
        var response = await Host.GetAsync(target);

        Assert.Equal((200, body, type), (response.Status, response.Body, response["Content-Type"]));
        Assert.Equal((Modified, "bytes", body.Length.ToString(CultureInfo.InvariantCulture)), (response["Last-Modified"], response["Accept-Ranges"], response["Content-Length"]));
        Assert.Matches("^\"[0-9a-f]+-[0-9a-f]+\"$", response["ETag"]);
        Assert.Equal(target.StartsWith("/assets", StringComparison.Ordinal) ? "max-age=60" : null, response["Cache-Control"]);
    }

    [Theory]
    [InlineData("/assets/../secret.txt")]
    [InlineData("/assets/%2e%2e/secret.txt")]
    [InlineData("/assets/..%2fsecret.txt")]
    [InlineData("/assets/..%2Fsecret.txt")]
    [InlineData("/assets/sub/../../secret.txt")]
    [InlineData("/assets/..\\secret.txt")]
    [InlineData("/assets/..%5csecret.txt")]
    [InlineData("/assets/%2e%2e%5csecret.txt")]
    [InlineData("/assets//secret.txt")]
    [InlineData("/assets/%252e%252e/secret.txt")]
    [InlineData("/assets/%c0%ae%c0%ae/secret.txt")]
    [InlineData("/assets/../public-other/file.txt")]
    [InlineData("/assets/out.txt")]
    [InlineData("/assets/outdir/file.txt")]
    [InlineData("/assets/outdir/")]
    [InlineData("/assets/.env")]
    [InlineData("/assets/%2eenv")]
    [InlineData("/assets/./ten.txt")]
    [InlineData("/assets/ten.txt/")]
    [InlineData("/assets/ten.txt/x")]
    [InlineData("/assets/bare")]
    [InlineData("/assets/bare/")]
    [InlineData("/assets/%zz")]
    [InlineData("/assets/nowhere")]
    [InlineData("/assets/TEN.TXT")]
    public async Task Get_WhatIsNoFileOfTheFolder_IsThePageForThat(string target)
    {
        var response = await Host.GetAsync(target);

        Assert.Equal((410, "nothing here", "text/html; charset=utf-8"), (response.Status, response.Body, response["Content-Type"]));
    }

    [Theory]
    [InlineData("/assets/a%00b")]
    [InlineData("/nul%00")]
    public async Task Get_Nul_IsRefusedByTheServer(string target) => Assert.Equal(400, (await Host.GetAsync(target)).Status);

    [Fact]
    public async Task Get_MissingWithoutAPage_IsNotFound() =>
        (await Host.GetAsync("/nowhere.txt")).AssertRefusal(404, "not_found", "file not found");

    [Theory]
    [InlineData("/assets/sub", "/assets/sub/")]
    [InlineData("/assets/sub?a=b", "/assets/sub/?a=b")]
    [InlineData("/assets", "/assets/")]
    public async Task Get_FolderWithoutItsSlash_IsSentThere(string target, string location)
    {
        var response = await Host.GetAsync(target);

        Assert.Equal((308, location, "0"), (response.Status, response["Location"], response["Content-Length"]));
    }

    [Theory]
    [InlineData("/assets/ten.txt", "10")]
    [InlineData("/assets/big.bin", "300000")]
    public async Task Head_File_HasLengthAndNoBody(string target, string length)
    {
        await using var connection = await Host.ConnectAsync();
        await connection.SendAsync($"HEAD {target} HTTP/1.1\r\nHost: test\r\n\r\nGET /assets/ten.txt HTTP/1.1\r\nHost: test\r\n\r\n");

        var head = await connection.ReceiveAsync(hasBody: false);

        Assert.Equal((200, length), (head.Status, head["Content-Length"]));
        Assert.Equal("0123456789", (await connection.ReceiveAsync()).Body);
    }

    [Fact]
    public async Task Post_File_IsNoRouteForMethod()
    {
        var response = await Host.PostAsync("/assets/ten.txt", "{}");

        response.AssertRefusal(404, "not_found", "no route for method");
        Assert.Equal("GET, HEAD", response["Allow"]);
    }

    [Theory]
    [InlineData("bytes=0-3", "0123", "bytes 0-3/10")]
    [InlineData("bytes=5-", "56789", "bytes 5-9/10")]
    [InlineData("bytes=-2", "89", "bytes 8-9/10")]
    [InlineData("bytes=-99", "0123456789", "bytes 0-9/10")]
    [InlineData("bytes=9-99", "9", "bytes 9-9/10")]
    [InlineData("bytes=2-99999999999999999999", "23456789", "bytes 2-9/10")]
    [InlineData("Bytes= 1 - 1", "1", "bytes 1-1/10")]
    public async Task Get_Range_IsThatPart(string range, string body, string place)
    {
        var response = await Host.GetAsync("/assets/ten.txt", $"Range: {range}\r\n");

        Assert.Equal((206, body, place), (response.Status, response.Body, response["Content-Range"]));
    }

    [Theory]
    [InlineData("bytes=10-")]
    [InlineData("bytes=99-100")]
    [InlineData("bytes=-0")]
    public async Task Get_RangeBeyond_Is416(string range)
    {
        var response = await Host.GetAsync("/assets/ten.txt", $"Range: {range}\r\n");

        Assert.Equal((416, "", "bytes */10"), (response.Status, response.Body, response["Content-Range"]));
    }

    [Theory]
    [InlineData("bytes=3-1")]
    [InlineData("bytes=a-b")]
    [InlineData("bytes=")]
    [InlineData("bytes=-")]
    [InlineData("lines=0-1")]
    [InlineData("bytes=0-1,3-4")]
    public async Task Get_RangeThatIsNoneOrSeveral_IsTheWholeFile(string range)
    {
        var response = await Host.GetAsync("/assets/ten.txt", $"Range: {range}\r\n");

        Assert.Equal((200, "0123456789", null), (response.Status, response.Body, response["Content-Range"]));
    }

    [Fact]
    public async Task Get_BigFileInParts_IsWhole()
    {
        var whole = await Host.GetAsync("/assets/big.bin");
        var part = await Host.GetAsync("/assets/big.bin", "Range: bytes=100000-299999\r\n");

        Assert.Equal(new string('b', 300_000), whole.Body);
        Assert.Equal((206, 200_000), (part.Status, part.Body.Length));
    }

    [Theory]
    [InlineData("If-None-Match", "{tag}", 304)]
    [InlineData("If-None-Match", "W/{tag}", 304)]
    [InlineData("If-None-Match", "\"x\", {tag}", 304)]
    [InlineData("If-None-Match", "*", 304)]
    [InlineData("If-None-Match", "\"x\"", 200)]
    [InlineData("If-Modified-Since", Modified, 304)]
    [InlineData("If-Modified-Since", "Sat, 01 Feb 2025 10:20:31 GMT", 304)]
    [InlineData("If-Modified-Since", "Sat, 01 Feb 2025 10:20:29 GMT", 200)]
    [InlineData("If-Modified-Since", "yesterday", 200)]
    [InlineData("If-None-Match", "\"x\"\r\nIf-Modified-Since: " + Modified, 200)]
    [InlineData("If-Match", "{tag}", 200)]
    [InlineData("If-Match", "*", 200)]
    [InlineData("If-Match", "W/{tag}", 412)]
    [InlineData("If-Match", "\"x\"", 412)]
    [InlineData("If-Unmodified-Since", Modified, 200)]
    [InlineData("If-Unmodified-Since", "Sat, 01 Feb 2025 10:20:29 GMT", 412)]
    [InlineData("If-Range", "{tag}\r\nRange: bytes=0-1", 206)]
    [InlineData("If-Range", Modified + "\r\nRange: bytes=0-1", 206)]
    [InlineData("If-Range", "\"x\"\r\nRange: bytes=0-1", 200)]
    [InlineData("If-Range", "W/{tag}\r\nRange: bytes=0-1", 200)]
    [InlineData("If-Range", "Sat, 01 Feb 2025 10:20:29 GMT\r\nRange: bytes=0-1", 200)]
    public async Task Get_Condition_DecidesTheStatus(string header, string value, int status)
    {
        var tag = (await Host.GetAsync("/assets/ten.txt"))["ETag"];

        var response = await Host.GetAsync("/assets/ten.txt", $"{header}: {value.Replace("{tag}", tag, StringComparison.Ordinal)}\r\n");

        Assert.Equal(status, response.Status);
        Assert.Equal(tag, response["ETag"]);
        Assert.Equal(status switch { 200 => "0123456789", 206 => "01", _ => "" }, response.Body);
        Assert.Equal(status == 304 ? null : status == 412 ? "0" : status == 206 ? "2" : "10", response["Content-Length"]);
    }

    [Theory]
    [InlineData("gzip", "gzip", "gzip form")]
    [InlineData("br, gzip", "br", "br form")]
    [InlineData("zstd, gzip", "zstd", "zstd form")]
    [InlineData("gzip, deflate, br, zstd", "br", "br form")]
    [InlineData("zstd, br;q=0.9, gzip", "zstd", "zstd form")]
    [InlineData("zstd;q=0.5", "zstd", "zstd form")]
    [InlineData("gzip;q=1, br;q=0.1", "gzip", "gzip form")]
    [InlineData("br;q=0", null, "let a = 1;")]
    [InlineData("identity", null, "let a = 1;")]
    public async Task Get_CompressedSiblings_AreChosenAsTheClientWants(string accepts, string? encoding, string body)
    {
        var response = await Host.GetAsync("/assets/app.js", $"Accept-Encoding: {accepts}\r\n");

        Assert.Equal((200, encoding, body, "Accept-Encoding"), (response.Status, response["Content-Encoding"], response.Body, response["Vary"]));
        Assert.Equal("text/javascript; charset=utf-8", response["Content-Type"]);
    }

    [Fact]
    public async Task Get_CompressedForms_HaveTagsOfTheirOwn()
    {
        var plain = await Host.GetAsync("/assets/app.js");
        var brotli = await Host.GetAsync("/assets/app.js", "Accept-Encoding: br\r\n");

        Assert.NotEqual(plain["ETag"], brotli["ETag"]);
        Assert.Equal(304, (await Host.GetAsync("/assets/app.js", $"Accept-Encoding: br\r\nIf-None-Match: {brotli["ETag"]}\r\n")).Status);
        Assert.Equal(200, (await Host.GetAsync("/assets/app.js", $"Accept-Encoding: br\r\nIf-None-Match: {plain["ETag"]}\r\n")).Status);
    }

    [Fact]
    public async Task Get_RangeOfAFileWithSiblings_IsOfTheFileItself()
    {
        var response = await Host.GetAsync("/assets/app.js", "Accept-Encoding: br\r\nRange: bytes=0-2\r\n");

        Assert.Equal((206, "let", null), (response.Status, response.Body, response["Content-Encoding"]));
    }

    [Fact]
    public async Task Get_FileThatChanges_IsTheNewOneWithinASecondOrSo()
    {
        Write("public/changes.txt", "old");
        var old = await Host.GetAsync("/assets/changes.txt");
        File.WriteAllText(Place("public/changes.txt"), "newer");
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        RawResponse current;
        while ((current = await Host.GetAsync("/assets/changes.txt")).Body == "old")
        {
            await Task.Delay(20, patience.Token);
        }

        Assert.Equal(("newer", "5"), (current.Body, current["Content-Length"]));
        Assert.NotEqual(old["ETag"], current["ETag"]);
    }

    [Fact]
    public async Task Get_FileThatIsDeleted_IsGoneWithinASecondOrSo()
    {
        Write("public/goes.txt", "here");
        Assert.Equal(200, (await Host.GetAsync("/assets/goes.txt")).Status);
        File.Delete(Place("public/goes.txt"));
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while ((await Host.GetAsync("/assets/goes.txt")).Status == 200)
        {
            await Task.Delay(20, patience.Token);
        }

        Assert.Equal(410, (await Host.GetAsync("/assets/goes.txt")).Status);
    }

    [Fact]
    public async Task Get_ByAuthenticatedOnly_IsRefusedWithoutCredentials() =>
        Assert.Equal(401, (await Host.GetAsync("/private/ten.txt")).Status);

    [Fact]
    public async Task Start_FolderThatIsMissing_SaysSo()
    {
        var schema = new TestSchema().Endpoint("files", "GET", "/*path").Build();
        schema.Endpoints[0].Kind = EndpointKind.Static;
        schema.Endpoints[0].Static = new StaticSchema { Dir = "none" };

        var error = await Assert.ThrowsAsync<Encore.Host.Hosting.StartException>(() => TestHost.StartAsync(application: Load(schema)));

        Assert.Equal([$"test.files: {Place("none")} doesn't exist"], error.Problems);
    }

    private LoadedApplication Application()
    {
        var schema = new TestSchema()
            .Endpoint("assets", "GET", "/assets/*path").Endpoint("home", "GET", "/home").Endpoint("site", "GET", "/!path").Endpoint("private", "GET", "/private/*path")
            .Build();
        foreach (var endpoint in schema.Endpoints)
        {
            endpoint.Kind = EndpointKind.Static;
            endpoint.Methods.Clear();
            endpoint.Static = new StaticSchema { Dir = "public" };
        }

        schema.Endpoints[0].Static = new StaticSchema
        {
            Dir = "public",
            NotFound = "page404.html",
            NotFoundStatus = 410,
            Headers = { new HeaderLine { Name = "Cache-Control", Value = "max-age=60" } },
        };
        schema.Endpoints[3].Auth = true;
        return Load(schema);
    }

    private LoadedApplication Load(Application schema) => new(schema, "", "/nowhere/app.js", SourceMapPath: null, _root.FullName);

    private string Place(string path) => Path.Combine(_root.FullName, path);

    private void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Place(path))!);
        File.WriteAllText(Place(path), text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        File.SetLastWriteTimeUtc(Place(path), new DateTime(2025, 2, 1, 10, 20, 30, 500, DateTimeKind.Utc));
    }
}
