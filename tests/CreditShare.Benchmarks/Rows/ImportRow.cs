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

    // A million rows are mostly taken by code that is compiled for what it does, which takes some 100,000 rows.
    private const int WarmUpFiles = 2;
    private const int WarmUpRuns = 4;

    private readonly Keyring _keys = Keyring.From(RandomBytes.Take(MasterKeyFile.Length));

    public string Name => "import";

    public string Title => "import of listings, against the same rows copied raw";

    public string Method =>
        "Made-up listings, some tens of thousands at a time where the goal speaks of a million, so that all pairs fit; but as those behind the "
        + "first of a million come, which find code that is compiled. Storage: 40,000 publications that are parsed already, given to the journal on two threads, "
        + "checked, sealed, chained and durable, in a process that took four times as many before; the database is empty each time. "
        + "End to end: `creditshare listing import` reads a CSV of 60,000 rows and sends it through gRPC and mTLS, the rate as "
        + "the tool tells it, each time another file into the same server, which took two before; the first of these stands in a line of its own. "
        + "The peer gets the very rows that ours wrote in Storage, ready as the engine "
        + "takes them, and writes them in transactions of 2,000 listings into the same tables and indices, empty each time: in PostgreSQL by raw binary COPY, in SQLite "
        + "by INSERT … SELECT from an attached file, without any code of .NET. It checks, seals and chains nothing. A quick run takes less than a tenth, after one of each that is not counted.";

    public async Task<IReadOnlyList<Finding>> RunAsync(BenchScene scene)
    {
        var files = await SampleListings.MakeFilesAsync(scene, scene.Amount(60_000, 4_000), (scene.IsQuick ? 1 : WarmUpFiles) + scene.Pairs);
        var commands = SampleListings.ToCommands(SampleListings.Read(files[0])[..scene.Amount(40_000, 3_000)]);
        return [.. await OnPostgresAsync(scene, files, commands), .. await OnSqliteAsync(scene, files, commands)];
    }

    private async Task<IReadOnlyList<Finding>> OnPostgresAsync(BenchScene scene, string[] files, AppendRequest[] commands)
    {
        RawCopy? inCommits = null;
        RawCopy? inOneGo = null;
        List<double> oneGo = [];
        await using var csv = await CsvImport.StartAsync(scene, files, await scene.NewDatabaseAsync());
        await WarmUpAsync(scene, csv, StoreAsync);
        await CopyAsync();
        oneGo.Clear();
        var (ours, raw) = await scene.InTurnAsync(async () => (Storage: await StoreAsync(), EndToEnd: await csv.SendNextAsync()), CopyAsync, warmUp: false);
        return
        [
            .. Findings("PostgreSQL", ours, csv.First, "raw binary COPY", raw),
            new Finding
            {
                Work = "Storage, PostgreSQL", Unit = "listings/s", Ours = [.. ours.Select(turn => turn.Storage)],
                Peer = "raw binary COPY in one transaction", Peers = oneGo,
            },
        ];

        async Task<double> StoreAsync()
        {
            var options = await StoreDatabases.MakeAsync(scene);
            double rate;
            await using (var store = await OpenAsync(options)) rate = await StoreImport.RunAsync(store.Journal, commands);
            inCommits ??= await RawCopy.ReadAsync(options, commands.Length, BatchWriter.MaxBatch);
            inOneGo ??= await RawCopy.ReadAsync(options, commands.Length, commands.Length);
            return rate;
        }

        async Task<double> CopyAsync()
        {
            oneGo.Add(await inOneGo!.WriteAsync(await EmptyAsync()));
            return await inCommits!.WriteAsync(await EmptyAsync());
        }

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
        await using var csv = await CsvImport.StartAsync(scene, files, []);
        await WarmUpAsync(scene, csv, StoreAsync);
        await InsertAsync();
        var (ours, raw) = await scene.InTurnAsync(async () => (Storage: await StoreAsync(), EndToEnd: await csv.SendNextAsync()), InsertAsync, warmUp: false);
        return Findings("SQLite", ours, csv.First, "raw INSERT", raw);

        async Task<double> StoreAsync()
        {
            var folder = scene.NewFolder("store");
            double rate;
            await using (var store = await OpenAsync(folder)) rate = await StoreImport.RunAsync(store.Journal, commands);
            rows ??= new RawInsert(folder, Path.Combine(scene.NewFolder("rows"), "rows.db"), commands.Length, BatchWriter.MaxBatch);
            return rate;
        }

        async Task<double> InsertAsync()
        {
            var folder = scene.NewFolder("raw");
            await (await OpenAsync(folder)).DisposeAsync();
            return rows!.Write(folder);
        }

        Task<IStore> OpenAsync(string folder) =>
            SqliteStore.OpenAsync(new SqliteStoreOptions { Folder = folder }, _keys, TimeProvider.System, logger: null, CancellationToken.None);
    }

    private static async Task WarmUpAsync(BenchScene scene, CsvImport csv, Func<Task<double>> storeAsync)
    {
        for (var file = 0; file < (scene.IsQuick ? 1 : WarmUpFiles); file++) await csv.SendNextAsync();
        for (var run = 0; run < (scene.IsQuick ? 1 : WarmUpRuns); run++) await storeAsync();
    }

    private static Finding[] Findings(string engine, List<(double Storage, double EndToEnd)> ours, double first, string peer, List<double> raw) =>
    [
        new Finding
        {
            Work = $"Storage, {engine}", Unit = "listings/s", Ours = [.. ours.Select(turn => turn.Storage)], Peer = peer, Peers = raw,
            Goal = Goal.RatioAtLeast(StorageGoal),
        },
        new Finding
        {
            Work = $"CSV to durable, {engine}", Unit = "listings/s", Ours = [.. ours.Select(turn => turn.EndToEnd)], Peer = peer, Peers = raw,
            Goal = Goal.RatioAtLeast(EndToEndGoal),
        },
        new Finding { Work = $"CSV to durable, the first file of a server's life, {engine}", Unit = "listings/s", Ours = [first] },
    ];

    /// <summary>A server into which file after file is imported.</summary>
    private sealed class CsvImport : IAsyncDisposable
    {
        private readonly MeasuredServer _server;
        private readonly Queue<string> _files;
        private double? _first;

        private CsvImport(MeasuredServer server, string[] files) => (_server, _files) = (server, new(files));

        public double First => _first!.Value;

        public static async Task<CsvImport> StartAsync(BenchScene scene, string[] files, List<string> settings) =>
            new(await MeasuredServer.StartAsync(scene.NewFolder("server"), [.. settings]), files);

        /// <summary>Imports the next file.</summary>
        /// <returns>Rows a second, as the tool tells it.</returns>
        public async Task<double> SendNextAsync()
        {
            var result = await Tools.MeasureAsync(_server.Folder, "listing", "import", _files.Dequeue(), "--data", _server.Folder);
            _first ??= result.Rate;
            return result.Rate;
        }

        public ValueTask DisposeAsync() => _server.DisposeAsync();
    }
}
