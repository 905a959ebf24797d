using System.Runtime.InteropServices;

namespace Bridge.Core.Isolates;

/// <summary>
/// How one thread sleeps until others have something for it: announce it, look once more whether there is something, then sleep.
/// </summary>
/// <remarks>
/// On Linux one futex word is both the announcement and what the thread sleeps on, so that a sleep and a wake-up are a system call each; an
/// event object takes locks on both sides, and the one that wakes holds what the woken needs next.
/// <para>Justification (unsafe): the system call takes the word's address; its array is allocated pinned, so the address stays the same.</para>
/// </remarks>
internal sealed unsafe partial class ThreadSleep
{
    private const int FutexWaitPrivate = 128;
    private const int FutexWakePrivate = 129;

    private static readonly long FutexCall = OperatingSystem.IsLinux()
        ? RuntimeInformation.ProcessArchitecture switch
        {
            Architecture.X64 => 202,
            Architecture.Arm64 => 98,
            _ => 0,
        }
        : 0;

    private readonly ManualResetEventSlim? _event = FutexCall == 0 ? new(initialState: false, spinCount: 0) : null;
    private readonly int[] _announced = GC.AllocateArray<int>(1, pinned: true);

    /// <summary>Whether the thread sleeps, or is about to. Thread: any.</summary>
    internal bool IsAnnounced => Volatile.Read(ref _announced[0]) != 0;

    /// <summary>Says that the thread is going to sleep: from here on <see cref="Wake"/> prevents or ends it. Thread: the sleeper.</summary>
    internal void Announce()
    {
        _event?.Reset();
        Interlocked.Exchange(ref _announced[0], 1);
    }

    /// <summary>Takes the announcement back. Thread: the sleeper.</summary>
    internal void Cancel() => Volatile.Write(ref _announced[0], 0);

    /// <summary>Sleeps until woken or until the time is up; may end early without a reason. Thread: the sleeper.</summary>
    /// <param name="timeout">How long at most; <see cref="Timeout.InfiniteTimeSpan"/> for as long as it takes.</param>
    internal void Sleep(TimeSpan timeout)
    {
        if (_event is not null)
        {
            _event.Wait(timeout);
        }
        else
        {
            var time = new TimeSpec(timeout);
            Call(FutexWaitPrivate, timeout == Timeout.InfiniteTimeSpan ? null : &time);
        }

        Cancel();
    }

    /// <summary>Wakes the thread if it has announced its sleep. Thread: any.</summary>
    internal void Wake()
    {
        if (!IsAnnounced || Interlocked.Exchange(ref _announced[0], 0) == 0)
        {
            return;
        }

        if (_event is not null)
        {
            _event.Set();
        }
        else
        {
            Call(FutexWakePrivate, null);
        }
    }

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial nint SystemCall(long number, int* word, long operation, long value, TimeSpec* timeout);

    // Both operations take 1: wait while the word is 1, wake one thread.
    private void Call(long operation, TimeSpec* timeout)
    {
        fixed (int* word = _announced)
        {
            _ = SystemCall(FutexCall, word, operation, 1, timeout);
        }
    }

    /// <summary><c>struct timespec</c> of 64-bit systems.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct TimeSpec(TimeSpan time)
    {
        private readonly long _seconds = time.Ticks / TimeSpan.TicksPerSecond;
        private readonly long _nanoseconds = time.Ticks % TimeSpan.TicksPerSecond * TimeSpan.NanosecondsPerTick;
    }
}
