using CreditShare.Core.Access;
using CreditShare.Core.Calendar;
using CreditShare.Core.Journal;
using CreditShare.Core.Listings;
using CreditShare.Server.Journal;
using Microsoft.Extensions.Options;

namespace CreditShare.Server.Listings;

/// <summary>Records terms that are over, and reminds courts of what waits for them: grace that ran out, decisions not served.</summary>
/// <remarks>
/// No answer waits for it: a listing past its last day is never given out, recorded or not. Grace that ran out publishes nothing
/// by itself: in doubt nobody is listed. Several nodes may sweep at once; the journal takes one end a listing.
/// </remarks>
internal sealed class ListingSweeper(
    IStore store, IOptions<JournalOptions> options, ListingsMetrics metrics, TimeProvider clock, ILogger<ListingSweeper> logger)
    : BackgroundService
{
    private const int PageLimit = 500;

    // All of them, unless something is very wrong: the oldest come first, and a court that is left out today is not reminded.
    private const int ReminderLimit = 10_000;

    private DateOnly _reminded;

    /// <summary>Sweeps once.</summary>
    /// <returns>How many ends were recorded.</returns>
    public async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        var today = clock.Today();
        var expired = 0;
        IReadOnlyList<DueListing> page;
        do
        {
            page = await store.Listings.FindExpiredAsync(today, PageLimit, cancellationToken);
            var results = await Task.WhenAll(page.Select(due => TryExpireAsync(due, cancellationToken)));
            var recorded = results.Count(done => done);
            expired += recorded;

            // A page of which nothing could be recorded would come back for ever.
            if (recorded == 0) break;
        }
        while (page.Count == PageLimit);

        if (expired > 0) ListingsLog.Expired(logger, expired);
        await RemindAsync(today, cancellationToken);
        return expired;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.SweepInterval, clock);
        do
        {
            try
            {
                await SweepAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // Whatever it was, it is no reason to end the node: no answer waits for the sweep.
                ListingsLog.SweepFailed(logger, e);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    // One that cannot be read, because its record is damaged, must not keep the others from their end.
    private async Task<bool> TryExpireAsync(DueListing due, CancellationToken cancellationToken)
    {
        try
        {
            return await store.Journal.AppendAsync(ExpiryOf(due), cancellationToken) is AppendResult.Appended;
        }
        catch (Exception e) when (e is not (
            OperationCanceledException or StoreUnavailableException or StoreOverloadedException or OutcomeUnknownException))
        {
            ListingsLog.NotExpired(logger, due.Listing.Value, e);
            return false;
        }
    }

    private static AppendRequest ExpiryOf(DueListing due) => new()
    {
        Partner = PartnerId.System,
        RequestId = null,
        Digest = ReadOnlyMemory<byte>.Empty,
        Operator = "",
        Court = due.Court,
        Command = new ListingCommand.Expire(due.Listing, due.Version),
    };

    private async Task RemindAsync(DateOnly today, CancellationToken cancellationToken)
    {
        var over = await store.Listings.FindGraceOverAsync(today, ReminderLimit, cancellationToken);
        metrics.GraceOver(over.Count);
        var unserved = await store.Listings.FindUnservedAsync(today, ReminderLimit, cancellationToken);
        metrics.Unserved(unserved.Count);
        if (today == _reminded) return;

        _reminded = today;
        foreach (var court in over.GroupBy(due => due.Court))
        {
            ListingsLog.GraceOver(logger, court.Key.Value, court.Count(), court.Min(due => due.Day));
        }

        foreach (var court in unserved.GroupBy(due => due.Court))
        {
            ListingsLog.Unserved(logger, court.Key.Value, court.Count(), court.Min(due => due.Day));
        }
    }
}
