using static CreditShare.Benchmarks.Figures;

namespace CreditShare.Benchmarks.Push;

/// <summary>The figures of deliveries. The server runs in a process of its own, the receivers in this one, all on this machine, over TLS.</summary>
internal static class PushFigures
{
    public static async Task<int> RunAsync(string[] arguments)
    {
        if (arguments is ["bare", .. var rest]) return await BareLoop.RunAsync(rest);

        var part = arguments is [var first, ..] && !first.StartsWith('-') ? first : null;
        if (part is not (null or "throughput" or "sick" or "backlog"))
        {
            Console.Error.WriteLine($"push has no part '{part}': throughput, sick, backlog.");
            return 2;
        }

        var work = Directory.CreateTempSubdirectory("creditshare-bench-").FullName;
        try
        {
            var engine = new PushEngine(work, isPostgres: Option(arguments, "--postgres") is not null);
            Console.WriteLine($"{Environment.ProcessorCount} cores, .NET {Environment.Version}, {engine.Name}");
            if (part is null or "throughput") await Throughput.RunAsync(engine, arguments);
            if (part is null or "sick") await SickReceivers.RunAsync(engine, arguments);
            if (part is null or "backlog") await Backlog.RunAsync(engine, arguments);
            return 0;
        }
        finally
        {
            await Databases.DropAllAsync();
            Directory.Delete(work, recursive: true);
        }
    }
}

/// <summary>Where the server keeps its data; each one started has a store of its own.</summary>
internal sealed class PushEngine(string work, bool isPostgres)
{
    private int _number;

    public string Name => isPostgres ? "PostgreSQL" : "SQLite";

    public string Work => work;

    public async Task<PushScene> StartAsync(params string[] settings)
    {
        var number = ++_number;
        List<string> all = [.. settings];
        if (isPostgres)
        {
            var postgres = Databases.Postgres ?? throw new InvalidOperationException("CREDITSHARE_TEST_POSTGRES names no server.");
            all.AddRange(await Databases.MakeAsync(work, postgres, number));
        }

        return await PushScene.StartAsync(Path.Combine(work, $"server-{number}"), [.. all]);
    }
}
