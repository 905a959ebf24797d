using Bridge.Sqlite.Files;

namespace Bridge.Sqlite.Store;

/// <content>The processes that use the file.</content>
internal sealed partial class MessageStore
{
    private readonly List<long> _gone = [];
    private SqliteStatement _listProcesses = null!;
    private SqliteStatement _freeLeases = null!;
    private SqliteStatement _leave = null!;

    /// <summary>Forgets that this process uses the file. A transaction of its own; where it fails, the row stays, and does no harm.</summary>
    public void Leave() => _leave.Set(1, _owner).Run();

    /// <summary>Frees the messages that processes had which are gone: they needn't wait for the ends of their leases.</summary>
    private void FreeTheGone()
    {
        if (_path is null)
        {
            return;
        }

        _listProcesses.Set(1, _owner);
        while (_listProcesses.Step())
        {
            if (ProcessMark.IsGone(_path, _listProcesses.Long(0)))
            {
                _gone.Add(_listProcesses.Long(0));
            }
        }

        _listProcesses.Reset();
        foreach (var process in _gone)
        {
            _freeLeases.Set(1, Now).Set(2, StoreSchema.Parked).Set(3, process);
            while (_freeLeases.Step())
            {
                Touch(_freeLeases.Long(0), Now);
            }

            _freeLeases.Reset();
            _leave.Set(1, process).Run();
        }

        _gone.Clear();
    }

    private void PrepareProcesses()
    {
        _listProcesses = Prepare("SELECT id FROM process WHERE id <> ?");
        _freeLeases = Prepare(
            """
            UPDATE delivery SET due_at = ?1, owner = NULL
            WHERE subscription IN (SELECT id FROM subscription) AND due_at > ?1 AND due_at < ?2 AND owner = ?3
            RETURNING subscription
            """);
        _leave = Prepare("DELETE FROM process WHERE id = ?");
    }
}
