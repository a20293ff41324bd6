using CreditShare.Client;
using CreditShare.IntegrationTests.Infrastructure;
using CreditShare.IntegrationTests.MainJob;
using CreditShare.Storage.Postgres;
using CreditShare.V1;
using NUnit.Framework;

namespace CreditShare.IntegrationTests.Faults;

/// <summary>The server is killed in the middle of an import (promises P1 and P2).</summary>
[TestFixtureSource(typeof(Setting), nameof(Setting.All))]
internal sealed class KilledServerTests(string setting)
{
    private const int Rows = 20_000;
    private const int BeforeTheKill = 6_000;

    private readonly int _port = Shell.FreePort();

    [Test, CancelAfter(240_000)]
    public async Task An_import_goes_on_after_the_server_was_killed_and_a_repetition_finds_every_row_as_it_was(CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();
        await using var on = await Setting.CreateAsync(setting, cancellationToken);
        var server = await ServeAsync(folder, on, cancellationToken);
        ServerProcess? restarted = null;
        try
        {
            using var court = Connect(server, "court");
            using var department = Connect(server, "department");
            var rows = Enumerable.Range(0, Rows).Select(RowOf).ToList();

            // Step 1: the server dies while rows are in flight. The import waits for it to come back, and sends again what was not answered.
            var first = new List<(string Name, Position Position)>();
            Task<ServerProcess>? restart = null;
            await foreach (var outcome in court.ImportAsync(rows.ToAsyncEnumerable(), new ImportOptions { Operator = "书记员" }, cancellationToken))
            {
                first.Add(Told(outcome));
                if (first.Count != BeforeTheKill) continue;

                await server.KillAsync(cancellationToken);
                restart = ServeAsync(folder, on, cancellationToken);
            }

            restarted = await restart!;

            // Step 2: somebody starts the whole import once more.
            var second = new List<(string Name, Position Position)>();
            await foreach (var outcome in court.ImportAsync(rows.ToAsyncEnumerable(), new ImportOptions { Operator = "书记员" }, cancellationToken))
            {
                second.Add(Told(outcome));
            }

            // Step 3: the journal from its beginning.
            var changes = new List<Change>();
            await foreach (var frame in department.FollowAsync(new Cursor(), new FeedOptions(), cancellationToken))
            {
                changes.AddRange(frame.Changes);
                if (frame.ToSequence >= frame.Head.Sequence) break;
            }

            using (Assert.EnterMultipleScope())
            {
                Assert.That(first, Has.Count.EqualTo(Rows));
                Assert.That(second, Is.EqualTo(first));
                Assert.That(changes.Select(change => change.Sequence), Is.EqualTo(Enumerable.Range(1, Rows)));
                Assert.That(changes.Select(change => change.Kind), Is.All.EqualTo(ChangeKind.Published));
                Assert.That(
                    changes.Select(change => change.ListingName),
                    Is.EqualTo(first.OrderBy(each => each.Position.Sequence).Select(each => each.Name)));
                Assert.That(changes.Select(change => change.Listing.CaseNumber), Is.EquivalentTo(rows.Select(row => row.Listing.CaseNumber)));
            }
        }
        finally
        {
            await server.DisposeAsync();
            if (restarted is not null) await restarted.DisposeAsync();
        }
    }

    private static ImportRow RowOf(int number) => new()
    {
        Row = number + 1,
        RequestId = Cast.NewId(),
        Parent = $"courts/{Cast.Court}",
        Listing = Cast.ListingOf("测试戌", Cast.Court, Cast.Resident(200_000 + number)),
    };

    private static (string Name, Position Position) Told(ImportOutcome outcome) =>
        outcome.Receipt is { } receipt ? (receipt.Name, receipt.Position) : throw new AssertionException($"Row {outcome.Row.Row}: {outcome.Refusal}");

    // The same address each time, as it would be for a partner.
    private Task<ServerProcess> ServeAsync(TemporaryFolder folder, Setting on, CancellationToken cancellationToken)
    {
        string[] migrate = on.Engine == nameof(PostgresStore) ? ["--Postgres:Migrate=true"] : [];
        return ServerProcess.ServeAsync(
            folder.Path, "Development", [$"--Listen:Port={_port}", .. migrate, .. ServerSettings.WithoutSecrets(on.Settings, folder.Path)], cancellationToken);
    }

    private static CreditShareClient Connect(ServerProcess server, string role) => new(new CreditShareClientOptions
    {
        Address = server.Address,
        Identity = PartnerIdentity.FromFolder(Path.Combine(server.DataFolder, "identities", role)),
        MaxAttempts = 50,
        MaxBackoff = TimeSpan.FromSeconds(1),
    });
}
