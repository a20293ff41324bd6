using System.Collections.Immutable;
using CreditShare.Core.Calendar;
using CreditShare.Core.Numbers;

namespace CreditShare.Core.Listings;

/// <summary>The rules for who is listed: Provisions Art. 4, Art. 6(1) and (2), Art. 8(3) and (4).</summary>
internal static class SubjectRules
{
    private const int AgeOfMajority = 18;

    private const string BirthDateField = "subject.birth_date";
    private const string SexField = "subject.sex";
    private const string RelatedField = "subject.related_persons";

    /// <summary>The birth date that the first number with one carries; null if none does.</summary>
    public static DateOnly? CarriedBirthDate(Subject subject) =>
        Usable(subject).Select(document => document.Number.BirthDate).FirstOrDefault(birth => birth is not null);

    /// <summary>The sex that the first number with one implies; null if none does.</summary>
    public static Sex? CarriedSex(Subject subject) =>
        Usable(subject).Select(document => document.Number.ImpliedSex).FirstOrDefault(sex => sex is not null);

    /// <summary>The documents with a number; one without stands for a document that could not be read.</summary>
    public static IEnumerable<SubjectDocument> Usable(Subject subject) =>
        subject.Documents.OrEmpty.Where(document => document.Number != default);

    /// <summary>Checks a subject that was completed from its numbers.</summary>
    /// <param name="subject">The subject.</param>
    /// <param name="decided">The day of the decision; null if it is not known.</param>
    /// <param name="today">The day in UTC+8.</param>
    /// <param name="findings">Receives what is wrong.</param>
    public static void Check(Subject subject, DateOnly? decided, DateOnly today, ContentFindings findings)
    {
        var kindKnown = findings.RequireEnum(subject.Kind, "subject.kind");
        if (subject.Name == default) findings.AddMissing("subject.name");

        CheckDocuments(subject, kindKnown, findings);
        CheckStatuses(subject, kindKnown, findings);
        CheckRelatedPersons(subject.RelatedPersons.OrEmpty, findings);
        if (!kindKnown) return;

        if (subject.Kind == SubjectKind.Person)
        {
            CheckPerson(subject, decided, today, findings);
        }
        else
        {
            CheckOrganisation(subject, findings);
        }
    }

    private static void CheckDocuments(Subject subject, bool kindKnown, ContentFindings findings)
    {
        var documents = subject.Documents.OrEmpty;
        if (documents.IsEmpty) findings.AddMissing("subject.documents");
        if (documents.Length > ContentRules.MaxDocuments) findings.Add("subject.documents", RefusalReason.FieldTooLong);

        var isOnlyABusiness = subject.Kind == SubjectKind.Person && !documents.IsEmpty
            && documents.All(document => document.Number != default && document.Number.IsIndividualBusiness);
        if (isOnlyABusiness) findings.Add("subject.documents", RefusalReason.DocumentKind);

        var seen = new HashSet<DocumentNumber>();
        foreach (var (i, document) in documents.Index())
        {
            if (document.Number == default)
            {
                // Where its type or its country is wrong, nobody can say of the number.
                if (!findings.Knows($"subject.documents[{i}]")) findings.AddMissing($"subject.documents[{i}].number");
                continue;
            }

            // A social credit code and its own organisation code are two numbers of one organisation, and old records carry both.
            if (!seen.Add(document.Number)) findings.Add($"subject.documents[{i}].number", RefusalReason.DocumentTwice);

            if (kindKnown && !IsOfKind(document.Number, subject.Kind)) findings.Add($"subject.documents[{i}].type", RefusalReason.DocumentKind);
        }
    }

    // The debts of an individual business are its owner's: its code may stand beside the owner's own number, and alone names nobody.
    private static bool IsOfKind(DocumentNumber number, SubjectKind kind) => kind == SubjectKind.Person
        ? number.Type.IsForPersons || number.IsIndividualBusiness
        : number.Type.IsForOrganisations;

