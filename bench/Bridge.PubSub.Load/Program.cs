using Bridge.PubSub.Load;
using Bridge.Sqlite;

// dotnet run -c Release -- [messages] [publishers] [bytes]: how many messages a second go through the embedded broker, and how long they take.
var messages = args.Length > 0 ? int.Parse(args[0], null) : 200_000;
var publishers = args.Length > 1 ? int.Parse(args[1], null) : 100;
var bytes = args.Length > 2 ? int.Parse(args[2], null) : 100;
var folder = Directory.CreateTempSubdirectory("encore-load-");
try
{
    Console.WriteLine($"{messages} messages of {bytes} bytes, {publishers} publishers that wait for each\n");
    Console.WriteLine("| messages are in | round | handled/s | p50 ms | p99 ms | longest ms | CPU us/message |");
    Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- |");
    foreach (var (name, path) in new[] { ("a file, each commit flushed", Path.Combine(folder.FullName, "messages.db")), ("memory", null) })
    {
        for (var round = 1; round <= 3; round++)
        {
            var topic = Flow.Topic;
            await using var broker = new SqliteBroker(new SqliteBrokerOptions { Path = path }, [topic]);
            await broker.PrepareAsync(provision: true, CancellationToken.None);
            var result = await Flow.MeasureAsync(broker, messages, publishers, bytes);
            Console.WriteLine($"| {name} | {round} | {result} |");
        }
    }
}
finally
{
    folder.Delete(recursive: true);
}
