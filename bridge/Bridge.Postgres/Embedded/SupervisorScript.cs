namespace Bridge.Postgres.Embedded;

/// <summary>
/// The shell script between hosts and a server: it keeps the server running while any host lives, and no longer. A process of its own,
/// since no host may be missed when it is killed, and each of several may go first.
/// </summary>
internal static class SupervisorScript
{
    /// <summary>
    /// Arguments: the users' lock, the lock of the living, the data, the log, then the server's command line.
    /// Ends with 0 when the server was told to stop, else with the server's exit code.
    /// </summary>
    /// <remarks>
    /// - The server's processes inherit descriptor 8: the lock is free only once all of them are gone, also those that outlive a killed postmaster.
    /// - <c>flock</c> waits until no host has the users' lock, wakes the script by SIGUSR1, and holds the lock until the script has ended:
    ///   a new host waits for that.
    /// - Signals that a terminal or a service manager sends to all processes are for the hosts, which drain first.
    /// - A postmaster.pid whose process works elsewhere is from before a restart of the machine or container.
    /// </remarks>
    public const string Text =
        """
        users=$1 alive=$2 data=$3 log=$4
        shift 4
        exec 8<"$alive" </dev/null >>"$log" 2>&1
        flock --timeout 5 8 || exit 75
        trap '' HUP INT TERM
        stopping='' server=''
        stop() {
          stopping=1
          [ -z "$server" ] || kill -INT "$server"
        }
        trap stop USR1
        setpriv --pdeathsig=KILL flock "$users" sh -c 'kill -USR1 "$0"; while kill -0 "$0" 2>/dev/null; do sleep 0.02; done' "$$" 8<&- &
        waiter=$!
        tries=0 code=0
        while [ -z "$stopping" ]; do
          old=$(head -n 1 "$data/postmaster.pid" 2>/dev/null)
          [ "$(readlink "/proc/$old/cwd")" = "$data" ] || rm -f "$data/postmaster.pid"
          since=$(date +%s)
          "$@" &
          server=$!
          [ -z "$stopping" ] || kill -INT "$server"
          while :; do
            wait "$server"
            code=$?
            kill -0 "$server" 2>/dev/null || break
          done
          [ "$code" -ne 0 ] && [ -z "$stopping" ] || break
          # Killed, or kept from starting by what a killed one left behind for a moment: again. Any other end would repeat itself.
          [ "$code" -gt 128 ] || tail -n 5 "$log" | grep -q -e 'lock file' -e 'shared memory' || break
          [ $(($(date +%s) - since)) -lt 10 ] || tries=0
          tries=$((tries + 1))
          [ "$tries" -le 50 ] || break
          sleep 0.1
        done
        kill -KILL "$waiter"
        [ -z "$stopping" ] || code=0
        exit "$code"
        """;
}
