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
    public static DateOnly? CarriedBirthDate(Subject subject)
    {
        foreach (var document in subject.Documents.OrEmpty)
        {
            if (BirthDateOf(document) is { } birth) return birth;
        }

        return null;
    }

    /// <summary>The sex that the first number with one implies; null if none does.</summary>
    public static Sex? CarriedSex(Subject subject)
    {
        foreach (var document in subject.Documents.OrEmpty)
        {
            if (SexOf(document) is { } sex) return sex;
        }

        return null;
    }

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

        for (var i = 0; i < documents.Length; i++)
        {
            var document = documents[i];
            if (document.Number == default)
            {
                // Where its type or its country is wrong, nobody can say of the number.
                if (!findings.Knows($"subject.documents[{i}]")) findings.AddMissing($"subject.documents[{i}].number");
                continue;
            }

            // A social credit code and its own organisation code are two numbers of one organisation, and old records carry both.
            if (StandsBefore(documents, i)) findings.Add($"subject.documents[{i}].number", RefusalReason.DocumentTwice);

            if (kindKnown && !IsOfKind(document.Number, subject.Kind)) findings.Add($"subject.documents[{i}].type", RefusalReason.DocumentKind);
        }
    }

    private static bool StandsBefore(ImmutableArray<SubjectDocument> documents, int place)
    {
        for (var i = 0; i < place; i++)
        {
            if (documents[i].Number == documents[place].Number) return true;
        }

        return false;
    }

    // The debts of an individual business are its owner's: its code may stand beside the owner's own number, and alone names nobody.
    private static bool IsOfKind(DocumentNumber number, SubjectKind kind) => kind == SubjectKind.Person
        ? number.Type.IsForPersons || number.IsIndividualBusiness
        : number.Type.IsForOrganisations;

    private static void CheckStatuses(Subject subject, bool kindKnown, ContentFindings findings)
    {
        var statuses = subject.SpecialStatuses.OrEmpty;
        for (var i = 0; i < statuses.Length; i++)
        {
            var status = statuses[i];
            var holder = status switch
            {
                SpecialStatus.StateFunctionary or SpecialStatus.CongressDeputy or SpecialStatus.CppccMember => SubjectKind.Person,
                SpecialStatus.StateOrgan or SpecialStatus.PublicInstitution or SpecialStatus.StateOwnedEnterprise => SubjectKind.Organisation,
                _ => SubjectKind.None,
            };
            if (holder == SubjectKind.None || (kindKnown && holder != subject.Kind) || statuses.AsSpan(0, i).Contains(status))
            {
                findings.Add($"subject.special_statuses[{i}]", RefusalReason.FieldInvalid);
            }
        }
    }

    private static void CheckRelatedPersons(ImmutableArray<RelatedPerson> people, ContentFindings findings)
    {
        if (people.Length > ContentRules.MaxRelatedPersons) findings.Add(RelatedField, RefusalReason.FieldTooLong);

        for (var i = 0; i < people.Length; i++)
        {
            var person = people[i];
            if (person.Name == default) findings.AddMissing($"{RelatedField}[{i}].name");
            if (person.Role == default || !Enum.IsDefined(person.Role)) findings.RequireEnum(person.Role, $"{RelatedField}[{i}].role");
        }
    }

    private static void CheckPerson(Subject person, DateOnly? decided, DateOnly today, ContentFindings findings)
    {
        if (!person.RelatedPersons.OrEmpty.IsEmpty) findings.Add(RelatedField, RefusalReason.FieldInvalid);

        // Art. 6(2) has sex and age published; where no number carries them, the court must state them.
        if (person.Sex == Sex.Unspecified || findings.RequireEnum(person.Sex, SexField))
        {
            var stated = person.Sex == Sex.Unspecified ? (Sex?)null : person.Sex;
            CheckAgainstNumbers(person, stated, SexOf, SexField, findings);
        }

        var birth = CheckAgainstNumbers(person, person.BirthDate, BirthDateOf, BirthDateField, findings);
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
        Subject person, T? stated, Func<SubjectDocument, T?> carriedBy, string field, ContentFindings findings)
        where T : struct
    {
        var comparer = EqualityComparer<T?>.Default;
        var documents = person.Documents.OrEmpty;
        T? first = null;
        var (confirmed, allRead) = (false, true);
        foreach (var document in documents)
        {
            var carried = carriedBy(document);
            first ??= carried;
            confirmed |= carried is not null && comparer.Equals(carried, stated);
            allRead &= document.Number != default;
        }

        if (first is null)
        {
            // A number that could not be read may well carry it.
            if (stated is null && allRead) findings.AddMissing(field);
            return stated;
        }

        // What no number confirms is itself wrong; otherwise the number that differs is. Completion has stated what was not.
        if (!confirmed) findings.Add(field, RefusalReason.SubjectContradictsNumber);

        var value = confirmed ? stated : first;
        for (var i = 0; i < documents.Length; i++)
        {
            if (carriedBy(documents[i]) is { } other && !comparer.Equals(other, value))
            {
                findings.Add($"subject.documents[{i}].number", RefusalReason.SubjectContradictsNumber);
            }
        }

        return value;
    }

    private static DateOnly? BirthDateOf(SubjectDocument document) => document.Number == default ? null : document.Number.BirthDate;

    private static Sex? SexOf(SubjectDocument document) => document.Number == default ? null : document.Number.ImpliedSex;
}
