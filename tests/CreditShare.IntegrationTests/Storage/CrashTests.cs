using CreditShare.Core.Journal;
using CreditShare.Core.Listings;
using CreditShare.IntegrationTests.Infrastructure;
using CreditShare.Storage;
using CreditShare.Storage.Postgres;
using CreditShare.Storage.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using NUnit.Framework;

namespace CreditShare.IntegrationTests.Storage;

/// <summary>What was acknowledged is there, whatever dies: the process, the server, a connection.</summary>
internal sealed class CrashTests
{
    private const int LongestMs = 120_000;
    private const int Writers = 16;

    private static CancellationToken Token => TestContext.CurrentContext.CancellationToken;

    [Test, CancelAfter(LongestMs)]
    public async Task A_killed_process_loses_nothing_acknowledged_and_leaves_no_lock()
    {
        using var folder = new TemporaryFolder();
        var acknowledged = new List<long>();
        for (var round = 0; round < 3; round++)
        {
            acknowledged.AddRange(await StoreWriter.RunUntilKilledAsync(folder.Path, round * 100_000, changes: 300, Token));
        }

        using var keys = StoreWriter.OpenKeys();
        await using var store = await OpenSqliteAsync(folder.Path);
        var head = await store.Journal.ReadHeadAsync(Token);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(acknowledged, Has.Count.AtLeast(900).And.Unique);
            Assert.That(acknowledged.Max(), Is.AtMost(head.Sequence));
            Assert.That(await JournalVerifier.VerifyAsync(store, after: 0, progress: null, Token), Is.Null);
        }

        Task<IStore> OpenSqliteAsync(string path) => SqliteStore.OpenAsync(
            new SqliteStoreOptions { Folder = path }, keys, StoreSample.ClockAtNoon(), logger: null, Token);
    }

    [Test, CancelAfter(LongestMs)]
    public async Task A_folder_in_use_is_refused_and_free_after_closing()
    {
        using var folder = new TemporaryFolder();
        using var keys = StoreWriter.OpenKeys();
        var options = new SqliteStoreOptions { Folder = folder.Path };
        await using (await SqliteStore.OpenAsync(options, keys, StoreSample.ClockAtNoon(), logger: null, Token))
        {
            Assert.That(
                () => SqliteStore.OpenAsync(options, keys, StoreSample.ClockAtNoon(), logger: null, Token),
                Throws.InstanceOf<StoreMismatchException>().With.Message.Contains("in use by another server"));
        }

        await using var again = await SqliteStore.OpenAsync(options, keys, StoreSample.ClockAtNoon(), logger: null, Token);
        Assert.That((await again.Journal.ReadHeadAsync(Token)).Sequence, Is.Zero);
    }

    [TestCase("QUIT", TestName = "A_PostgreSQL_that_stops_without_a_checkpoint_loses_nothing_acknowledged")]
    [TestCase("KILL", TestName = "A_killed_PostgreSQL_loses_nothing_acknowledged")]
    [Needs(RealServer.PostgresProgram), CancelAfter(LongestMs)]
    public async Task A_dying_PostgreSQL(string signal)
    {
        await using var postgres = await PostgresProcess.StartAsync([], Token);
        using var keys = StoreWriter.OpenKeys();
        await using (var store = await OpenAsync(postgres.ConnectionString, keys))
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
            var writing = WriteUntilAsync(store, stop.Token);
            for (var round = 0; round < 2; round++)
            {
                await GrowAsync(store, by: 200);
                await (signal == "QUIT" ? postgres.StopImmediatelyAsync(Token) : postgres.KillAsync(Token));
                await postgres.StartAsync(Token);
            }

            await GrowAsync(store, by: 200);
            await stop.CancelAsync();
            await HoldsExactlyAsync(store, await writing);
        }
    }

    [Test, Needs(RealServer.Postgres), CancelAfter(LongestMs)]
    public async Task Connections_that_are_cut_again_and_again_lose_and_repeat_nothing()
    {
        await using var database = await PostgresDatabase.CreateAsync(Token);
        using var keys = StoreWriter.OpenKeys();
        await using var store = await OpenAsync(database.ConnectionString, keys);
        await using var knife = NpgsqlDataSource.Create(database.ConnectionString);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var writing = WriteUntilAsync(store, stop.Token);

        for (var cut = 0; cut < 60; cut++)
        {
            await using var command = knife.CreateCommand(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'creditshare'");
            await command.ExecuteNonQueryAsync(Token);
            await GrowAsync(store, by: 5);
        }

        await stop.CancelAsync();
        await HoldsExactlyAsync(store, await writing);
    }

    private static Task<IStore> OpenAsync(string connectionString, CreditShare.Storage.Sealing.Keyring keys) => PostgresStore.OpenAsync(
        new PostgresStoreOptions { ConnectionString = connectionString, Migrate = true }, keys, TimeProvider.System, NullLogger.Instance, Token);

    // Each writer sends the same request until it is answered, as a client that keeps its request id does.
    private static async Task<List<AppendResult.Appended>> WriteUntilAsync(IStore store, CancellationToken stop)
    {
        var serial = 0;
        var lists = await Task.WhenAll(Enumerable.Range(0, Writers).Select(async _ =>
        {
            var own = new List<AppendResult.Appended>();
            while (!stop.IsCancellationRequested)
            {
                var request = StoreSample.Publish(StoreSample.Content(Interlocked.Increment(ref serial)));
                own.Add(await AppendUntilAnsweredAsync(store, request));
            }

            return own;
        }));
        return [.. lists.SelectMany(own => own)];
    }

    private static async Task<AppendResult.Appended> AppendUntilAnsweredAsync(IStore store, AppendRequest request)
    {
        while (true)
        {
            try
            {
                return (AppendResult.Appended)await store.Journal.AppendAsync(request, Token);
            }
            catch (Exception e) when (e is StoreUnavailableException or OutcomeUnknownException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), Token);
            }
        }
    }

    private static async Task GrowAsync(IStore store, int by)
    {
        long? from = null;
        await Shell.WaitUntilAsync(
            async token =>
            {
                try
                {
                    var head = await store.Journal.ReadHeadAsync(token);
                    from ??= head.Sequence;
                    return head.Sequence >= from + by;
                }
                catch (StoreUnavailableException)
                {
                    return false;
                }
            },
            "the journal to grow",
            Token);
    }

    // Every answer stands where it says, and nothing stands there that was not answered.
    private static async Task HoldsExactlyAsync(IStore store, List<AppendResult.Appended> answers)
    {
        var held = new Dictionary<long, ListingId>();
        while (await store.Journal.ReadAsync(held.Count, 1_000, Token) is { Count: > 0 } page)
        {
            foreach (var entry in page) held.Add(entry.Sequence, entry.Listing.Id);
        }

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answers.Select(answer => answer.Sequence).Order(), Is.EqualTo(held.Keys.Order()));
            Assert.That(answers.Select(answer => held[answer.Sequence]), Is.EqualTo(answers.Select(answer => answer.Listing)));
            Assert.That(await JournalVerifier.VerifyAsync(store, after: 0, progress: null, Token), Is.Null);
        }
    }
}
