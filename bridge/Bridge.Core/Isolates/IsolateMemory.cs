using System.Runtime.InteropServices;
using Bridge.Core.Scripting;

namespace Bridge.Core.Isolates;

/// <summary>The host's side of the shared block; <c>ts-sdk/src/internal/layout.ts</c> is the script's and describes it.</summary>
internal readonly struct IsolateMemory(ISharedMemory memory)
{
    internal const string GlobalName = "__encoreMemory";

    /// <summary>Items a turn can carry each way.</summary>
    internal const int ItemCapacity = 512;

    /// <summary>Size of the block in bytes.</summary>
    internal const int ByteLength = (OutStart + (ItemCapacity * AnswerWidth)) * sizeof(int);

    private const int ItemWidth = 10;
    private const int AnswerWidth = 3;
    private const int TurnStateAt = 2;
    private const int InStart = 4;
    private const int OutStart = InStart + (ItemCapacity * ItemWidth);

    /// <summary>When the earliest timer is due, in milliseconds of the isolate's clock; infinity for none.</summary>
    internal double NextTimer => MemoryMarshal.Cast<byte, double>(memory.Bytes)[0];

    /// <summary>Whether the script has come to the end of the turn.</summary>
    internal bool TurnIsDone => MemoryMarshal.Cast<byte, int>(memory.Bytes)[TurnStateAt] == (int)TurnState.Done;

    /// <summary>Notes that the script is entered.</summary>
    internal void BeginTurn() => MemoryMarshal.Cast<byte, int>(memory.Bytes)[TurnStateAt] = (int)TurnState.Entered;

    /// <summary>Resets the block for a new isolate.</summary>
    internal void Clear()
    {
        memory.Bytes.Clear();
        MemoryMarshal.Cast<byte, double>(memory.Bytes)[0] = double.PositiveInfinity;
    }

    internal void SetItem(int index, ItemKind kind, int id, int detail) => Write(Item(index), kind, id, detail);

    internal void SetCall(int index, int slot, HandlerCall call)
    {
        var item = Item(index);
        Write(item, ItemKind.Call, slot, call.Endpoint);
        var (trace, span) = call.Trace;
        var (high, low) = ((ulong)(trace >> 64), (ulong)trace);
        item[3] = (int)call.Flags;
        item[4] = (int)(high >> 32);
        item[5] = (int)high;
        item[6] = (int)(low >> 32);
        item[7] = (int)low;
        item[8] = (int)(span >> 32);
        item[9] = (int)span;
    }

    internal void SetCredit(int index, int slot, int messages, int units)
    {
        var item = Item(index);
        Write(item, ItemKind.StreamCredit, slot, messages);
        item[3] = units;
    }

    /// <summary>The answers of a flush: three numbers each, slot, status and length.</summary>
    internal ReadOnlySpan<int> Answers(int count) => MemoryMarshal.Cast<byte, int>(memory.Bytes).Slice(OutStart, count * AnswerWidth);

    private Span<int> Item(int index) =>
        MemoryMarshal.Cast<byte, int>(memory.Bytes).Slice(InStart + (index * ItemWidth), ItemWidth);

    private static void Write(Span<int> item, ItemKind kind, int id, int detail)
    {
        item[0] = (int)kind;
        item[1] = id;
        item[2] = detail;
    }
}

/// <summary>How far a turn has come; the script knows a third state, in which answers wait for its microtasks.</summary>
internal enum TurnState
{
    /// <summary>All of it has run.</summary>
    Done,

    /// <summary>The script was entered.</summary>
    Entered,
}

/// <summary>What an item of a turn is.</summary>
internal enum ItemKind
{
    /// <summary>A call of a handler.</summary>
    Call,

    /// <summary>An operation is done.</summary>
    Completed,

    /// <summary>An operation failed.</summary>
    Failed,

    /// <summary>Timers are due.</summary>
    Timers,

    /// <summary>Nobody waits for a call any more.</summary>
    Canceled,

    /// <summary>A message of a stream's client.</summary>
    StreamMessage,

    /// <summary>A stream's client sends nothing more.</summary>
    StreamEnd,

    /// <summary>Messages to a stream's client are written.</summary>
    StreamCredit,
}
