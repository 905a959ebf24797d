namespace Bridge.Core.Responses.Checking;

/// <summary>One way in which what a handler returned isn't what its type says.</summary>
/// <param name="Path">JSON pointer (RFC 6901) into the answer; "" is the whole answer.</param>
/// <param name="Rule">What is violated, as in <see cref="Decoding.Violation"/>; <c>undeclared</c> for a field that the type doesn't have.</param>
/// <param name="Message">For people, without the place; names the value unless the endpoint is sensitive.</param>
/// <param name="Expected">What was expected, in a few words: <c>a number</c>; null where the rule says it all.</param>
/// <param name="Got">The beginning of the value as JSON; null where there is none and for sensitive endpoints.</param>
/// <param name="Source">The declaration that says otherwise, as <c>file:line:column</c>; "" where it isn't in the application's sources.</param>
public sealed record ResponseDifference(string Path, string Rule, string Message, string? Expected, string? Got, string Source);
