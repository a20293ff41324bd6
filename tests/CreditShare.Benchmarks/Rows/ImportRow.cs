using System.Globalization;
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
        + "The peer gets the very rows that ours wrote, ready as the engine "
        + "takes them, and writes them in transactions of 2,000 listings into the same tables and indices: in PostgreSQL by raw binary COPY, in SQLite "
        + "by INSERT … SELECT from an attached file, without any code of .NET. It checks, seals and chains nothing. Its database is empty each time beside Storage; "
        + "beside end to end it grows file by file as the server's does, because the keyed indices of a larger one take longer. A quick run takes less than a tenth, after one of each that is not counted.";

    public async Task<IReadOnlyList<Finding>> RunAsync(BenchScene scene)
    {
        var files = await SampleListings.MakeFilesAsync(scene, RowsInFile(scene), (scene.IsQuick ? 1 : WarmUpFiles) + scene.Pairs);
        var commands = SampleListings.ToCommands(SampleListings.Read(files[0])[..scene.Amount(40_000, 3_000)]);
        return [.. await OnPostgresAsync(scene, files, commands), .. await OnSqliteAsync(scene, files, commands)];
    }

    private async Task<IReadOnlyList<Finding>> OnPostgresAsync(BenchScene scene, string[] files, AppendRequest[] commands)
    {
        RawCopy? inCommits = null;
        RawCopy? inOneGo = null;
        List<double> oneGo = [];
        var settings = await scene.NewDatabaseAsync();
        var grown = await EmptyAsync();
        await using var csv = await CsvImport.StartAsync(scene, files, settings, RowsInFile(scene));
        await WarmUpAsync(scene, csv, StoreAsync, CopyFileAsync);
        await CopyAsync();
        oneGo.Clear();
        var (ours, raw) = await scene.InTurnAsync(
            async () => new Turn(await StoreAsync(), await csv.SendNextAsync()), async () => new Turn(await CopyAsync(), await CopyFileAsync()), warmUp: false);
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
            inCommits ??= await RawCopy.ReadAsync(options, after: 0, commands.Length, BatchWriter.MaxBatch);
            inOneGo ??= await RawCopy.ReadAsync(options, after: 0, commands.Length, commands.Length);
            return rate;
        }

        async Task<double> CopyAsync()
        {
            oneGo.Add(await inOneGo!.WriteAsync(await EmptyAsync()));
            return await inCommits!.WriteAsync(await EmptyAsync());
        }

        async Task<double> CopyFileAsync()
        {
            var rows = await RawCopy.ReadAsync(StoreDatabases.OptionsOf(settings), csv.Before, csv.RowsInFile, BatchWriter.MaxBatch);
            return await rows.WriteAsync(grown);
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
        var grown = await EmptyAsync();
        await using var csv = await CsvImport.StartAsync(scene, files, [], RowsInFile(scene));
        await WarmUpAsync(scene, csv, StoreAsync, InsertFileAsync);
        await InsertAsync();
        var (ours, raw) = await scene.InTurnAsync(
            async () => new Turn(await StoreAsync(), await csv.SendNextAsync()), async () => new Turn(await InsertAsync(), await InsertFileAsync()), warmUp: false);
        return Findings("SQLite", ours, csv.First, "raw INSERT", raw);

        async Task<double> StoreAsync()
        {
            var folder = scene.NewFolder("store");
            double rate;
            await using (var store = await OpenAsync(folder)) rate = await StoreImport.RunAsync(store.Journal, commands);
            rows ??= new RawInsert(folder, NewRows(), after: 0, commands.Length, BatchWriter.MaxBatch);
            return rate;
        }

        async Task<double> InsertAsync() => rows!.Write(await EmptyAsync());

        Task<double> InsertFileAsync() =>
            Task.FromResult(new RawInsert(csv.Folder, NewRows(), csv.Before, csv.RowsInFile, BatchWriter.MaxBatch).Write(grown));

        string NewRows() => Path.Combine(scene.NewFolder("rows"), "rows.db");

        async Task<string> EmptyAsync()
        {
            var folder = scene.NewFolder("raw");
            await using (await OpenAsync(folder)) return folder;
        }

        Task<IStore> OpenAsync(string folder) =>
            SqliteStore.OpenAsync(new SqliteStoreOptions { Folder = folder }, _keys, TimeProvider.System, logger: null, CancellationToken.None);
    }

    private static int RowsInFile(BenchScene scene) => scene.Amount(60_000, 4_000);

    private static async Task WarmUpAsync(BenchScene scene, CsvImport csv, Func<Task<double>> storeAsync, Func<Task<double>> fileAsync)
    {
        for (var file = 0; file < (scene.IsQuick ? 1 : WarmUpFiles); file++)
        {
            await csv.SendNextAsync();
            await fileAsync();
        }

        for (var run = 0; run < (scene.IsQuick ? 1 : WarmUpRuns); run++) await storeAsync();
    }

    private static Finding[] Findings(string engine, List<Turn> ours, double first, string peer, List<Turn> raw) =>
    [
        new Finding
        {
            Work = $"Storage, {engine}", Unit = "listings/s", Ours = [.. ours.Select(turn => turn.Storage)],
            Peer = peer, Peers = [.. raw.Select(turn => turn.Storage)], Goal = Goal.RatioAtLeast(StorageGoal),
        },
        new Finding
        {
            Work = $"CSV to durable, {engine}", Unit = "listings/s", Ours = [.. ours.Select(turn => turn.EndToEnd)],
            Peer = peer, Peers = [.. raw.Select(turn => turn.EndToEnd)], Goal = Goal.RatioAtLeast(EndToEndGoal),
        },
        new Finding { Work = $"CSV to durable, the first file of a server's life, {engine}", Unit = "listings/s", Ours = [first] },
    ];

    /// <summary>Listings a second, once into an empty database and once behind those that are there.</summary>
    private readonly record struct Turn(double Storage, double EndToEnd)
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Storage:0} {EndToEnd:0}");
    }

    /// <summary>A server into which file after file is imported, all of as many rows.</summary>
    private sealed class CsvImport : IAsyncDisposable
    {
        private readonly MeasuredServer _server;
        private readonly Queue<string> _files;
        private double? _first;
        private int _sent;

        private CsvImport(MeasuredServer server, string[] files, int rowsInFile) => (_server, _files, RowsInFile) = (server, new(files), rowsInFile);

        public string Folder => _server.Folder;

        public int RowsInFile { get; }

        /// <summary>The change before the first one of the last file.</summary>
        public long Before => (_sent - 1L) * RowsInFile;

        public double First => _first!.Value;

        public static async Task<CsvImport> StartAsync(BenchScene scene, string[] files, List<string> settings, int rowsInFile) =>
            new(await MeasuredServer.StartAsync(scene.NewFolder("server"), [.. settings]), files, rowsInFile);

        /// <summary>Imports the next file.</summary>
        /// <returns>Rows a second, as the tool tells it.</returns>
        public async Task<double> SendNextAsync()
        {
            var result = await Tools.MeasureAsync(_server.Folder, "listing", "import", _files.Dequeue(), "--data", _server.Folder);
            _sent++;
            _first ??= result.Rate;
            return result.Rate;
        }

        public ValueTask DisposeAsync() => _server.DisposeAsync();
    }
}
