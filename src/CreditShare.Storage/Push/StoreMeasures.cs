using System.Text.Json;
using CreditShare.Core.Access;
using CreditShare.Core.Listings;
using CreditShare.Core.Push;
using CreditShare.Storage.Codec;
using CreditShare.Storage.Sealing;

namespace CreditShare.Storage.Push;

/// <summary>A measure as it is stored. Instants are milliseconds since 1970 in UTC.</summary>
internal sealed record MeasureRow
{
    public long Number { get; init; }

    public required string Partner { get; init; }

    public required LookupKey Reference { get; init; }

    public required ListingId Listing { get; init; }

    public required string Court { get; init; }

    public required long ListingVersion { get; init; }

    public required string Code { get; init; }

    public required MeasureOutcome Outcome { get; init; }

    public required long AppliedAt { get; init; }

    public required long? LiftedAt { get; init; }

    public required bool IsStaleCopy { get; init; }

    public required long CreatedAt { get; init; }

    /// <summary>What the partner wrote, sealed.</summary>
    public required byte[] Body { get; init; }
}

/// <summary>What the measures need of a database.</summary>
internal interface IMeasureEngine
{
    /// <summary>Reads one; null if there is none.</summary>
    Task<MeasureRow?> FindAsync(string partner, LookupKey reference, CancellationToken cancellationToken);

    /// <summary>Inserts one, durable on return.</summary>
    /// <returns><see langword="false"/> if the reference is taken.</returns>
    Task<bool> InsertAsync(MeasureRow row, CancellationToken cancellationToken);

    /// <summary>Marks one as lifted that stands.</summary>
    /// <returns><see langword="false"/> if none stands.</returns>
    Task<bool> LiftAsync(string partner, LookupKey reference, long liftedAt, CancellationToken cancellationToken);

    /// <summary>Reads a page, the highest number first.</summary>
    Task<IReadOnlyList<MeasureRow>> ListAsync(MeasureQuery query, CancellationToken cancellationToken);
}

/// <summary>The measures over any engine; everything that a partner wrote is sealed.</summary>
internal sealed class StoreMeasures(IMeasureEngine engine, Keyring keys) : IMeasureStore
{
    private const int MaxPage = 1_000;

    public async Task<Measure?> FindAsync(PartnerId partner, string reference, CancellationToken cancellationToken) =>
        await engine.FindAsync(partner.Value, keys.ReferenceKeyOf(partner, reference), cancellationToken) is { } row ? Open(row) : null;

    public Task<bool> AddAsync(Measure measure, CancellationToken cancellationToken) => engine.InsertAsync(ToRow(measure), cancellationToken);

    public Task<bool> LiftAsync(PartnerId partner, string reference, DateTimeOffset liftedAt, CancellationToken cancellationToken) =>
        engine.LiftAsync(partner.Value, keys.ReferenceKeyOf(partner, reference), liftedAt.ToUnixTimeMilliseconds(), cancellationToken);

    public async Task<IReadOnlyList<Measure>> ListAsync(MeasureQuery query, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(query.Limit, 1, nameof(query));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.Limit, MaxPage, nameof(query));
        return [.. (await engine.ListAsync(query, cancellationToken)).Select(Open)];
    }

    private static string Place(string partner, LookupKey reference) => $"measure:{partner}:{Convert.ToHexStringLower(reference.ToArray())}";

    private MeasureRow ToRow(Measure measure)
    {
        var reference = keys.ReferenceKeyOf(measure.Partner, measure.Reference);
        var body = new MeasureBody
        {
            Reference = measure.Reference,
            LegalBasis = measure.LegalBasis,
            Branch = measure.Branch,
            Operator = measure.Operator,
            Note = measure.Note,
        };
        return new MeasureRow
        {
            Partner = measure.Partner.Value,
            Reference = reference,
            Listing = measure.Listing,
            Court = measure.Court.Value,
            ListingVersion = measure.ListingVersion,
            Code = measure.Code,
            Outcome = measure.Outcome,
            AppliedAt = measure.AppliedAt.ToUnixTimeMilliseconds(),
            LiftedAt = measure.LiftedAt?.ToUnixTimeMilliseconds(),
            IsStaleCopy = measure.StaleCopy,
            CreatedAt = measure.CreatedAt.ToUnixTimeMilliseconds(),
            Body = keys.Ledger.Seal(
                Place(measure.Partner.Value, reference), JsonSerializer.SerializeToUtf8Bytes(body, PushJson.Default.MeasureBody)),
        };
    }

    private Measure Open(MeasureRow row)
    {
        var body = keys.Ledger.TryOpen(Place(row.Partner, row.Reference), row.Body, out var json)
            ? JsonSerializer.Deserialize(json, PushJson.Default.MeasureBody)
            : throw new InvalidDataException("A measure is damaged: it does not open under its key.");
        if (body is null) throw new InvalidDataException("A stored measure is empty.");

        return new Measure
        {
            Number = row.Number,
            Partner = PartnerId.Restore(row.Partner),
            Reference = body.Reference,
            Listing = row.Listing,
            Court = CourtRows.ToCode(row.Court),
            ListingVersion = row.ListingVersion,
            Code = row.Code,
            Outcome = row.Outcome,
            LegalBasis = body.LegalBasis,
            AppliedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.AppliedAt),
            LiftedAt = SubscriptionCodec.ToInstant(row.LiftedAt),
            Branch = body.Branch,
            Operator = body.Operator,
            Note = body.Note,
            StaleCopy = row.IsStaleCopy,
            CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.CreatedAt),
        };
    }
}
