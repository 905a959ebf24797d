using System.Buffers;
using System.Text;
using Bridge.Core.Errors;
using Bridge.Core.Responses;
using Xunit;

namespace Bridge.Core.Tests.Responses;

public sealed class ErrorBodyTests
{
    [Fact]
    public void Write_WithoutDetails_SaysNull() =>
        Assert.Equal("""{"code":"not_found","message":"endpoint not found","details":null}""", Write(ErrorCode.NotFound, "endpoint not found"));

    [Fact]
    public void Write_WithEverything_KeepsDetailsAsTheyAre() =>
        Assert.Equal(
            """{"code":"internal","message":"an internal error occurred","internal_message":"Error: \"é\"\n","details":{"a":[1]}}""",
            Write(ErrorCode.Internal, "an internal error occurred", """{"a":[1]}""", "Error: \"é\"\n"));

    [Fact]
    public void Write_HalfASurrogatePair_IsReplaced() =>
        Assert.Equal("""{"code":"unknown","message":"a\uFFFDb","details":null}""", Write(ErrorCode.Unknown, "a\ud800b"));

    private static string Write(ErrorCode code, string message, string details = "", string? internalMessage = null)
    {
        var output = new ArrayBufferWriter<byte>();
        ErrorBody.Write(output, code, message, Encoding.UTF8.GetBytes(details), internalMessage);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
