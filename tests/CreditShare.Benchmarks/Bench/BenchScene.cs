namespace CreditShare.Benchmarks.Bench;

/// <summary>What the rows of one run share.</summary>
/// <param name="work">A folder that goes with the run.</param>
/// <param name="isQuick">Whether the run must end within four minutes: one pair unless told otherwise, no turn before it, and less work.</param>
/// <param name="pairs">How often both sides are measured.</param>
internal sealed class BenchScene(string work, bool isQuick, int pairs)
{
    private int _number;

    public string Work => work;

    public bool IsQuick => isQuick;

    public int Pairs => pairs;

    /// <summary>How to reach PostgreSQL, as Npgsql has it.</summary>
    public static string Postgres => Databases.Postgres ?? throw new InvalidOperationException("CREDITSHARE_TEST_POSTGRES names no server.");

    /// <summary>How to reach Redis, as StackExchange.Redis has it.</summary>
    public static string Redis => Environment.GetEnvironmentVariable("CREDITSHARE_TEST_REDIS") is { Length: > 0 } text
        ? text
        : throw new InvalidOperationException("CREDITSHARE_TEST_REDIS names no server.");

    /// <summary>A folder that nobody else has.</summary>
    public string NewFolder(string name) => Directory.CreateDirectory(Path.Combine(work, $"{name}-{++_number}")).FullName;

    /// <summary>The settings of a CreditShare server with an empty database of its own.</summary>
    public Task<List<string>> NewDatabaseAsync() => Databases.MakeAsync(NewFolder("database"), Postgres, ++_number);

    /// <summary>The smaller of two amounts in a quick run, the larger one else.</summary>
    public int Amount(int full, int quick) => isQuick ? quick : full;

    /// <summary>Measures both sides in turn, A B A B …, after one turn of each that is not counted; a quick run has no time for that.</summary>
    public async Task<(List<TOurs> Ours, List<TPeers> Peers)> InTurnAsync<TOurs, TPeers>(
        Func<Task<TOurs>> ours, Func<Task<TPeers>> peer, bool warmUp = true)
    {
        if (warmUp && !isQuick)
        {
            await ours();
            await peer();
        }

        List<TOurs> mine = [];
        List<TPeers> theirs = [];
        for (var pair = 0; pair < pairs; pair++)
        {
            mine.Add(await ours());
            theirs.Add(await peer());
            Say($"  pair {pair + 1}: {mine[^1]} | {theirs[^1]}");
        }

        return (mine, theirs);
    }

    /// <summary>What goes on, for who waits.</summary>
    public static void Say(string text) => Console.Error.WriteLine(text);
}
