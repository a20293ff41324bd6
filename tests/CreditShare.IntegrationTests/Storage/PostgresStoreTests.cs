using CreditShare.Core.Journal;
using CreditShare.Core.Listings;
using CreditShare.IntegrationTests.Infrastructure;
using CreditShare.Storage;
using CreditShare.Storage.Postgres;
using CreditShare.Storage.Sealing;
using Npgsql;
using NUnit.Framework;

namespace CreditShare.IntegrationTests.Storage;

/// <summary>What only the engine for several nodes has to do.</summary>
[Needs(RealServer.Postgres)]
internal sealed class PostgresStoreTests
{
    private const int LongestMs = 60_000;

    private Keyring? _keys;
    private PostgresDatabase? _database;

    private static CancellationToken Token => TestContext.CurrentContext.CancellationToken;

    private string ConnectionString => _database!.ConnectionString;

    [SetUp]
    public async Task CreateDatabase()
    {
        _keys = StoreWriter.OpenKeys();
        _database = await PostgresDatabase.CreateAsync(Token);
    }

    [TearDown]
    public async Task DropDatabase()
    {
        _keys?.Dispose();
        if (_database is not null) await _database.DisposeAsync();
    }

    [Test, CancelAfter(LongestMs)]
    public async Task An_older_schema_is_refused_until_the_server_is_told_to_migrate()
    {
        Assert.That(
            () => OpenAsync(migrate: false), Throws.InstanceOf<StoreMismatchException>().With.Message.Contains("run the verb migrate"));

        await (await OpenAsync()).DisposeAsync();
        await (await OpenAsync(migrate: false)).DisposeAsync();
    }

