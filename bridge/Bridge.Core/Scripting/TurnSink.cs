namespace Bridge.Core.Scripting;

/// <summary>Receives what a turn of the isolate brought forth.</summary>
/// <param name="answerCount">Answers described in the shared block's out section.</param>
/// <param name="answers">The answers' texts, one after another; valid only during the call.</param>
/// <param name="operations">JSON <c>[[id, kind, payload], …]</c>, or empty; valid only during the call.</param>
/// <remarks>Thread: the engine's. It must not throw.</remarks>
public delegate void TurnSink(int answerCount, ReadOnlySpan<char> answers, ReadOnlySpan<char> operations);
