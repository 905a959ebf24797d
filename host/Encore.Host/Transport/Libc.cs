using System.Runtime.InteropServices;

namespace Encore.Host.Transport;

/// <summary>The system calls of the epoll transport (Linux: epoll(7), eventfd(2), recv(2), sendmsg(2)).</summary>
internal static partial class Libc
{
    internal const int InterruptedError = 4;
    internal const int WouldBlockError = 11;

    internal const uint Readable = 0x001;
    internal const uint Writable = 0x004;
    internal const uint Failed = 0x008;
    internal const uint HungUp = 0x010;
    internal const uint PeerClosed = 0x2000;
    internal const uint EdgeTriggered = 1u << 31;

    internal const int AddDescriptor = 1;
    internal const int RemoveDescriptor = 2;

    /// <summary>EPOLL_CLOEXEC, and EFD_CLOEXEC.</summary>
    internal const int CloseOnExec = 0x80000;

    /// <summary>EFD_NONBLOCK.</summary>
    internal const int NonBlocking = 0x800;

    /// <summary>MSG_DONTWAIT: for this call, whatever the socket's own mode.</summary>
    internal const int DontWait = 0x40;

    /// <summary>MSG_NOSIGNAL: a closed connection is an error, not a signal.</summary>
    internal const int NoSignal = 0x4000;

    private const string Library = "libc";

    /// <summary>Bytes of an <c>epoll_event</c>, which is packed on x64 alone.</summary>
    internal static int EventSize { get; } = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;

    /// <summary>Where in it the user's 64 bits are.</summary>
    internal static int EventDataOffset => EventSize - sizeof(ulong);

    [LibraryImport(Library, EntryPoint = "epoll_create1", SetLastError = true)]
    internal static partial int EpollCreate(int flags);

    [LibraryImport(Library, EntryPoint = "epoll_ctl", SetLastError = true)]
    internal static unsafe partial int EpollControl(int epoll, int operation, int descriptor, byte* change);

    [LibraryImport(Library, EntryPoint = "epoll_wait", SetLastError = true)]
    internal static unsafe partial int EpollWait(int epoll, byte* events, int capacity, int timeoutMilliseconds);

    [LibraryImport(Library, EntryPoint = "eventfd", SetLastError = true)]
    internal static partial int EventDescriptor(uint initial, int flags);

    [LibraryImport(Library, EntryPoint = "write", SetLastError = true)]
    internal static unsafe partial nint Write(int descriptor, void* bytes, nuint length);

    [LibraryImport(Library, EntryPoint = "recv", SetLastError = true)]
    internal static unsafe partial nint Receive(int socket, void* bytes, nuint length, int flags);

    [LibraryImport(Library, EntryPoint = "send", SetLastError = true)]
    internal static unsafe partial nint Send(int socket, void* bytes, nuint length, int flags);

    [LibraryImport(Library, EntryPoint = "sendmsg", SetLastError = true)]
    internal static unsafe partial nint SendMessage(int socket, MessageHeader* message, int flags);

    [LibraryImport(Library, EntryPoint = "close", SetLastError = true)]
    internal static partial int Close(int descriptor);

    /// <summary><c>struct iovec</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal unsafe struct Part
    {
        internal void* Start;
        internal nuint Length;
    }

    /// <summary><c>struct msghdr</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal unsafe struct MessageHeader
    {
        internal void* Name;
        internal uint NameLength;
        internal Part* Parts;
        internal nuint PartCount;
        internal void* Control;
        internal nuint ControlLength;
        internal int Flags;
    }
}
