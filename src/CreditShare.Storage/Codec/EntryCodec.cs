using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using CreditShare.Core.Access;
using CreditShare.Core.Journal;
using CreditShare.Core.Listings;
using CreditShare.Core.Numbers;
using CreditShare.Storage.Sealing;

namespace CreditShare.Storage.Codec;

/// <summary>Seals changes for the store and opens them. Personal data leave it only as ciphertext.</summary>
/// <remarks>Safe for concurrent callers.</remarks>
internal sealed class EntryCodec(Keyring keys)
{
    private const byte Format = 1;
    private const int PlaceLength = 16 + sizeof(long);
    private const int FirstBufferBytes = 4_096;

    [ThreadStatic]
    private static BodyWriter? t_writer;

    /// <summary>Seals the change; the hash is set once its place in the chain is known.</summary>
    /// <param name="entry">The change, but for its hash.</param>
    /// <param name="dataKey">The listing's own key.</param>
    /// <param name="wrappedKey">The same, wrapped.</param>
    /// <param name="lookups">The lookup keys of the batch.</param>
    public ChangeRow Seal(JournalEntry entry, ReadOnlySpan<byte> dataKey, byte[] wrappedKey, LookupKeys lookups)
    {
        var listing = entry.Listing;
        var content = listing.Content;
        var body = ListingBodies.ToBody(listing, entry.IndexedBefore);
        return new ChangeRow
        {
            Sequence = entry.Sequence,
            Epoch = entry.Epoch,
            Kind = entry.Kind,
            Listing = listing.Id,
            Version = listing.Version,
            Court = content.Court.Value,
            SubjectKind = content.Subject!.Kind,
            RecordedAt = entry.RecordedAt.ToUnixTimeMilliseconds(),
            Partner = entry.Partner.Value,
            KeysBefore = KeysOf(entry.IndexedBefore, lookups),
            KeysAfter = KeysOf(listing.IndexedDocuments, lookups),
            Operator = keys.Ledger.Seal(OperatorPlace(listing.Id, listing.Version), Encoding.UTF8.GetBytes(entry.Operator)),
            Body = SealBody(body, listing.Id, listing.Version, dataKey),
            Hash = [],
            WrappedKey = wrappedKey,
        };
    }

    /// <summary>Opens a change.</summary>
    /// <exception cref="InvalidDataException">The stored bytes are damaged, or of a later format.</exception>
    public JournalEntry Open(ChangeRow row)
    {
        var body = OpenBody(row);
        return new JournalEntry
        {
            Epoch = row.Epoch,
            Sequence = row.Sequence,
            Hash = row.Hash,
            Kind = row.Kind,
            Listing = ListingBodies.ToListing(body, row.Listing, row.Version),
            IndexedBefore = ListingBodies.ToIndexedBefore(body),
            Partner = PartnerId.Restore(row.Partner),
            Operator = keys.Ledger.TryOpen(OperatorPlace(row.Listing, row.Version), row.Operator, out var text)
                ? Encoding.UTF8.GetString(text)
                : throw Damaged(row, null),
            RecordedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.RecordedAt),
        };
    }

    /// <summary>Opens the listing after a change.</summary>
    /// <exception cref="InvalidDataException">The stored bytes are damaged, or of a later format.</exception>
    public StoredListing OpenListing(ChangeRow row) => new()
    {
        Listing = ListingBodies.ToListing(OpenBody(row), row.Listing, row.Version),
        Epoch = row.Epoch,
        Sequence = row.Sequence,
        RecordedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.RecordedAt),
    };

    /// <summary>Writes a stored form as JSON and hands it over; the bytes are the writer's and last only for the call.</summary>
    internal static TResult Write<TBody, TState, TResult>(
        TBody body, JsonTypeInfo<TBody> type, TState state, WrittenBody<TState, TResult> use)
        where TState : allows ref struct
    {
        var writer = t_writer ??= new BodyWriter();
        writer.Buffer.ResetWrittenCount();
        writer.Json.Reset();
        JsonSerializer.Serialize(writer.Json, body, type);
        writer.Json.Flush();
        return use(writer.Buffer.WrittenSpan, state);
    }

    private static byte[] KeysOf(ImmutableArray<DocumentNumber> documents, LookupKeys lookups)
    {
        if (documents.IsEmpty) return [];

        var joined = new byte[documents.Length * LookupKey.Length];
        for (var i = 0; i < documents.Length; i++) lookups.Of(documents[i]).Write(joined.AsSpan(i * LookupKey.Length));
        return joined;
    }

    private static byte[] SealBody(EntryBody body, ListingId listing, long version, ReadOnlySpan<byte> dataKey) =>
        Write(body, BodyJson.Default.EntryBody, new Place(listing, version, dataKey), static (json, place) =>
        {
            Span<byte> associated = stackalloc byte[PlaceLength];
            WritePlace(place.Listing, place.Version, associated);
            var stored = GcmCipher.SealOnce(place.DataKey, json, associated, room: 1);
            stored[0] = Format;
            return stored;
        });

    private EntryBody OpenBody(ChangeRow row)
    {
        if (row.Body is not [Format, ..])
        {
            throw new InvalidDataException($"Change {row.Sequence} is stored in a format that this version does not know.");
        }

        Span<byte> associated = stackalloc byte[PlaceLength];
        WritePlace(row.Listing, row.Version, associated);
        try
        {
            var json = GcmCipher.OpenOnce(keys.Unwrap(row.WrappedKey, row.Listing), row.Body.AsSpan(1), associated);
            return JsonSerializer.Deserialize(json, BodyJson.Default.EntryBody) ?? throw Damaged(row, null);
        }
        catch (Exception e) when (e is CryptographicException or JsonException)
        {
            throw Damaged(row, e);
        }
    }

    private static void WritePlace(ListingId listing, long version, Span<byte> destination)
    {
        listing.Value.TryWriteBytes(destination, bigEndian: true, out _);
        BinaryPrimitives.WriteInt64BigEndian(destination[16..], version);
    }

    private static string OperatorPlace(ListingId listing, long version) =>
        string.Create(CultureInfo.InvariantCulture, $"operator:{listing}:{version}");

    private static InvalidDataException Damaged(ChangeRow row, Exception? inner) =>
        new($"Change {row.Sequence} of the journal is damaged: it does not open under its key.", inner);

    /// <summary>What is done with the bytes of a stored form.</summary>
    internal delegate TResult WrittenBody<TState, TResult>(ReadOnlySpan<byte> json, TState state)
        where TState : allows ref struct;

    private readonly ref struct Place(ListingId listing, long version, ReadOnlySpan<byte> dataKey)
    {
        public ListingId Listing { get; } = listing;

        public long Version { get; } = version;

        public ReadOnlySpan<byte> DataKey { get; } = dataKey;
    }

    private sealed class BodyWriter
    {
        public BodyWriter() => Json = new Utf8JsonWriter(
            Buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });

        public ArrayBufferWriter<byte> Buffer { get; } = new(FirstBufferBytes);

        public Utf8JsonWriter Json { get; }
    }
}
