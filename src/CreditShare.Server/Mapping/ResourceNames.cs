using CreditShare.Core.Access;
using CreditShare.Core.Courts;
using CreditShare.Core.Listings;
using CreditShare.Core.Push;
using CreditShare.Server.Transport;
using CreditShare.V1;

namespace CreditShare.Server.Mapping;

/// <summary>A listing's resource name, taken apart.</summary>
internal readonly record struct ListingName(CourtCode Court, ListingId Id)
{
    public override string ToString() => ResourceNames.Of(Court, Id);
}

/// <summary>Resource names after DESIGN: <c>courts/{court_code}/listings/{uuid}</c>, <c>partners/{id}/subscriptions/{id}</c>.</summary>
internal static class ResourceNames
{
    private const string CourtPrefix = "courts/";
    private const string ListingPart = "/listings/";
    private const string PartnerPrefix = "partners/";
    private const string SubscriptionPart = "/subscriptions/";

    public static string Of(CourtCode court, ListingId listing) => $"{CourtPrefix}{court.Value}{ListingPart}{listing}";

    public static string Of(CourtCode court) => CourtPrefix + court.Value;

    /// <summary>Reads a listing's name; adds a problem at <paramref name="path"/> and gives null if it has another form.</summary>
    public static ListingName? ReadListing(string name, string path, Problems problems)
    {
        if (name.Length == 0)
        {
            problems.Add(path, ErrorReason.FieldRequired, null);
            return null;
        }

        var at = name.IndexOf(ListingPart, StringComparison.Ordinal);
        if (name.StartsWith(CourtPrefix, StringComparison.Ordinal) && at > CourtPrefix.Length
            && CourtCode.TryParse(name.AsSpan(CourtPrefix.Length, at - CourtPrefix.Length), out var court)
            && Guid.TryParseExact(name.AsSpan(at + ListingPart.Length), "D", out var id) && id != Guid.Empty)
        {
            return new ListingName(court, new ListingId(id));
        }

        problems.Add(path, ErrorReason.NameForm, "The form is courts/{court_code}/listings/{uuid}.");
        return null;
    }

    /// <summary>Reads a court's name; adds a problem at <paramref name="path"/> and gives null if it has another form.</summary>
    public static CourtCode? ReadCourt(string name, string path, Problems problems)
    {
        if (name.Length == 0)
        {
            problems.Add(path, ErrorReason.FieldRequired, null);
            return null;
        }

        if (name.StartsWith(CourtPrefix, StringComparison.Ordinal)
            && CourtCode.TryParse(name.AsSpan(CourtPrefix.Length), out var court))
        {
            return court;
        }

        problems.Add(path, ErrorReason.NameForm, "The form is courts/{court_code}.");
        return null;
    }

    public static string Of(PartnerId partner) => PartnerPrefix + partner.Value;

    /// <summary>Reads a partner's name; adds a problem at <paramref name="path"/> and gives null if it has another form.</summary>
    public static PartnerId? ReadPartner(string name, string path, Problems problems)
    {
        if (name.StartsWith(PartnerPrefix, StringComparison.Ordinal) && PartnerId.TryParse(name[PartnerPrefix.Length..], out var id)) return id;

        problems.Add(path, name.Length == 0 ? ErrorReason.FieldRequired : ErrorReason.NameForm, "The form is partners/{id}.");
        return null;
    }

    /// <summary>Reads a subscription's name; adds a problem at <paramref name="path"/> and gives null if it has another form.</summary>
    public static SubscriptionId? ReadSubscription(string name, string path, Problems problems)
    {
        var at = name.IndexOf(SubscriptionPart, StringComparison.Ordinal);
        if (name.StartsWith(PartnerPrefix, StringComparison.Ordinal) && at > PartnerPrefix.Length
            && PartnerId.TryParse(name[PartnerPrefix.Length..at], out var partner)
            && ReadSubscriptionId(partner, name[(at + SubscriptionPart.Length)..]) is { } id)
        {
            return id;
        }

        problems.Add(
            path, name.Length == 0 ? ErrorReason.FieldRequired : ErrorReason.NameForm, "The form is partners/{id}/subscriptions/{id}.");
        return null;
    }

    /// <summary>A partner's subscription of that id, which has the form of a partner's; null if the id has another one.</summary>
    public static SubscriptionId? ReadSubscriptionId(PartnerId partner, string text) =>
        PartnerId.TryParse(text, out var id) ? new SubscriptionId(partner, id.Value) : null;

    /// <summary>Reads a request id, a UUID.</summary>
    public static Guid ReadRequestId(string text, string path, Problems problems)
    {
        if (text.Length == 0)
        {
            problems.Add(path, ErrorReason.FieldRequired, null);
            return default;
        }

        if (Guid.TryParseExact(text, "D", out var id) && id != Guid.Empty) return id;

        problems.Add(path, ErrorReason.NameForm, "A request id is a UUID with hyphens.");
        return default;
    }
}
