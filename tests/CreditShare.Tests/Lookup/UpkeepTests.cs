using CreditShare.Core.Access;
using CreditShare.Core.Journal;
using CreditShare.Core.Numbers;
using CreditShare.Server.Lookup;
using CreditShare.Storage.Sealing;
using CreditShare.Tests.Infrastructure;
using CreditShare.Tests.Listings;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NUnit.Framework;

namespace CreditShare.Tests.Lookup;

/// <summary>What runs beside the answers outlives every failure: it must never take the node down.</summary>
internal sealed class UpkeepTests
{
    private const int CountsNotWrittenEvent = 3006;
    private const int RefreshFailedEvent = 3007;

    private readonly LogBook _log = new();
    private readonly StoreInMemory _store = new();

    [Test, CancelAfter(10_000)]
    public async Task Counting_goes_on_after_a_failure_that_nobody_thought_of(CancellationToken cancellationToken)
    {
        var clock = TestClocks.AtNoon();
        using var counts = new NotListedCounts(_store, clock, Options.Create(new LookupOptions()), _log.For<NotListedCounts>());
        _store.WhileCounting = () => throw new InvalidOperationException("A column is missing.");
        await counts.StartAsync(cancellationToken);
        counts.Add(PartnerId.System, Purpose.Credit, Sample.Today, 3);
        await clock.AdvanceUntilAsync(() => _log.Of(CountsNotWrittenEvent).Count >= 2, TimeSpan.FromSeconds(1), cancellationToken);

        _store.WhileCounting = null;
        await clock.AdvanceUntilAsync(() => _store.Counted.Count > 0, TimeSpan.FromSeconds(1), cancellationToken);

        await counts.StopAsync(cancellationToken);
        Assert.That(_store.Counted.Single().Count, Is.EqualTo(3));
    }

    [Test, CancelAfter(10_000)]
    public async Task Records_go_on_to_be_kept_after_one_that_cannot_be(CancellationToken cancellationToken)
    {
        using var meters = new Meters();
        using var keys = Keyring.From(new byte[32]);
        var options = Options.Create(new RedisOptions { ConnectionString = "127.0.0.1:1" });
        var metrics = new LookupMetrics(meters, new DocumentIndex());
        using var connection = new RedisConnection(options, TimeProvider.System, NullLogger<RedisConnection>.Instance);
        var records = new RedisRecords(connection, keys, options, TimeProvider.System, metrics, NullLogger<RedisRecords>.Instance);
        using var upkeep = new RedisUpkeep(records, _store, options, metrics, _log.For<RedisUpkeep>());
        await upkeep.StartAsync(cancellationToken);

        // A record without its list cannot be written down.
        for (var failures = 1; failures <= 2; failures++)
        {
            upkeep.Repair(new DocumentRecord(Sample.Document(DocumentType.ResidentId, Sample.Man).Number, 1, 1, default));
            while (_log.Of(RefreshFailedEvent).Count < failures)
            {
                cancellationToken.ThrowIfCancellationRequested();
                await Task.Yield();
            }
        }

        Assert.That(() => upkeep.StopAsync(cancellationToken), Throws.Nothing);
        Assert.That(upkeep.ExecuteTask!.IsFaulted, Is.False);
    }
}
