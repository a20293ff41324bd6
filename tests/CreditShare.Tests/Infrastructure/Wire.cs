using CreditShare.Core.Journal;
using CreditShare.Core.Listings;
using CreditShare.Server.Access;
using CreditShare.Server.Mapping;
using CreditShare.Tests.Listings;

namespace CreditShare.Tests.Infrastructure;

/// <summary>Listings as courts send them.</summary>
internal static class Wire
{
    private static readonly CourtDirectory s_courts = new();

    /// <summary>What a court would send to have this content: nothing that is the server's to say.</summary>
    public static V1.Listing Of(ListingContent content)
    {
        var sent = ListingMapping.ToCourtProto(Stored(content), s_courts);
        sent.Name = sent.CourtName = "";
        sent.Version = 0;
        sent.Epoch = 0;
        sent.State = V1.ListingState.Unspecified;
        sent.PublishDate = null;
        sent.UpdateTime = null;
        sent.Subject.ClearAge();
        return sent;
    }

    /// <summary>The content as the store would give it back once it is published.</summary>
    public static StoredListing Stored(ListingContent content) => new()
    {
        Listing = new Listing
        {
            Id = Sample.Id,
            Version = 1,
            State = ListingState.Published,
            Content = content,
            PublishedOn = Sample.Today,
        },
        Epoch = 1,
        Sequence = 1,
        RecordedAt = new DateTimeOffset(2026, 3, 2, 4, 0, 0, TimeSpan.Zero),
    };
}
