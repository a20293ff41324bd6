using System.Collections.Immutable;
using CreditShare.Core.Courts;

namespace CreditShare.Core.Listings;

/// <summary>What the law asks of the content of a listing, as far as a machine can tell (Provisions Art. 1 to 6; 法发〔2019〕35号 Art. 15).</summary>
/// <remarks>
/// Whether there is such a court on that day is for the <see cref="CourtTable"/>, and whether one of the cases of Art. 3 is given only a
/// court can tell: it declares that none is. Lengths are UTF-16 units. Pure; safe for concurrent callers.
/// </remarks>
public static class ContentRules
{
    /// <summary>The most documents of a subject.</summary>
    public const int MaxDocuments = 20;

    /// <summary>The most related persons of an organisation.</summary>
    public const int MaxRelatedPersons = 50;

    /// <summary>The most acts in an extension.</summary>
    public const int MaxActs = 20;

    /// <summary>The most characters of a name, of the number of a decision or basis, of a maker and of a finer reason.</summary>
    public const int MaxNameLength = 200;

    /// <summary>The most characters of a longer text: conduct, obligation, a part of the performance, an act.</summary>
    public const int MaxTextLength = 4_000;

    // 法〔2015〕137号 took effect on the first day of this year.
    private const int FirstYearOfCodes = 2016;
    private const int CurrencyLength = 3;
    private const int MaxNanos = 999_999_999;

    // What a content is checked for: a listing that stands may have been performed, and its grace is history.
    private enum Stage
    {
        Publication,
        Standing,
    }

    /// <summary>Checks a content that is to be published, or to begin its period of grace, on a day.</summary>
    /// <param name="content">The content. Missing parts are null, default or empty; what <see cref="ListingRules.Complete"/> can fill in may be missing.</param>
    /// <param name="today">The day in UTC+8.</param>
    /// <param name="alreadyViolated">Paths at which the reader of the content found something wrong. A missing part is not reported if such a
    /// path is the same, above or below.</param>
    /// <returns>Everything that is wrong, with paths below the listing in the contract's words; empty if nothing is.</returns>
    public static ImmutableArray<Violation> Check(ListingContent content, DateOnly today, IReadOnlySet<string>? alreadyViolated = null) =>
        Check(content, today, Stage.Publication, new ContentFindings(alreadyViolated));

    /// <summary>Checks the content of a listing that is on the list already, after a correction.</summary>
    /// <returns>Everything that is wrong. Performance in full is not: it may become known while a term runs (Art. 10(2)). Nor is the
    /// length of a grace that is over, which a corrected day of decision may shift.</returns>
    public static ImmutableArray<Violation> CheckStanding(ListingContent content, DateOnly today) =>
        Check(content, today, Stage.Standing, new ContentFindings(alreadyViolated: null));

    private static ImmutableArray<Violation> Check(ListingContent content, DateOnly today, Stage stage, ContentFindings findings)
    {
        ArgumentNullException.ThrowIfNull(content);
        content = ListingRules.Complete(content);
        var decided = content.Decision is { Date: var date } && date != default && date <= today ? date : (DateOnly?)null;

        CheckCase(content, today, findings);
        if (content.Subject is { } subject)
        {
            SubjectRules.Check(subject, decided, today, findings);
        }
        else
        {
            findings.AddMissing("subject");
        }

        CheckGrounds(content, findings);
        CheckObligation(content, stage, findings);
        CheckProcedure(content, decided, today, findings);
        TermRules.Check(content, decided, today, findings);
        if (stage == Stage.Publication && content.GraceUntil is { } graceUntil && decided is { } day)
        {
            GraceRules.Check(graceUntil, day, findings);
        }

        return findings.ToViolations();
    }

    private static void CheckCase(ListingContent content, DateOnly today, ContentFindings findings)
    {
        const string field = "case_number";
        if (content.Court == default) findings.AddMissing("court_code");
        if (content.Case is not { } number)
        {
            findings.AddMissing(field);
            return;
        }

        if (!number.IsImplementing) findings.Add(field, RefusalReason.CaseNotImplementing);
        if (number.Year > today.Year) findings.Add(field, RefusalReason.DateInFuture);

        // The older form names no court that could be compared, so it passes only for the years in which it was the form.
        if (number.IsLegacy && number.Year >= FirstYearOfCodes) findings.Add(field, RefusalReason.CaseNumberForm);
        if (content.Court != default && number.Court is { } court && court != content.Court)
        {
            findings.Add(field, RefusalReason.CaseOfOtherCourt);
        }
    }

