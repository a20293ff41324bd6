using System.Collections.Immutable;
using CreditShare.Core.Calendar;

namespace CreditShare.Core.Listings;

/// <summary>The rules for the term: Provisions Art. 2.</summary>
/// <remarks>
/// A term of two years that begins on a day ends with the day of the same number two years later, or with the last day of a month that
/// has no such day; that day is the last on which the listing counts. The Provisions name no first day: it is the day of the decision,
/// on which the decision takes effect (Art. 5), unless the decision names a later one, which may not lie in the future, or where there
/// is a period of grace not after the day behind it. Otherwise a late first day would make the term longer than the law does.
/// </remarks>
internal static class TermRules
{
    /// <summary>The term of Art. 2(1), in years.</summary>
    public const int Years = 2;

    /// <summary>The term with the shortest extension, in years.</summary>
    public const int LeastExtendedYears = Years + 1;

    /// <summary>The term with the longest extension, in years.</summary>
    public const int MostExtendedYears = Years + 3;

    private const int LeastActs = 2;

    private const string StartField = "term.start";
    private const string EndField = "term.end";

    /// <summary>Whether the grounds give a listing a term: any of grounds 2 to 6 does, also beside ground 1.</summary>
    public static bool NeedsTerm(ImmutableArray<Ground> grounds) => grounds.Any(ground => ground != Ground.RefusesThoughAble);

    /// <summary>Fills in the days that were left out, as far as the day of the decision is known.</summary>
    public static Term Complete(Term term, DateOnly? decided)
    {
        var start = term.Start == default ? decided.GetValueOrDefault() : term.Start;
        var end = term.End == default && start != default && start.Year <= DateOnly.MaxValue.Year - Years
            ? LegalPeriod.AddYears(start, Years)
            : term.End;
        return start == term.Start && end == term.End ? term : term with { Start = start, End = end };
    }

    /// <summary>Checks the term of a content whose term was completed.</summary>
    public static void Check(ListingContent content, DateOnly? decided, DateOnly today, ContentFindings findings)
    {
        var grounds = content.Grounds.OrEmpty;
        var groundsKnown = !grounds.IsEmpty && grounds.All(ground => ground != Ground.None && Enum.IsDefined(ground));
        if (content.Term is not { } term)
        {
            if (groundsKnown && NeedsTerm(grounds)) findings.AddMissing("term", RefusalReason.TermRequired);
            return;
        }

        if (groundsKnown && !NeedsTerm(grounds))
        {
            findings.Add("term", RefusalReason.TermNotAllowed);
            return;
        }

        if (term.End != default && term.End < today) findings.Add(EndField, RefusalReason.TermOver);
        if (CheckStart(content, decided, today, findings)) CheckLength(term, findings);
        if (term.Extension is { } extension) CheckExtension(extension, grounds, "term.extension", findings);
    }

    /// <summary>Whether a term that begins on that day may be extended to end on the other.</summary>
    public static bool IsExtendedEnd(DateOnly start, DateOnly end) =>
        end >= LegalPeriod.AddYears(start, LeastExtendedYears) && end <= LegalPeriod.AddYears(start, MostExtendedYears);

    /// <summary>Checks that the reason of an extension carries it.</summary>
    /// <param name="extension">The extension.</param>
    /// <param name="grounds">The grounds of the listing.</param>
    /// <param name="field">The extension's path.</param>
    /// <param name="findings">Receives what is wrong.</param>
    public static void CheckExtension(TermExtension extension, ImmutableArray<Ground> grounds, string field, ContentFindings findings)
    {
        findings.RequireEnum(extension.Reason, field + ".reason");
        var acts = extension.Acts.OrEmpty;
        if (acts.Length > ContentRules.MaxActs) findings.Add(field + ".acts", RefusalReason.FieldTooLong);
        foreach (var (i, act) in acts.Index()) findings.RequireText(act, $"{field}.acts[{i}]", ContentRules.MaxTextLength);

        if (extension.Reason == ExtensionReason.ViolenceSerious && !grounds.Contains(Ground.Obstructs))
        {
            findings.Add(field + ".reason", RefusalReason.ExtensionReason);
        }

        // The same words twice are one act.
        var told = acts.Where(act => !string.IsNullOrWhiteSpace(act)).Select(act => act.Trim()).Distinct(StringComparer.Ordinal).Count();
        if (extension.Reason == ExtensionReason.MultipleActs && told < LeastActs)
        {
            findings.Add(field + ".acts", RefusalReason.ExtensionReason);
        }
    }

    /// <returns>Whether there is a first day from which to reckon.</returns>
    private static bool CheckStart(ListingContent content, DateOnly? decided, DateOnly today, ContentFindings findings)
    {
        // Without a day of decision, or with one in the future, the first day that follows from it is not at fault itself.
        var start = content.Term!.Start;
        if (start == default || (decided is null && start == content.Decision?.Date)) return false;

        var latest = content.GraceUntil is { } until && until >= today && until <= LegalPeriod.AddMonths(today, GraceRules.MostMonths)
            ? until.AddDays(1)
            : today;
        if (start > latest)
        {
            findings.Add(StartField, RefusalReason.DateInFuture);
            return false;
        }

        if (start < decided) findings.Add(StartField, RefusalReason.DateInvalid);
        return true;
    }

    private static void CheckLength(Term term, ContentFindings findings)
    {
        var lawful = term.Extension is null
            ? term.End == LegalPeriod.AddYears(term.Start, Years)
            : IsExtendedEnd(term.Start, term.End);
        if (!lawful) findings.Add(EndField, RefusalReason.TermLength);
    }
}
