using CreditShare.Core.Courts;
using CreditShare.Core.Listings;
using CreditShare.Server.Access;
using CreditShare.Server.Mapping;
using CreditShare.Server.Transport;
using CreditShare.V1;
using Microsoft.Extensions.Options;

namespace CreditShare.Server.Listings;

/// <summary>Reads commands from the contract: form, court and right of the caller, everything wrong at once.</summary>
internal sealed class ListingIntake(CourtDirectory courts, IOptions<ListingsOptions> options, TimeProvider clock)
{
    /// <summary>The longest name of an operator, in characters.</summary>
    public const int MaxOperator = 200;

    private readonly string[] _types = options.Value.CaseTypes.Split(' ');

    /// <summary>Reads a publication.</summary>
    /// <param name="parent">The court's resource name.</param>
    /// <param name="listing">What to publish.</param>
    /// <param name="caller">Must speak for the court.</param>
    /// <param name="today">The day in UTC+8.</param>
    /// <param name="problems">What is wrong; the result is usable only if it is empty.</param>
    public (CourtCode Court, ListingCommand Command) ReadPublication(
        string parent, V1.Listing? listing, Caller caller, DateOnly today, out Problems problems)
    {
        problems = new Problems();
        var court = ResourceNames.ReadCourt(parent, "parent", problems);
        if (court is { } known)
        {
            CheckCourt(known, today, problems);
            if (!problems.Has("parent")) Authorise(caller, known);
        }

        // Without a court the rest is still checked, so that all problems are told at once.
        var content = ListingReading.ReadContent(listing, court, "listing", today, problems);
        if (content.Case is { } number) CheckType(number, problems);
        var id = new ListingId(Guid.CreateVersion7(clock.GetUtcNow()));
        return (court ?? default, new ListingCommand.Publish(id, content));
    }

    /// <summary>Whether a publication that is objected to may be the repetition of one that was accepted: the day, or the table of courts, may
    /// have moved on since.</summary>
    public static bool MayRepeat(CourtCode court, V1.Listing? listing, Guid requestId, Problems problems) =>
        court != default && listing is not null && requestId != Guid.Empty && !problems.Has("operator");

    /// <summary>Reads what every command on a listing carries.</summary>
    public static (ListingName Name, CommandOrigin Origin) ReadOrigin(
        string name, string requestId, string @operator, Caller caller, ReadOnlyMemory<byte> digest, long expectedVersion, Problems problems)
    {
        var listing = ResourceNames.ReadListing(name, "name", problems);
        var id = ResourceNames.ReadRequestId(requestId, "request_id", problems);
        var who = ValueMapping.ReadRequiredText(@operator, "operator", MaxOperator, problems);
        if (expectedVersion < 0) problems.Add("expected_version", ErrorReason.FieldInvalid, null);
        if (listing is { } known) Authorise(caller, known.Court);
        return (listing ?? default, new CommandOrigin(caller.Id, id, who, digest));
    }

    /// <summary>Refuses a caller that does not speak for the court.</summary>
    public static void Authorise(Caller caller, CourtCode court)
    {
        if (!caller.SpeaksFor(court)) throw new RefusedException(ErrorReason.CourtNotYours);
    }

    // The types that are never taken have been found by the rules of the law.
    private void CheckType(CaseNumber number, Problems problems)
    {
        const string field = "listing.case_number";
        if (number.IsLegacy || problems.Has(field) || _types.Contains(number.TypeCode, StringComparer.Ordinal)) return;

        problems.Add(field, ErrorReason.CaseNotImplementing, null);
    }

    private void CheckCourt(CourtCode court, DateOnly today, Problems problems)
    {
        if (!courts.Table.TryFind(court, out var found) || !found.IsValidOn(today))
        {
            problems.Add("parent", ErrorReason.CourtUnknown, null);
        }
    }
}
