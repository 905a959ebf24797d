using System.Text;
using Bridge.Core.Errors;
using Encore.Host.Http;

namespace Encore.Host.Tests.Http;

public sealed class HandlerErrorTests
{
    [Theory]
    [InlineData("""{"name":"TypeError","message":"secret","stack":""}""", ErrorCode.Internal, "an internal error occurred", "", "TypeError: secret")]
    [InlineData("""{"name":"Error","message":"secret","stack":"","cause":{"message":"deep"}}""", ErrorCode.Internal, "an internal error occurred", "", "Error: secret")]
    [InlineData("""{"message":"m","stack":"","code":"not_found"}""", ErrorCode.NotFound, "m", "", null)]
    [InlineData("""{"message":"m","stack":"","code":"nonsense"}""", ErrorCode.Unknown, "m", "", null)]
    [InlineData("""{"message":"m","stack":"","code":"aborted","details":{"a":[1]},"cause":{"message":"c"}}""", ErrorCode.Aborted, "m: c", """{"a":[1]}""", null)]
    [InlineData("""{"message":"m","stack":"","code":"aborted","details":null,"cause":{"message":""}}""", ErrorCode.Aborted, "m", "", null)]
    [InlineData("""{"message":"m","stack":"","code":"ok"}""", ErrorCode.Internal, "an internal error occurred", "", "m")]
    [InlineData("{}", ErrorCode.Internal, "an internal error occurred", "", "Error: ")]
    public void ToAnswer_WhatTheIsolateDescribes_ShowsWhatTheClientMayKnow(
        string json, ErrorCode code, string message, string details, string? internalMessage)
    {
        var answer = HandlerError.Parse(Encoding.UTF8.GetBytes(json)).ToAnswer(showInternals: true);

        Assert.Equal((code, message, internalMessage), (answer.Code, answer.Message, answer.InternalMessage));
        Assert.Equal(details, Encoding.UTF8.GetString(answer.Details.Span));
        Assert.Null(HandlerError.Parse(Encoding.UTF8.GetBytes(json)).ToAnswer(showInternals: false).InternalMessage);
    }
}