    private static void CheckStatuses(Subject subject, bool kindKnown, ContentFindings findings)
    {
        var seen = new HashSet<SpecialStatus>();
        foreach (var (i, status) in subject.SpecialStatuses.OrEmpty.Index())
        {
            var holder = status switch
            {
                SpecialStatus.StateFunctionary or SpecialStatus.CongressDeputy or SpecialStatus.CppccMember => SubjectKind.Person,
                SpecialStatus.StateOrgan or SpecialStatus.PublicInstitution or SpecialStatus.StateOwnedEnterprise => SubjectKind.Organisation,
                _ => SubjectKind.None,
            };
            if (holder == SubjectKind.None || (kindKnown && holder != subject.Kind) || !seen.Add(status))
            {
                findings.Add($"subject.special_statuses[{i}]", RefusalReason.FieldInvalid);
            }
        }
    }

    private static void CheckRelatedPersons(ImmutableArray<RelatedPerson> people, ContentFindings findings)
    {
        if (people.Length > ContentRules.MaxRelatedPersons) findings.Add(RelatedField, RefusalReason.FieldTooLong);

        foreach (var (i, person) in people.Index())
        {
            if (person.Name == default) findings.AddMissing($"{RelatedField}[{i}].name");
            findings.RequireEnum(person.Role, $"{RelatedField}[{i}].role");
        }
    }

    private static void CheckPerson(Subject person, DateOnly? decided, DateOnly today, ContentFindings findings)
    {
        if (!person.RelatedPersons.OrEmpty.IsEmpty) findings.Add(RelatedField, RefusalReason.FieldInvalid);

        // Art. 6(2) has sex and age published; where no number carries them, the court must state them.
        if (person.Sex == Sex.Unspecified || findings.RequireEnum(person.Sex, SexField))
        {
            var stated = person.Sex == Sex.Unspecified ? (Sex?)null : person.Sex;
            CheckAgainstNumbers(person, stated, number => number.ImpliedSex, SexField, findings);
        }

        var birth = CheckAgainstNumbers(person, person.BirthDate, number => number.BirthDate, BirthDateField, findings);
        if (person.BirthDate > today)
        {
            findings.Add(BirthDateField, RefusalReason.DateInFuture);
        }
        else if (birth is { } born && decided is { } day && LegalPeriod.AgeOn(born, day) < AgeOfMajority)
        {
            findings.Add(BirthDateField, RefusalReason.SubjectIsMinor);
        }
    }

    private static void CheckOrganisation(Subject organisation, ContentFindings findings)
    {
        if (organisation.Sex != Sex.Unspecified) findings.Add(SexField, RefusalReason.FieldInvalid);
        if (organisation.BirthDate is not null) findings.Add(BirthDateField, RefusalReason.FieldInvalid);

        if (!organisation.RelatedPersons.OrEmpty.Any(person => person.Role == RelatedPersonRole.LegalRepresentative))
        {
            findings.AddMissing(RelatedField);
        }
    }

    /// <summary>Holds what was stated against every number that carries it, and the numbers against each other.</summary>
    /// <returns>What counts; null if it is known from nowhere.</returns>
    private static T? CheckAgainstNumbers<T>(
        Subject person, T? stated, Func<DocumentNumber, T?> carriedBy, string field, ContentFindings findings)
        where T : struct
    {
        var carried = person.Documents.OrEmpty.Index()
            .Where(document => document.Item.Number != default)
            .Select(document => (document.Index, Value: carriedBy(document.Item.Number)))
            .Where(document => document.Value is not null)
            .ToList();

        if (carried.Count == 0)
        {
            // A number that could not be read may well carry it.
            var allRead = person.Documents.OrEmpty.All(document => document.Number != default);
            if (stated is null && allRead) findings.AddMissing(field);
            return stated;
        }

        // What no number confirms is itself wrong; otherwise the number that differs is. Completion has stated what was not.
        var comparer = EqualityComparer<T?>.Default;
        var confirmed = carried.Any(document => comparer.Equals(document.Value, stated));
        if (!confirmed) findings.Add(field, RefusalReason.SubjectContradictsNumber);

        var value = confirmed ? stated : carried[0].Value;
        foreach (var (index, other) in carried)
        {
            if (!comparer.Equals(other, value)) findings.Add($"subject.documents[{index}].number", RefusalReason.SubjectContradictsNumber);
        }

        return value;
    }
}