    [Test, CancelAfter(LongestMs)]
    public async Task Nodes_that_migrate_at_once_wait_for_each_other()
    {
        var stores = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => OpenAsync()));

        foreach (var store in stores) await store.DisposeAsync();
    }

    [Test, CancelAfter(LongestMs)]
    public async Task Two_nodes_that_write_at_once_share_one_order_and_one_set_of_rules()
    {
        await using var one = await OpenAsync();
        await using var other = await OpenAsync();

        // Each listing is published on both nodes at once: one of them must be told that it stands already.
        var results = await Task.WhenAll(Enumerable.Range(0, 200).SelectMany(i => new[] { one, other }.Select(node =>
            node.Journal.AppendAsync(StoreSample.Publish(StoreSample.Content(i, caseSerial: 9)), Token))));

        var entries = await one.Journal.ReadAsync(0, 10_000, Token);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(results.OfType<AppendResult.Appended>().Select(result => result.Sequence).Order(), Is.EqualTo(Enumerable.Range(1, 200)));
            Assert.That(
                results.OfType<AppendResult.Refused>().Select(result => result.Violations.Single().Reason), Is.All.EqualTo(RefusalReason.AlreadyListed));
            Assert.That(entries.Select(entry => entry.Listing.Content.Subject!.Documents.Single().Number), Is.Unique);
            Assert.That(await JournalVerifier.VerifyAsync(other, after: 0, progress: null, Token), Is.Null);
        }
    }

    [Test, CancelAfter(LongestMs)]
    public async Task A_request_repeated_on_another_node_is_answered_from_there()
    {
        await using var one = await OpenAsync();
        await using var other = await OpenAsync();
        var request = StoreSample.Publish(StoreSample.Content(1));

        var results = await Task.WhenAll(
            one.Journal.AppendAsync(request, Token), other.Journal.AppendAsync(request, Token), one.Journal.AppendAsync(request, Token));

        Assert.That(results.Distinct().Count(), Is.EqualTo(1));
    }

    [Test, CancelAfter(LongestMs)]
    public async Task A_change_on_one_node_wakes_who_waits_on_another()
    {
        await using var one = await OpenAsync();
        await using var other = await OpenAsync();
        await one.Journal.AppendAsync(StoreSample.Publish(StoreSample.Content(1)), Token);
        await other.Journal.WaitForChangeAsync(0, TimeSpan.FromSeconds(5), Token);
        var waiting = other.Journal.WaitForChangeAsync(1, TimeSpan.FromMinutes(10), Token);

        await one.Journal.AppendAsync(StoreSample.Publish(StoreSample.Content(2)), Token);

        await waiting.WaitAsync(TimeSpan.FromSeconds(10), Token);
        Assert.That(other.Journal.TakeCommitted(0, epoch: 1), Is.Null, "only what a node committed itself is handed on");
    }

    [Test, CancelAfter(LongestMs)]
    public async Task A_node_that_hears_of_its_own_commit_is_handed_the_entries()
    {
        const int commits = 100;
        await using var one = await OpenAsync();
        await using var other = await OpenAsync();

        // Once it has heard of another's change it listens, and would hear of its own that way, too.
        await other.Journal.AppendAsync(StoreSample.Publish(StoreSample.Content(0)), Token);
        await one.Journal.WaitForChangeAsync(0, TimeSpan.FromSeconds(10), Token);
        var missed = 0;
        var following = Task.Run(FollowAsync, Token);
        for (var i = 1; i <= commits; i++) await one.Journal.AppendAsync(StoreSample.Publish(StoreSample.Content(i)), Token);
        await following;

        Assert.That(missed, Is.Zero, "a tail would read from the store what is about to be handed to it");

        async Task FollowAsync()
        {
            for (var seen = 1L; seen <= commits;)
            {
                await one.Journal.WaitForChangeAsync(seen, TimeSpan.FromSeconds(10), Token);
                var entries = one.Journal.TakeCommitted(seen, epoch: 1);
                if (entries is null) missed++;
                else seen = entries[^1].Sequence;
            }
        }
    }

    [TestCase("off", "on")]
    [TestCase("local", "on")]
    [TestCase("remote_write", "on")]
    [TestCase("on", "on")]
    [TestCase("remote_apply", "remote_apply")]
    [CancelAfter(LongestMs)]
    public async Task A_commit_is_never_weaker_than_on(string setting, string expected)
    {
        await RunAsync($"ALTER DATABASE {_database!.Name} SET synchronous_commit = {setting}");
        await using var connections = new PostgresConnections(new PostgresStoreOptions { ConnectionString = ConnectionString });

        var used = await connections.QueryAsync("SHOW synchronous_commit", static _ => { }, row => row.GetString(0), Token);

        Assert.That(used.Single(), Is.EqualTo(expected));
    }

    [Test, CancelAfter(LongestMs)]
    public async Task What_a_node_lives_by_does_not_wait_for_those_who_read()
    {
        await using var store = await OpenAsync();
        await using var connections = new PostgresConnections(new PostgresStoreOptions { ConnectionString = $"{ConnectionString};Maximum Pool Size=2" });
        var release = new TaskCompletionSource();
        Task[] readers = [.. Enumerable.Range(0, 2).Select(_ => connections.RunAsync(
            async (connection, _) =>
            {
                await release.Task;
                return connection.ProcessID;
            },
            Token))];
        var node = Guid.NewGuid();
        try
        {
            var nodes = new PostgresNodes(connections);
            var registry = new PostgresRegistry(connections);
            await using var engine = new PostgresJournalEngine(connections);

            var head = await nodes.BeatAsync(node, epoch: 1, applied: 0, Token);

            Assert.That(head.Sequence, Is.Zero);
            Assert.That((await nodes.ListAsync(TimeSpan.FromMinutes(1), Token)).Single().Id, Is.EqualTo(node));
            Assert.That(await registry.ReadRevisionAsync(Token), Is.Zero);
            Assert.That(await engine.ReadNextChangesAsync(after: 0, limit: 1, Token), Is.Empty);
        }
        finally
        {
            release.SetResult();
            await Task.WhenAll(readers);
        }
    }

    [TestCase("", 16)]
    [TestCase(";Maximum Pool Size=3", 3)]
    [CancelAfter(LongestMs)]
    public async Task Readers_share_few_connections_however_many_they_are(string setting, int expected)
    {
        await using var connections = new PostgresConnections(new PostgresStoreOptions { ConnectionString = $"{ConnectionString}{setting}" });

        var used = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => connections.RunAsync(
            async (connection, token) =>
            {
                await using var wait = new NpgsqlCommand("SELECT pg_sleep(0.01)", connection);
                await wait.ExecuteNonQueryAsync(token);
                return connection.ProcessID;
            },
            Token)));

        Assert.That(used.Distinct().Count(), Is.EqualTo(expected));
    }

    [Test, CancelAfter(LongestMs)]
    public async Task A_node_that_falls_silent_while_it_holds_the_head_gives_it_up()
    {
        await using var store = await OpenAsync();
        await using var connections = new PostgresConnections(new PostgresStoreOptions { ConnectionString = ConnectionString });
        await using var silent = await connections.OpenOwnAsync(Token);
        await using (var transaction = await silent.BeginTransactionAsync(Token))
        {
            await using var hold = new NpgsqlCommand("SELECT 1 FROM journal_head FOR UPDATE", silent);
            await hold.ExecuteNonQueryAsync(Token);

            var result = await store.Journal.AppendAsync(StoreSample.Publish(StoreSample.Content(1)), Token);

            Assert.That(result, Is.InstanceOf<AppendResult.Appended>());
        }
    }

    [Test, CancelAfter(LongestMs)]
    public async Task A_server_that_cannot_be_reached_is_unavailable()
    {
        var nowhere = new NpgsqlConnectionStringBuilder { Host = "127.0.0.1", Port = Shell.FreePort(), Username = "postgres" }.ConnectionString;

        Assert.That(
            () => PostgresStore.OpenAsync(new PostgresStoreOptions { ConnectionString = nowhere }, _keys!, TimeProvider.System, logger: null, Token),
            Throws.InstanceOf<StoreUnavailableException>());
    }

    [Test, CancelAfter(LongestMs)]
    public async Task Of_several_hosts_the_one_that_takes_writes_is_used()
    {
        var server = new NpgsqlConnectionStringBuilder(ConnectionString);
        var several = new NpgsqlConnectionStringBuilder(ConnectionString)
        {
            Host = $"127.0.0.1:{Shell.FreePort()},{server.Host}:{server.Port}",
        };

        await using var store = await PostgresStore.OpenAsync(
            new PostgresStoreOptions { ConnectionString = several.ConnectionString, Migrate = true }, _keys!, TimeProvider.System, logger: null, Token);

        Assert.That((await store.Journal.ReadHeadAsync(Token)).Epoch, Is.EqualTo(1));
    }

    [Test, CancelAfter(LongestMs)]
    public async Task A_server_that_turns_the_node_away_is_unavailable_and_serves_again_once_it_lets_it_in()
    {
        // A role of its own, whose right to log in is taken away as a change of passwords or of pg_hba.conf would.
        var role = $"{_database!.Name}_node";
        await RunAsync($"CREATE ROLE {role} LOGIN PASSWORD 'of-the-test'; ALTER DATABASE {_database.Name} OWNER TO {role}");
        var own = new NpgsqlConnectionStringBuilder(ConnectionString) { Username = role, Password = "of-the-test" }.ConnectionString;
        await using (var store = await OpenAsync(connectionString: own))
        await using (var other = await OpenAsync())
        {
            await RunAsync($"ALTER ROLE {role} NOLOGIN");
            await RunAsync($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{role}'");

            using (Assert.EnterMultipleScope())
            {
                Assert.That(() => store.Journal.AppendAsync(StoreSample.Publish(StoreSample.Content(1)), Token), Throws.InstanceOf<StoreUnavailableException>());
                Assert.That(() => store.Journal.ReadAsync(0, 10, Token), Throws.InstanceOf<StoreUnavailableException>());
            }

            // Who listens was turned away too, and must come back by itself.
            var waiting = store.Journal.WaitForChangeAsync(0, TimeSpan.FromMinutes(10), Token);
            await RunAsync($"ALTER ROLE {role} LOGIN");
            await other.Journal.AppendAsync(StoreSample.Publish(StoreSample.Content(2)), Token);
            await waiting.WaitAsync(TimeSpan.FromSeconds(30), Token);

            Assert.That(
                await store.Journal.AppendAsync(StoreSample.Publish(StoreSample.Content(3)), Token), Is.InstanceOf<AppendResult.Appended>());
        }

        await RunAsync($"REASSIGN OWNED BY {role} TO CURRENT_USER; DROP OWNED BY {role}; DROP ROLE {role}");
    }

    private Task<IStore> OpenAsync(bool migrate = true, string? connectionString = null) => PostgresStore.OpenAsync(
        new PostgresStoreOptions { ConnectionString = connectionString ?? ConnectionString, Migrate = migrate }, _keys!, TimeProvider.System, logger: null, Token);

    private async Task RunAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(ConnectionString);
        // The statements are those of the tests.
#pragma warning disable CA2100
        await using var command = source.CreateCommand(sql);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(Token);
    }
}
