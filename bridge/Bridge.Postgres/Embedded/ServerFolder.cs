using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Bridge.Postgres.Embedded;

/// <summary>The folder of one embedded server.</summary>
/// <param name="Root">The folder itself, not a link.</param>
internal sealed record ServerFolder(string Root)
{
    private const string RootsOwn = "/var/lib/encore-host";
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Readable = Private | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode PrivateFolder = Private | UnixFileMode.UserExecute;
    private const UnixFileMode OpenFolder = PrivateFolder | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    // sockaddr_un's limit is 108 bytes with a zero at the end.
    private const int LongestSocketPath = 107;
    private const int PasswordBytes = 24;

    /// <summary>PostgreSQL's data.</summary>
    public string Data => Path.Combine(Root, "data");

    /// <summary>Data that are being made.</summary>
    public string UnfinishedData => Path.Combine(Root, "data.new");

    /// <summary>What the server says.</summary>
    public string Log => Path.Combine(Root, "server.log");

    /// <summary>Shared by all processes that use the server; the supervisor stops the server when it can have it alone.</summary>
    public string UsersLock => Path.Combine(Root, "users.lock");

    /// <summary>Held by the supervisor and the server for as long as one of them lives.</summary>
    public string AliveLock => Path.Combine(Root, "alive.lock");

    /// <summary>Held by the one that is starting the server.</summary>
    public string StartLock => Path.Combine(Root, "start.lock");

    /// <summary>The folder of the server's Unix socket; null where the path is longer than a socket's may be.</summary>
    public string? Sockets
    {
        get
        {
            var folder = Path.Combine(Root, "run");
            return Encoding.UTF8.GetByteCount(Path.Combine(folder, ".s.PGSQL.65535")) <= LongestSocketPath ? folder : null;
        }
    }

    /// <summary>The major version that the data were written by; null where there are none.</summary>
    public int? DataMajor
    {
        get
        {
            var file = Path.Combine(Data, "PG_VERSION");
            return File.Exists(file) && int.TryParse(File.ReadAllText(file).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var major) ? major : null;
        }
    }

    private string PasswordFile => Path.Combine(Root, "password");

    private string PortFile => Path.Combine(Root, "port");

    private string OwnerFile => Path.Combine(Root, "link");

    /// <summary>Opens a server's folder, and makes it if it doesn't exist.</summary>
    /// <param name="path">Where it is, or where a link to it is.</param>
    /// <param name="account">Who has to enter it.</param>
    public static ServerFolder Open(string path, ServerAccount account)
    {
        var full = Path.GetFullPath(path);
        var parent = Path.GetDirectoryName(full) ?? "/";
        Directory.CreateDirectory(parent);
        var folder = new ServerFolder(Existing(full) ?? (account.CanEnter(parent) ? full : MakeElsewhere(full)));
        MakeOpen(folder.Root);
        if (!account.CanEnter(folder.Root))
        {
            throw new EmbeddedPostgresException(
                $"The user that runs PostgreSQL, because root may not, can't enter {folder.Root}.",
                "allow others to enter the folders above it (chmod o+x), or run encore-host as the user that it belongs to");
        }

        foreach (var file in (string[])[folder.UsersLock, folder.AliveLock, folder.StartLock])
        {
            Touch(file);
        }

        return folder;
    }

    /// <summary>Whether a server runs here, or is about to end.</summary>
    public bool IsServerAlive()
    {
        using var probe = FileLock.TryTake(AliveLock, alone: false);
        return probe is null;
    }

    /// <summary>The port that the last server had; null where there was none.</summary>
    public int? ReadPort() =>
        File.Exists(PortFile) && int.TryParse(File.ReadAllText(PortFile), NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port : null;

    /// <summary>Remembers the server's port.</summary>
    public void WritePort(int port) => File.WriteAllText(PortFile, port.ToString(CultureInfo.InvariantCulture));

    /// <summary>The superuser's password, made up the first time; only this process's user can read it.</summary>
    public string ReadPassword()
    {
        if (!File.Exists(PasswordFile))
        {
            var password = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(PasswordBytes));
            using var file = Create(PasswordFile, Private);
            file.Write(Encoding.ASCII.GetBytes(password));
        }

        return File.ReadAllText(PasswordFile);
    }

    /// <summary>Makes a folder of the server's own, which nobody else enters.</summary>
    public static void MakePrivate(string folder, ServerAccount account)
    {
        Directory.CreateDirectory(folder);
        SetMode(folder, PrivateFolder);
        account.Give(folder);
    }

    // Whatever the process's umask says: the server's account has to get through.
    private static void MakeOpen(string folder)
    {
        if (!Directory.Exists(folder))
        {
            Directory.CreateDirectory(folder);
            SetMode(folder, OpenFolder);
        }
    }

    private static void SetMode(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, mode);
        }
    }

    private static FileStream Create(string file, UnixFileMode mode)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = mode;
        }

        return new FileStream(file, options);
    }

    // A file that exists isn't opened: that would ask for a lock on it.
    private static void Touch(string file)
    {
        try
        {
            if (!File.Exists(file))
            {
                Create(file, Readable).Dispose();
            }
        }
        catch (IOException) when (File.Exists(file))
        {
            // Another process was faster.
        }
    }

    private static string? Existing(string path)
    {
        if (TargetOf(path) is not { } target)
        {
            return new DirectoryInfo(path) is { Exists: true, LinkTarget: null } ? path : null;
        }

        // A copied application has the link of the one that it is a copy of, and must not share its data; a moved one keeps them.
        var here = new ServerFolder(target);
        var owner = File.Exists(here.OwnerFile) ? File.ReadAllText(here.OwnerFile) : path;
        if (owner != path && TargetOf(owner) == target)
        {
            return null;
        }

        File.WriteAllText(here.OwnerFile, path);
        return target;
    }

    private static string? TargetOf(string link)
    {
        var folder = new DirectoryInfo(link);
        return folder.LinkTarget is not null && folder.ResolveLinkTarget(returnFinalTarget: true) is { Exists: true } target ? target.FullName : null;
    }

    private static string MakeElsewhere(string path)
    {
        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path + Guid.NewGuid())))[..16];
        var folder = new ServerFolder(Path.Combine(RootsOwn, "postgres-" + name));
        MakeOpen(RootsOwn);
        MakeOpen(folder.Root);
        File.WriteAllText(folder.OwnerFile, path);
        File.Delete(path);
        Directory.CreateSymbolicLink(path, folder.Root);
        return folder.Root;
    }
}
