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
        "Made-up listings into a database that was empty at first: 40,000 of them (4,000 in a quick run), where the goal speaks of a million, so that "
        + "all pairs fit. Storage: publications that are parsed already, given to the journal on two threads, "
        + "checked, sealed, chained and durable. End to end: `creditshare listing import` reads the CSV and sends it through gRPC and mTLS, the rate as "
        + "the tool tells it: first into a server that was just started and compiles its code meanwhile, then as many others into the same, "
        + "behind those, as the rest of a million would come. The peer gets the very rows that ours wrote of the first file, ready as the engine "
        + "takes them, and writes them in transactions of 2,000 listings into the same tables and indices: in PostgreSQL by raw binary COPY, in SQLite "
        + "by INSERT … SELECT from an attached file, without any code of .NET. It checks, seals and chains nothing.";

    public async Task<IReadOnlyList<Finding>> RunAsync(BenchScene scene)
    {
        var listings = scene.Amount(40_000, 4_000);
        var files = await SampleListings.MakeFilesAsync(scene, listings, count: 2);
        var commands = SampleListings.ToCommands(SampleListings.Read(files[0]));
        return [.. await OnPostgresAsync(scene, files, commands), .. await OnSqliteAsync(scene, files, commands)];
    }

    private async Task<IReadOnlyList<Finding>> OnPostgresAsync(BenchScene scene, string[] files, AppendRequest[] commands)
    {
        RawCopy? inCommits = null;
        RawCopy? inOneGo = null;
        List<(double First, double Then)> endToEnd = [];
        List<double> oneGo = [];
        var (storage, raw) = await scene.InTurnAsync(
            async () =>
            {
                endToEnd.Add(await ImportAsync(scene, files, await scene.NewDatabaseAsync()));
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

    private async Task<IReadOnlyList<Finding>> OnSqliteAsync(BenchScene scene, string[] files, AppendRequest[] commands)
    {
        RawInsert? rows = null;
        List<(double First, double Then)> endToEnd = [];
        var (storage, raw) = await scene.InTurnAsync(
            async () =>
            {
                endToEnd.Add(await ImportAsync(scene, files, []));
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

    private static Finding[] Findings(string engine, List<double> storage, List<(double First, double Then)> endToEnd, string peer, List<double> raw) =>
    [
        new Finding
        {
            Work = $"Storage, {engine}", Unit = "listings/s", Ours = storage, Peer = peer, Peers = raw, Goal = Goal.RatioAtLeast(StorageGoal),
        },
        new Finding
        {
            Work = $"CSV to durable, {engine}", Unit = "listings/s", Ours = [.. endToEnd.Select(rate => rate.Then)], Peer = peer, Peers = raw,
            Goal = Goal.RatioAtLeast(EndToEndGoal),
        },
        new Finding
        {
            Work = $"CSV to durable, the first of a server's life, {engine}", Unit = "listings/s", Ours = [.. endToEnd.Select(rate => rate.First)],
            Peer = peer, Peers = raw,
        },
    ];

    private static async Task<(double First, double Then)> ImportAsync(BenchScene scene, string[] files, List<string> settings)
    {
        await using var server = await MeasuredServer.StartAsync(scene.NewFolder("server"), [.. settings]);
        var (first, then) = (await SendAsync(files[0]), await SendAsync(files[1]));
        BenchScene.Say($"  end to end {first:N0}/s, then {then:N0}/s");
        return (first, then);

        async Task<double> SendAsync(string file) => (await Tools.MeasureAsync(server.Folder, "listing", "import", file, "--data", server.Folder)).Rate;
    }
}
