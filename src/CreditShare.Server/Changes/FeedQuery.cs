using System.Collections.Immutable;
using CreditShare.Core.Courts;
using CreditShare.Core.Journal;
using CreditShare.Server.Access;
using CreditShare.Server.Transport;
using CreditShare.V1;
using SubjectKind = CreditShare.Core.Listings.SubjectKind;
using View = CreditShare.Core.Access.View;

namespace CreditShare.Server.Changes;

/// <summary>What a receiver wants, checked: where from, which changes, how much of each.</summary>
internal sealed record FeedQuery(Cursor From, ListingFilter Filter, View View)
{
    private const int MaxCourts = 500;
    private const int MaxRegions = 100;

    public static FeedQuery Read(Cursor? from, ChangeFilter? filter, V1.View view, Caller caller, CourtDirectory courts, Problems problems)
    {
        from ??= new Cursor();
        if (from.Sequence < 0) problems.Add("from.sequence", ErrorReason.FieldInvalid, "Not below 0.");
        if (from.Hash.Length is not (0 or 32)) problems.Add("from.hash", ErrorReason.FieldInvalid, "32 bytes or none.");
        return new FeedQuery(from, ReadFilter(filter, courts, problems), ReadView(view, caller, problems));
    }

    /// <summary>Reads a filter that lies at <paramref name="path"/> in the request.</summary>
    public static ListingFilter ReadFilter(ChangeFilter? filter, CourtDirectory courts, Problems problems, string path = "filter")
    {
        if (filter is null) return new ListingFilter();

        if (filter.CourtCodes.Count > MaxCourts) problems.Add($"{path}.court_codes", ErrorReason.FieldTooLong, $"At most {MaxCourts} courts.");
        if (filter.Regions.Count > MaxRegions) problems.Add($"{path}.regions", ErrorReason.FieldTooLong, $"At most {MaxRegions} regions.");
        if (!Enum.IsDefined(filter.SubjectKind)) problems.Add($"{path}.subject_kind", ErrorReason.FieldInvalid, null);

        var codes = ImmutableArray.CreateBuilder<CourtCode>();
        foreach (var (i, text) in filter.CourtCodes.Take(MaxCourts).Index())
        {
            if (CourtCode.TryParse(text, out var code) && courts.Table.TryFind(code, out _)) codes.Add(code);
            else problems.Add($"{path}.court_codes[{i}]", ErrorReason.CourtUnknown, null);
        }

        foreach (var (i, region) in filter.Regions.Take(MaxRegions).Index())
        {
            if (!CourtCode.TryParse(region, out var code) || code.Region != region)
            {
                problems.Add($"{path}.regions[{i}]", ErrorReason.FieldInvalid, "The first character of a court's code, or 最高法.");
            }
        }

        return new ListingFilter
        {
            Courts = codes.ToImmutable(),
            Regions = [.. filter.Regions],
            SubjectKind = filter.SubjectKind == V1.SubjectKind.Unspecified ? null : (SubjectKind)filter.SubjectKind,
        };
    }

    /// <summary>Reads a view that lies at <paramref name="path"/> in the request.</summary>
    /// <exception cref="RefusedException">VIEW_NOT_GRANTED.</exception>
    public static View ReadView(V1.View view, Caller caller, Problems problems, string path = "view")
    {
        if (!Enum.IsDefined(view))
        {
            problems.Add(path, ErrorReason.FieldInvalid, null);
            return View.Status;
        }

        var wanted = view == V1.View.Unspecified ? View.Public : (View)view;
        return caller.MaySee(wanted) ? wanted : throw new RefusedException(ErrorReason.ViewNotGranted);
    }
}
