using System.Text.Json;
using CreditShare.Core.Journal;
using CreditShare.Core.Listings;
using CreditShare.Core.Numbers;

namespace CreditShare.Storage.Codec;

/// <summary>The record of a document as bytes, for the lookup cache. The bytes hold personal data in clear: seal them.</summary>
internal static class DocumentRecordCodec
{
    /// <summary>Writes a record. The document itself is left out: whoever reads the record has asked for it by name.</summary>
    public static byte[] Write(DocumentRecord record)
    {
        var body = new RecordBody
        {
            Epoch = record.Epoch,
            Sequence = record.Sequence,
            Listings =
            [
                .. record.Listings.Select(stored => new RecordListingBody
                {
                    Id = stored.Listing.Id.Value,
                    Version = stored.Listing.Version,
                    Epoch = stored.Epoch,
                    Sequence = stored.Sequence,
                    RecordedAt = stored.RecordedAt.ToUnixTimeMilliseconds(),
                    Body = ListingBodies.ToBody(stored.Listing, []),
                }),
            ],
        };
        return EntryCodec.Write(body, BodyJson.Default.RecordBody, 0, static (json, _) => json.ToArray());
    }

    /// <summary>Reads a record of a document.</summary>
    /// <param name="document">The document that was asked for.</param>
    /// <param name="bytes">What <see cref="Write"/> gave, opened again.</param>
    /// <returns>Null if the bytes are of another format: then the store is asked.</returns>
    public static DocumentRecord? Read(DocumentNumber document, ReadOnlySpan<byte> bytes)
    {
        try
        {
            return JsonSerializer.Deserialize(bytes, BodyJson.Default.RecordBody) is { } body
                ? new DocumentRecord(document, body.Epoch, body.Sequence, [.. body.Listings.Select(ToStored)])
                : null;
        }
        catch (Exception e) when (e is JsonException or InvalidDataException or ArgumentException)
        {
            // Written by another version: a cache is asked again, not trusted.
            return null;
        }
    }

    private static StoredListing ToStored(RecordListingBody body) => new()
    {
        Listing = ListingBodies.ToListing(body.Body, new ListingId(body.Id), body.Version),
        Epoch = body.Epoch,
        Sequence = body.Sequence,
        RecordedAt = DateTimeOffset.FromUnixTimeMilliseconds(body.RecordedAt),
    };
}