    private static void CheckGrounds(ListingContent content, ContentFindings findings)
    {
        var grounds = content.Grounds.OrEmpty;
        if (grounds.IsEmpty) findings.AddMissing("grounds");

        for (var i = 0; i < grounds.Length; i++)
        {
            var ground = grounds[i];
            if (ground == Ground.None || !Enum.IsDefined(ground) || grounds.AsSpan(0, i).Contains(ground))
            {
                findings.Add($"grounds[{i}]", RefusalReason.FieldInvalid);
            }
        }

        if (grounds.Contains(Ground.RefusesThoughAble) && !content.Article3Checked)
        {
            findings.Add("article3_checked", RefusalReason.Article3NotDeclared);
        }

        findings.LimitText(content.Conduct, "conduct", MaxTextLength);
    }

    private static void CheckObligation(ListingContent content, Stage stage, ContentFindings findings)
    {
        if (content.Basis is { } basis)
        {
            findings.RequireEnum(basis.Type, "basis.type");
            findings.RequireText(basis.Number, "basis.number", MaxNameLength);
            findings.RequireText(basis.Maker, "basis.maker", MaxNameLength);
        }
        else
        {
            findings.AddMissing("basis");
        }

        findings.RequireText(content.Obligation, "obligation", MaxTextLength);
        if (content.ObligationAmount is { } amount) CheckAmount(amount, findings);

        if (content.Performance is not { } performance)
        {
            findings.AddMissing("performance");
            return;
        }

        findings.RequireEnum(performance.State, "performance.state");
        findings.LimitText(performance.PerformedPart, "performance.performed_part", MaxTextLength);
        findings.LimitText(performance.UnperformedPart, "performance.unperformed_part", MaxTextLength);
        if (performance.State == PerformanceState.Full && stage == Stage.Publication)
        {
            findings.Add("performance.state", RefusalReason.AlreadyPerformed);
        }
    }

    private static void CheckAmount(Amount amount, ContentFindings findings)
    {
        const string field = "obligation_amount";
        if (amount.Currency is not { Length: CurrencyLength } currency || !currency.All(char.IsAsciiLetterUpper))
        {
            findings.Add(field + ".currency_code", RefusalReason.FieldInvalid);
        }

        if (amount.Units < 0) findings.Add(field + ".units", RefusalReason.FieldInvalid);
        if (amount.Nanos is < 0 or > MaxNanos) findings.Add(field + ".nanos", RefusalReason.FieldInvalid);
    }

    private static void CheckProcedure(ListingContent content, DateOnly? decided, DateOnly today, ContentFindings findings)
    {
        findings.RequireEnum(content.Origin, "origin");

        if (content.FilingDate is not { } filed)
        {
            findings.AddMissing("filing_date");
        }
        else if (filed > today)
        {
            findings.Add("filing_date", RefusalReason.DateInFuture);
        }
        else if (filed > decided)
        {
            findings.Add("filing_date", RefusalReason.DateInvalid);
        }

        if (content.Decision is { } decision)
        {
            findings.RequireText(decision.Number, "decision.number", MaxNameLength);
            if (decision.Date == default) findings.AddMissing("decision.date");
            if (decision.Date > today) findings.Add("decision.date", RefusalReason.DateInFuture);
            findings.RequireEnum(decision.SignerRole, "decision.signer_role");
            findings.RequireText(decision.Signer, "decision.signer", MaxNameLength);
        }
        else
        {
            findings.AddMissing("decision");
        }

        if (content.Service is { } service) CheckService(service, decided, today, findings);
    }

    private static void CheckService(DecisionService service, DateOnly? decided, DateOnly today, ContentFindings findings)
    {
        const string field = "service.date";
        if (service.Date == default)
        {
            findings.AddMissing(field);
        }
        else if (service.Date > today)
        {
            findings.Add(field, RefusalReason.DateInFuture);
        }
        else if (service.Date < decided)
        {
            findings.Add(field, RefusalReason.DateInvalid);
        }

        findings.RequireEnum(service.Method, "service.method");
    }
}
