using CreditShare.Core.Access;
using CreditShare.Core.Calendar;
using CreditShare.Core.Journal;
using CreditShare.Server.Mapping;
using CreditShare.Server.Transport;
using CreditShare.V1;
using Listing = CreditShare.Core.Listings.Listing;
using Measure = CreditShare.Core.Push.Measure;

namespace CreditShare.Server.Measures;

/// <summary>Takes reports of measures: one measure a reference, whatever is repeated.</summary>
internal sealed class MeasureBook(IStore store, TimeProvider clock, ILogger<MeasureBook> logger)
{
    /// <summary>Stores a report, or finds that it is stored.</summary>
    /// <returns>The measure as stored.</returns>
    /// <exception cref="RefusedException">It is refused; nothing is stored.</exception>
    public Task<Measure> TakeAsync(PartnerId partner, MeasureReport report, CancellationToken cancellationToken) => report switch
    {
        MeasureReport.Lifted lifted => LiftAsync(partner, lifted, cancellationToken),
        _ => ApplyAsync(partner, (MeasureReport.Applied)report, cancellationToken),
    };

    private async Task<Measure> ApplyAsync(PartnerId partner, MeasureReport.Applied report, CancellationToken cancellationToken)
    {
        if (await store.Measures.FindAsync(partner, report.Reference, cancellationToken) is { } earlier) return SameOr(earlier, report);

        // A listing in grace is unknown to everybody but its court, and so is one that was cancelled in it.
        var stored = await store.Listings.FindAsync(report.Listing.Id, cancellationToken);
        if (stored?.Listing is not { PublishedOn: not null } listing || listing.Content.Court != report.Listing.Court)
        {
            throw new RefusedException(ErrorReason.ListingNotFound);
        }

        if (report.Version > listing.Version)
        {
            var problems = new Problems();
            problems.Add("measure.listing_version", ErrorReason.FieldInvalid, "From 1 to the listing's version.");
            throw problems.ToRefused();
        }

        var measure = new Measure
        {
            Partner = partner,
            Reference = report.Reference,
            Listing = listing.Id,
            Court = listing.Content.Court,
            ListingVersion = report.Version,
            Code = report.Code,
            Outcome = report.Outcome,
            LegalBasis = report.LegalBasis,
            AppliedAt = report.At,
            Branch = report.Branch,
            Operator = report.Operator,
            Note = report.Note,
            StaleCopy = report.At > EndOf(listing, stored.RecordedAt),
            CreatedAt = clock.GetUtcNow(),
        };
        if (await store.Measures.AddAsync(measure, cancellationToken) && measure.StaleCopy) logger.StaleCopy(partner.Value, listing.Id);

        // Read back for its number, and for whoever came first if it was not us.
        return SameOr((await store.Measures.FindAsync(partner, report.Reference, cancellationToken))!, report);
    }

    private async Task<Measure> LiftAsync(PartnerId partner, MeasureReport.Lifted report, CancellationToken cancellationToken)
    {
        var measure = await store.Measures.FindAsync(partner, report.Reference, cancellationToken)
            ?? throw new RefusedException(ErrorReason.MeasureNotFound);
        if ((report.Listing is { } listing && listing != new ListingName(measure.Court, measure.Listing))
            || (report.Code.Length > 0 && report.Code != measure.Code))
        {
            throw new RefusedException(ErrorReason.MeasureReferenceUsed);
        }

        if (report.At < measure.AppliedAt)
        {
            var problems = new Problems();
            problems.Add("measure.lift_time", ErrorReason.FieldInvalid, "It lies before the measure.");
            throw problems.ToRefused();
        }

        await store.Measures.LiftAsync(partner, report.Reference, report.At, cancellationToken);
        var lifted = await store.Measures.FindAsync(partner, report.Reference, cancellationToken);
        return lifted?.LiftedAt == report.At ? lifted : throw new RefusedException(ErrorReason.MeasureNotFound);
    }

    /// <summary>From when on nobody may act on the listing: its end, or the end of its term if that is not recorded yet.</summary>
    private static DateTimeOffset EndOf(Listing listing, DateTimeOffset recordedAt)
    {
        var term = listing.LastDay is { } last ? ChinaTime.StartOf(last.AddDays(1)) : DateTimeOffset.MaxValue;
        return listing.Ending is not null && recordedAt < term ? recordedAt : term;
    }

    private static Measure SameOr(Measure earlier, MeasureReport.Applied report)
    {
        var isSame = new ListingName(earlier.Court, earlier.Listing) == report.Listing
            && earlier.ListingVersion == report.Version
            && earlier.Code == report.Code
            && earlier.Outcome == report.Outcome
            && earlier.LegalBasis == report.LegalBasis
            && earlier.AppliedAt == report.At
            && earlier.Branch == report.Branch
            && earlier.Operator == report.Operator
            && earlier.Note == report.Note;
        return isSame ? earlier : throw new RefusedException(ErrorReason.MeasureReferenceUsed);
    }
}
