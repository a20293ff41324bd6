using System.Globalization;
using CreditShare.Core.Access;
using CreditShare.Core.Calendar;
using CreditShare.Core.Journal;
using CreditShare.Core.Listings;
using CreditShare.Server.Access;
using CreditShare.Server.Mapping;
using CreditShare.Server.Transport;
using CreditShare.V1;
using Grpc.Core;
using Microsoft.Extensions.Options;
using View = CreditShare.Core.Access.View;

namespace CreditShare.Server.Feed;

/// <summary>Streams the list as it stands. The cursor is read before the first page, so what changes meanwhile follows in the feed.</summary>
internal sealed class ListingExport(
    IStore store, FeedReaders readers, CourtDirectory courts, IOptions<FeedOptions> options, TimeProvider clock)
{
    private const int PageLimit = 500;

    public async Task RunAsync(
        ListingFilter filter, View view, string query, string? place, IServerStreamWriter<ExportListingsResponse> responses, PartnerId reader,
        CancellationToken cancellationToken)
    {
        var (cursor, after) = place is null
            ? (await store.Journal.ReadHeadAsync(cancellationToken), null)
            : ReadPlace(place) ?? throw NoPlace();
        await using var writer = new PatientWriter<ExportListingsResponse>(responses, options.Value.WriteTimeout, clock, cancellationToken);

        while (true)
        {
            var page = await store.Listings.ExportAsync(filter, after, PageLimit, cancellationToken);
            var left = page.ToList();
            do
            {
                // The day is asked for each frame: a receiver may have taken its time over midnight.
                var today = clock.Today();
                var active = left.Where(stored => stored.Listing.IsActiveOn(today)).ToList();
                var part = PageCut.Of(active.Select(stored => ListingMapping.ToProto(stored, view, courts)));
                var isPageDone = part.Count == active.Count;
                after = !isPageDone ? active[part.Count - 1].Listing.Id : page.Count > 0 ? page[^1].Listing.Id : after;
                var isLast = isPageDone && page.Count < PageLimit;
                var frame = new ExportListingsResponse
                {
                    Cursor = cursor.ToProto(),
                    NextPageToken = isLast ? "" : PageToken.Of(query, PlaceOf(cursor, after!.Value)),
                    Listings = { part },
                };
                await readers.NoteAsync(reader, from: 0, HighestOf(cursor, active), cancellationToken);
                if (!await writer.TryWriteAsync(frame)) throw new RefusedException(ErrorReason.FollowerTooSlow);
                if (isLast) return;

                left = active[part.Count..];
            }
            while (left.Count > 0);
        }
    }

    /// <summary>A page is read after the cursor, so it may hold what came later.</summary>
    private static long HighestOf(JournalHead cursor, IReadOnlyCollection<StoredListing> shown) =>
        shown.Select(stored => stored.Sequence).Append(cursor.Sequence).Max();

    private static RefusedException NoPlace()
    {
        var problems = new Problems();
        problems.Add("page_token", ErrorReason.PageTokenInvalid);
        return problems.ToRefused();
    }

    private static string PlaceOf(JournalHead cursor, ListingId after) =>
        string.Create(CultureInfo.InvariantCulture, $"{cursor.Epoch}:{cursor.Sequence}:{Convert.ToHexStringLower(cursor.Hash.Span)}:{after}");

    /// <summary>A place that a token carries; null if it has not that form, since a caller can write tokens too.</summary>
    private static (JournalHead Cursor, ListingId? After)? ReadPlace(string place) =>
        place.Split(':') is [var epoch, var sequence, var hash, var after]
        && uint.TryParse(epoch, NumberStyles.None, CultureInfo.InvariantCulture, out var life)
        && long.TryParse(sequence, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && hash.Length == 64 && hash.All(char.IsAsciiHexDigit)
        && Guid.TryParseExact(after, "D", out var id)
            ? (new JournalHead(life, number, Convert.FromHexString(hash)), new ListingId(id))
            : null;
}
