using System.Text;
using System.Text.Json;
using Bridge.Core.Errors;
using Encore.Host.Logging;

namespace Encore.Host.Tests.Logging;

public sealed class LogSinkTests
{
    private static readonly LogOptions Json = new(LogSeverity.Trace, LogFormat.Json, UseColor: false);

    [Fact]
    public void Write_RequestLine_HasEveryField()
    {
        var trace = TraceId.FromTraceParent("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");

        var line = Assert.Single(WriteJson(new LogEntry
        {
            Severity = LogSeverity.Error,
            Message = "request failed",
            Service = "blog",
            Endpoint = "post",
            Trace = trace,
            Code = ErrorCode.NotFound,
            Duration = TimeSpan.FromMicroseconds(1235),
            Error = "no \"post\"",
            Stack = "Error: x\n    at post (blog/post.ts:3:9)",
        }));

        Assert.Equal(
            ["level", "time", "message", "service", "endpoint", "trace_id", "duration", "code", "error", "stack"],
            line.EnumerateObject().Select(property => property.Name));
        Assert.Equal("error", line.GetProperty("level").GetString());
        Assert.Equal(DateTimeKind.Utc, line.GetProperty("time").GetDateTime().Kind);
        Assert.Equal("1brma68mpl1tr128tcghp01hjg", line.GetProperty("trace_id").GetString());
        Assert.Equal(1.235, line.GetProperty("duration").GetDouble());
        Assert.Equal("not_found", line.GetProperty("code").GetString());
        Assert.Equal("no \"post\"", line.GetProperty("error").GetString());
    }

    [Fact]
    public void Write_AdditionalFields_AreKeptUnlessTheirNameIsTaken()
    {
        var line = Assert.Single(WriteJson(new LogEntry
        {
            Severity = LogSeverity.Info,
            Message = "hi",
            Service = "blog",
            FieldsJson = """{"level":"x","message":"y","service":"z","user":{"id":1},"error":"kept"}""",
        }));

        Assert.Equal("info", line.GetProperty("level").GetString());
        Assert.Equal("hi", line.GetProperty("message").GetString());
        Assert.Equal("blog", line.GetProperty("service").GetString());
        Assert.Equal(1, line.GetProperty("user").GetProperty("id").GetInt32());
        Assert.Equal("kept", line.GetProperty("error").GetString());
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[1]")]
    [InlineData("")]
    public void Write_FieldsThatAreNoObject_AreLeftOut(string fields) =>
        Assert.Equal(3, Assert.Single(WriteJson(new LogEntry { Message = "hi", FieldsJson = fields })).EnumerateObject().Count());

    [Fact]
    public void Write_BelowThreshold_IsDropped()
    {
        var output = new MemoryStream();
        using (var sink = new LogSink(Json with { Threshold = LogSeverity.Warn }, output))
        {
            Assert.False(sink.IsEnabled(LogSeverity.Info));
            sink.Write(LogSeverity.Info, "quiet");
            sink.Write(LogSeverity.Warn, "loud");
        }

        Assert.Equal("loud", Assert.Single(Lines(output)).GetProperty("message").GetString());
    }

    [Fact]
    public void Write_FromManyThreads_KeepsEveryLineWhole()
    {
        var output = new MemoryStream();
        using (var sink = new LogSink(Json, output))
        {
            Parallel.For(0, 8, thread =>
            {
                for (var i = 0; i < 1000; i++)
                {
                    sink.WriteFromApplication(new LogEntry { Message = "line", FieldsJson = $$"""{"thread":{{thread}},"i":{{i}}}""" });
                }
            });
        }

        var lines = Lines(output);
        Assert.Equal(8000, lines.Count);
        foreach (var thread in lines.GroupBy(line => line.GetProperty("thread").GetInt32()))
        {
            Assert.Equal(Enumerable.Range(0, 1000), thread.Select(line => line.GetProperty("i").GetInt32()));
        }
    }

    [Fact]
    public void Flush_AfterWrite_HasWrittenIt()
    {
        var output = new MemoryStream();
        using var sink = new LogSink(Json, output);
        sink.Write(LogSeverity.Info, "now");

        sink.Flush(TimeSpan.FromSeconds(10));

        Assert.Single(Lines(output));
    }

    [Fact]
    public void Write_OutputStalled_DropsAndTellsHowMany()
    {
        using var output = new StalledStream();
        using (var sink = new LogSink(Json, output))
        {
            sink.Write(LogSeverity.Info, "first");
            output.Reached.Wait();
            for (var i = 0; i < 20_000; i++)
            {
                sink.Write(LogSeverity.Info, "flood");
            }

            output.Release.Set();
            sink.Flush(TimeSpan.FromSeconds(10));
        }

        var lines = Lines(output.Written);
        var dropped = Assert.Single(lines, line => line.TryGetProperty("count", out _)).GetProperty("count").GetInt32();
        Assert.Equal(20_001, lines.Count - 1 + dropped);
    }

    [Fact]
    public void Write_OutputGone_GoesOn()
    {
        using var sink = new LogSink(Json, new BrokenStream());
        sink.Write(LogSeverity.Info, "into the void");

        sink.Flush(TimeSpan.FromSeconds(10));
        sink.Write(LogSeverity.Info, "again");
        sink.Flush(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void Format_Console_IsReadableAndCannotDriveTheTerminal()
    {
        var output = new MemoryStream();
        using (var sink = new LogSink(new LogOptions(LogSeverity.Trace, LogFormat.Console, UseColor: false), output))
        {
            sink.Write(new LogEntry
            {
                Severity = LogSeverity.Warn,
                Message = "evil \e[2J message",
                Service = "blog",
                Duration = TimeSpan.FromMilliseconds(1.5),
                Error = "two words",
                Stack = "Error: x\n    at post (blog/post.ts:3:9)",
                FieldsJson = """{"id":7,"note":"a b","tags":["x y"],"esc":"\u001b[2J"}""",
            });
        }

        var lines = Encoding.UTF8.GetString(output.ToArray()).Split('\n');
        Assert.Matches(
            """^\d\d:\d\d:\d\d\.\d\d\d WRN evil \\x1b\[2J message error="two words" service=blog duration=1.5ms id=7 note="a b" tags=\["x y"\] esc="\\u001B\[2J"$""",
            lines[0]);
        Assert.Equal(["    Error: x", "    at post (blog/post.ts:3:9)", ""], lines[1..]);
    }

    private static List<JsonElement> WriteJson(LogEntry entry)
    {
        var output = new MemoryStream();
        using (var sink = new LogSink(Json, output))
        {
            sink.Write(entry);
        }

        return Lines(output);
    }

    private static List<JsonElement> Lines(MemoryStream output) =>
        [.. Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];

    private sealed class BrokenStream : MemoryStream
    {
        public override void Write(ReadOnlySpan<byte> buffer) => throw new IOException("broken pipe");
    }

    private sealed class StalledStream : MemoryStream
    {
        public ManualResetEventSlim Reached { get; } = new();

        public ManualResetEventSlim Release { get; } = new();

        public MemoryStream Written { get; } = new();

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            Reached.Set();
            Release.Wait();
            Written.Write(buffer);
        }

        protected override void Dispose(bool disposing)
        {
            Reached.Dispose();
            Release.Dispose();
            base.Dispose(disposing);
        }
    }
}
