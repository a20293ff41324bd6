using System.Collections.Concurrent;
using CreditShare.Core.Access;
using CreditShare.Core.Journal;

namespace CreditShare.Server.Feed;

/// <summary>Remembers which partners read the feed, for who was told of a listing: before anything is sent, and once a minute while it
/// goes on.</summary>
/// <remarks>Safe for concurrent callers.</remarks>
internal sealed class FeedReaders(IStore store, TimeProvider clock)
{
    /// <summary>How often a reading that goes on is noted.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    // As many as there are partners.
    private readonly ConcurrentDictionary<PartnerId, Noted> _noted = new();

    /// <summary>Notes that a partner is about to be sent what lies between two numbers, unless that was noted within the last minute.</summary>
    /// <param name="partner">The reader.</param>
    /// <param name="from">The number behind which the reading began; 0 for the whole list.</param>
    /// <param name="to">The last number it is about to be sent.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    public async ValueTask NoteAsync(PartnerId partner, long from, long to, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();

        // An earlier beginning widens what the partner may know of, so it cannot wait.
        if (_noted.TryGetValue(partner, out var last) && last.From <= from && now - last.At < Interval && now >= last.At) return;

        await store.Disclosures.NoteReaderAsync(new FeedReader(partner, now, now, from, to), cancellationToken);
        _noted.AddOrUpdate(
            partner,
            new Noted(now, from),
            (_, before) => new Noted(now > before.At ? now : before.At, Math.Min(before.From, from)));
    }

    private readonly record struct Noted(DateTimeOffset At, long From);
}
