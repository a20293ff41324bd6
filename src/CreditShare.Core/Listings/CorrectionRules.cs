using System.Collections.Immutable;
using CreditShare.Core.Numbers;

namespace CreditShare.Core.Listings;

/// <summary>The rules for corrections: Provisions Art. 9. Court, case and the subject's kind stay what they are.</summary>
internal static class CorrectionRules
{
    private const ContentParts SubjectParts = ContentParts.Name | ContentParts.Documents | ContentParts.Sex | ContentParts.BirthDate
        | ContentParts.RelatedPersons | ContentParts.SpecialStatuses;

    /// <summary>Decides a correction of a published listing of the expected version.</summary>
    public static Decision Decide(Listing state, ListingCommand.Correct correct, DateOnly today, Neighbours neighbours)
    {
        if (correct.Values.Subject is null && (correct.Parts & SubjectParts) != 0)
        {
            return Decision.Refuse([new Violation("subject", RefusalReason.FieldRequired)]);
        }

        var content = ListingRules.Complete(Merge(state.Content, correct));
        if (content == state.Content) return Decision.Refuse(RefusalReason.NothingChanged);

        var violations = ContentRules.CheckStanding(content, today);
        if (!violations.IsEmpty) return Decision.Refuse(violations);

        var after = state with { Version = state.Version + 1, Content = content };
        if (!IsSameIdentity(state, after)) return Decision.Refuse(RefusalReason.IdentityReplaced);

        return neighbours.Active && !ListingRules.ClaimedDocuments(state, correct).IsEmpty
            ? Decision.Refuse(RefusalReason.AlreadyListed)
            : Decision.Accept(ChangeKind.Corrected, after);
    }

    private static ListingContent Merge(ListingContent old, ListingCommand.Correct correct)
    {
        var (parts, values) = (correct.Parts, correct.Values);
        return old with
        {
            Subject = values.Subject is { } subject ? MergeSubject(old.Subject!, parts, subject) : old.Subject,
            FilingDate = parts.HasFlag(ContentParts.FilingDate) ? values.FilingDate : old.FilingDate,
            Grounds = parts.HasFlag(ContentParts.Grounds) ? values.Grounds : old.Grounds,
            Conduct = parts.HasFlag(ContentParts.Conduct) ? values.Conduct : old.Conduct,
            Basis = parts.HasFlag(ContentParts.Basis) ? values.Basis : old.Basis,
            Obligation = parts.HasFlag(ContentParts.Obligation) ? values.Obligation : old.Obligation,
            ObligationAmount = parts.HasFlag(ContentParts.ObligationAmount) ? values.ObligationAmount : old.ObligationAmount,
            Performance = parts.HasFlag(ContentParts.Performance) ? values.Performance : old.Performance,
            Decision = parts.HasFlag(ContentParts.Decision) ? values.Decision : old.Decision,
            Service = parts.HasFlag(ContentParts.Service) ? values.Service : old.Service,
            Article3Checked = parts.HasFlag(ContentParts.Article3) ? values.Article3Checked : old.Article3Checked,
            Term = parts.HasFlag(ContentParts.Term) ? values.Term : old.Term,
        };
    }

    private static Subject MergeSubject(Subject old, ContentParts parts, Subject values)
    {
        var merged = old with
        {
            Name = parts.HasFlag(ContentParts.Name) ? values.Name : old.Name,
            Documents = parts.HasFlag(ContentParts.Documents) ? values.Documents : old.Documents,
            RelatedPersons = parts.HasFlag(ContentParts.RelatedPersons) ? values.RelatedPersons : old.RelatedPersons,
            SpecialStatuses = parts.HasFlag(ContentParts.SpecialStatuses) ? values.SpecialStatuses : old.SpecialStatuses,
        };

        // What the old numbers said of the person goes when the new ones say otherwise; what the court stated itself stays and is
        // held against them.
        return merged with
        {
            BirthDate = parts.HasFlag(ContentParts.BirthDate)
                ? values.BirthDate
                : Carried(SubjectRules.CarriedBirthDate, old, merged) ?? old.BirthDate,
            Sex = parts.HasFlag(ContentParts.Sex)
                ? values.Sex
                : Carried(SubjectRules.CarriedSex, old, merged) ?? old.Sex,
        };
    }

    private static T? Carried<T>(Func<Subject, T?> carriedBy, Subject old, Subject merged)
        where T : struct => carriedBy(old) is null ? null : carriedBy(merged);

    // Somebody else's name and somebody else's documents are somebody else: that is a revocation and a new listing.
    private static bool IsSameIdentity(Listing before, Listing after)
    {
        ImmutableArray<DocumentNumber> documents = before.AllDocuments;
        return before.Content.Subject!.Name.Matches(after.Content.Subject!.Name) || after.AllDocuments.Any(documents.Contains);
    }
}
