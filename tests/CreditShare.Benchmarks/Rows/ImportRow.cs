using CreditShare.Benchmarks.Bench;
using CreditShare.Benchmarks.Rows.Import;
using CreditShare.Benchmarks.Rows.Submit;
using CreditShare.Core.Journal;
using CreditShare.Storage.Postgres;
using CreditShare.Storage.Sealing;
using CreditShare.Storage.Sqlite;
using CreditShare.Storage.Writing;

namespace CreditShare.Benchmarks.Rows;

/// <summary>A court's file of listings, beside what the engine takes for the same rows if nobody looks at them.</summary>
internal sealed class ImportRow : IRow
{
    private const double StorageGoal = 0.8;
    private const double EndToEndGoal = 0.5;

    private readonly Keyring _keys = Keyring.From(RandomBytes.Take(MasterKeyFile.Length));

    public string Name => "import";

    public string Title => "import of listings, against the same rows copied raw";

    public string Method =>
        "The same made-up listings into an empty database each time, the same on both sides: 40,000 of them (4,000 in a quick run), where the "
        + "goal speaks of a million, so that all pairs fit. Storage: publications that are parsed already, given to the journal on two threads, "
        + "checked, sealed, chained and durable. End to end: `creditshare listing import` reads the CSV and sends it through gRPC and mTLS to "
        + "a server that was just started, the rate as the tool tells it. The peer gets the very rows that ours wrote, ready as the engine "
        + "takes them, and writes them in transactions of 2,000 listings into the same tables and indices: in PostgreSQL by raw binary COPY, in SQLite "
        + "by INSERT … SELECT from an attached file, without any code of .NET. It checks, seals and chains nothing.";

    public async Task<IReadOnlyList<Finding>> RunAsync(BenchScene scene)
    {
        var listings = scene.Amount(40_000, 4_000);
        var file = await SampleListings.MakeFileAsync(scene, listings);
        var commands = SampleListings.ToCommands(SampleListings.Read(file));
        return [.. await OnPostgresAsync(scene, file, commands), .. await OnSqliteAsync(scene, file, commands)];
    }

    private async Task<IReadOnlyList<Finding>> OnPostgresAsync(BenchScene scene, string file, AppendRequest[] commands)
    {
        RawCopy? inCommits = null;
        RawCopy? inOneGo = null;
        List<double> endToEnd = [];
        List<double> oneGo = [];
        var (storage, raw) = await scene.InTurnAsync(
            async () =>
            {
                endToEnd.Add(await ImportAsync(scene, file, await scene.NewDatabaseAsync()));
                var options = await StoreDatabases.MakeAsync(scene);
                double rate;
                await using (var store = await OpenAsync(options)) rate = await StoreImport.RunAsync(store.Journal, commands);
                inCommits ??= await RawCopy.ReadAsync(options, commands.Length, BatchWriter.MaxBatch);
                inOneGo ??= await RawCopy.ReadAsync(options, commands.Length, commands.Length);
                return rate;
            },
            async () =>
            {
                oneGo.Add(await inOneGo!.WriteAsync(await EmptyAsync()));
                return await inCommits!.WriteAsync(await EmptyAsync());
            },
            warmUp: !scene.IsQuick);
        return
        [
            .. Findings("PostgreSQL", storage, endToEnd[^scene.Pairs..], "raw binary COPY", raw),
            new Finding
            {
                Work = "Storage, PostgreSQL", Unit = "listings/s", Ours = storage, Peer = "raw binary COPY in one transaction", Peers = oneGo[^scene.Pairs..],
            },
        ];

        async Task<PostgresStoreOptions> EmptyAsync()
        {
            var options = await StoreDatabases.MakeAsync(scene);
            await using (await OpenAsync(options)) return options;
        }

        Task<IStore> OpenAsync(PostgresStoreOptions options) =>
            PostgresStore.OpenAsync(options, _keys, TimeProvider.System, logger: null, CancellationToken.None);
    }

    private async Task<IReadOnlyList<Finding>> OnSqliteAsync(BenchScene scene, string file, AppendRequest[] commands)
    {
        RawInsert? rows = null;
        List<double> endToEnd = [];
        var (storage, raw) = await scene.InTurnAsync(
            async () =>
            {
                endToEnd.Add(await ImportAsync(scene, file, []));
                var folder = scene.NewFolder("store");
                double rate;
                await using (var store = await OpenAsync(folder)) rate = await StoreImport.RunAsync(store.Journal, commands);
                rows ??= new RawInsert(folder, Path.Combine(scene.NewFolder("rows"), "rows.db"), commands.Length, BatchWriter.MaxBatch);
                return rate;
            },
            async () =>
            {
                var folder = scene.NewFolder("raw");
                await (await OpenAsync(folder)).DisposeAsync();
                return rows!.Write(folder);
            },
            warmUp: !scene.IsQuick);
        return Findings("SQLite", storage, endToEnd[^scene.Pairs..], "raw INSERT", raw);

        Task<IStore> OpenAsync(string folder) =>
            SqliteStore.OpenAsync(new SqliteStoreOptions { Folder = folder }, _keys, TimeProvider.System, logger: null, CancellationToken.None);
    }

    private static Finding[] Findings(string engine, List<double> storage, List<double> endToEnd, string peer, List<double> raw) =>
    [
        new Finding
        {
            Work = $"Storage, {engine}", Unit = "listings/s", Ours = storage, Peer = peer, Peers = raw, Goal = Goal.RatioAtLeast(StorageGoal),
        },
        new Finding
        {
            Work = $"CSV to durable, {engine}", Unit = "listings/s", Ours = endToEnd, Peer = peer, Peers = raw, Goal = Goal.RatioAtLeast(EndToEndGoal),
        },
    ];

    private static async Task<double> ImportAsync(BenchScene scene, string file, List<string> settings)
    {
        await using var server = await MeasuredServer.StartAsync(scene.NewFolder("server"), [.. settings]);
        var (_, rate) = await Tools.MeasureAsync(server.Folder, "listing", "import", file, "--data", server.Folder);
        BenchScene.Say($"  end to end {rate:N0}/s");
        return rate;
    }
}
