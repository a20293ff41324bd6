using System.Collections.Immutable;
using CreditShare.Core.Courts;
using CreditShare.Core.Listings;
using CreditShare.Core.Numbers;
using CreditShare.Server.Transport;
using CreditShare.V1;
using Law = CreditShare.Core.Listings;

namespace CreditShare.Server.Mapping;

/// <summary>Reads what a court states about a listing from the contract into Core, and says everything that is wrong at once.</summary>
internal static class ListingReading
{
    private const int MaxName = 200;
    private const int MaxText = 4_000;

    /// <summary>Reads and checks the whole content of a publication.</summary>
    /// <returns>The content; usable only if <paramref name="problems"/> is empty.</returns>
    public static ListingContent ReadContent(V1.Listing? listing, CourtCode court, string path, DateOnly today, Problems problems)
    {
        if (listing is null)
        {
            // What is not there has no parts that could be wrong: those are not told.
            problems.Add(path, ErrorReason.FieldRequired, null);
            problems = new Problems();
            listing = new V1.Listing();
        }

        var reader = new PartReader(listing, path + ".", today, problems);
        if (listing.CourtCode.Length > 0 && listing.CourtCode != court.Value)
        {
            problems.Add(path + ".court_code", ErrorReason.FieldInvalid, "It differs from the court in the parent.");
        }

        var content = ListingRules.Complete(reader.ReadAll(court));
        var known = problems.Found.Select(problem => problem.Field).Where(field => field.StartsWith(path + ".", StringComparison.Ordinal))
            .Select(field => field[(path.Length + 1)..]).ToHashSet(StringComparer.Ordinal);
        foreach (var violation in ContentRules.Check(content, today, known))
        {
            problems.Add($"{path}.{violation.Field}", RefusalMapping.ToReason(violation.Reason), null);
        }

        return content;
    }

    /// <summary>Reads the parts of a correction. The rules for the whole are checked with the decision.</summary>
    public static ListingContent ReadParts(V1.Listing listing, ContentParts parts, CourtCode court, string path, DateOnly today, Problems problems)
    {
        var reader = new PartReader(listing, path + ".", today, problems);
        var subjectParts = ContentParts.Name | ContentParts.Documents | ContentParts.Sex | ContentParts.BirthDate
            | ContentParts.RelatedPersons | ContentParts.SpecialStatuses;
        return new ListingContent
        {
            Court = court,
            Case = null,
            Subject = (parts & subjectParts) != 0 ? reader.ReadSubject(parts) : null,
            FilingDate = parts.HasFlag(ContentParts.FilingDate) ? reader.ReadFilingDate() : null,
            Grounds = parts.HasFlag(ContentParts.Grounds) ? reader.ReadGrounds() : [],
            Conduct = parts.HasFlag(ContentParts.Conduct) ? reader.ReadConduct() : "",
            Basis = parts.HasFlag(ContentParts.Basis) ? reader.ReadBasis() : null,
            Obligation = parts.HasFlag(ContentParts.Obligation) ? reader.ReadObligation() : "",
            ObligationAmount = parts.HasFlag(ContentParts.ObligationAmount) ? reader.ReadAmount() : null,
            Performance = parts.HasFlag(ContentParts.Performance) ? reader.ReadPerformance() : null,
            Decision = parts.HasFlag(ContentParts.Decision) ? reader.ReadDecision() : null,
            Service = parts.HasFlag(ContentParts.Service) ? reader.ReadService() : null,
            Origin = Law.Origin.None,
            Article3Checked = parts.HasFlag(ContentParts.Article3) && listing.Article3Checked,
            Term = parts.HasFlag(ContentParts.Term) ? reader.ReadTerm() : null,
        };
    }

    /// <summary>Reads an extension's reason and acts.</summary>
    public static TermExtension ReadExtension(Extension? extension, string path, Problems problems)
    {
        if (extension is null)
        {
            problems.Add(path, ErrorReason.FieldRequired, null);
            return new TermExtension(Law.ExtensionReason.None, []);
        }

        if (extension.Acts.Count > 20) problems.Add(path + ".acts", ErrorReason.FieldTooLong, "At most 20 acts.");
        if (extension.Reason == V1.ExtensionReason.Unspecified) problems.Add(path + ".reason", ErrorReason.FieldRequired, null);
        return new TermExtension(
            (Law.ExtensionReason)extension.Reason,
            [.. extension.Acts.Select((act, i) => ValueMapping.ReadRequiredText(act, $"{path}.acts[{i}]", MaxText, problems))]);
    }

    /// <summary>Reads the parts of one listing; every path begins with the prefix.</summary>
    private sealed class PartReader(V1.Listing listing, string prefix, DateOnly today, Problems problems)
    {
        private const ContentParts WholeSubject = (ContentParts)~0;

        public ListingContent ReadAll(CourtCode court) => new()
        {
            Court = court,
            Case = ReadCase(),
            Subject = ReadSubject(WholeSubject),
            FilingDate = ReadFilingDate(),
            Grounds = ReadGrounds(),
            Conduct = ReadConduct(),
            Basis = ReadBasis(),
            Obligation = ReadObligation(),
            ObligationAmount = ReadAmount(),
            Performance = ReadPerformance(),
            Decision = ReadDecision(),
            Service = ReadService(),
            Origin = (Law.Origin)listing.Origin,
            Article3Checked = listing.Article3Checked,
            Term = ReadTerm(),
            GraceUntil = ValueMapping.ReadDate(listing.GraceUntil, prefix + "grace_until", problems),
        };

        public CaseNumber? ReadCase()
        {
            if (CaseNumber.TryParse(listing.CaseNumber, out var number, out var fault)) return number;

            problems.Add(prefix + "case_number", FaultMapping.ReasonOf(fault), null);
            return null;
        }

        public Law.Subject? ReadSubject(ContentParts parts)
        {
            var path = prefix + "subject";
            if (listing.Subject is not { } subject)
            {
                problems.Add(path, ErrorReason.FieldRequired, null);
                return null;
            }

            return new Law.Subject
            {
                Kind = (Law.SubjectKind)subject.Kind,
                Name = parts.HasFlag(ContentParts.Name) ? ReadName(subject.Name, path + ".name") : default,
                Documents = parts.HasFlag(ContentParts.Documents) ? ReadDocuments(subject, path) : [],
                Sex = (CreditShare.Core.Numbers.Sex)subject.Sex,
                BirthDate = parts.HasFlag(ContentParts.BirthDate)
                    ? ValueMapping.ReadDate(subject.BirthDate, path + ".birth_date", problems) : null,
                RelatedPersons = parts.HasFlag(ContentParts.RelatedPersons) ? ReadRelatedPersons(subject, path) : [],
                SpecialStatuses = [.. subject.SpecialStatuses.Select(status => (Law.SpecialStatus)status).Distinct().Order()],
            };
        }

        public DateOnly? ReadFilingDate() => ValueMapping.ReadDate(listing.FilingDate, prefix + "filing_date", problems);

        public ImmutableArray<Law.Ground> ReadGrounds()
        {
            if (listing.Grounds.Count > 6) problems.Add(prefix + "grounds", ErrorReason.FieldTooLong, "At most six grounds.");

            // What is wrong with them is told here: the rules see them in order, not in the places in which they were sent.
            var grounds = new SortedSet<Law.Ground>();
            foreach (var (i, ground) in listing.Grounds.Take(6).Index())
            {
                var known = ground != V1.Ground.Unspecified && Enum.IsDefined(ground);
                if (!known || !grounds.Add((Law.Ground)ground)) problems.Add($"{prefix}grounds[{i}]", ErrorReason.FieldInvalid, null);
            }

            return [.. grounds];
        }

        public string ReadConduct() => ValueMapping.ReadText(listing.Conduct, prefix + "conduct", MaxText, problems);

        public string ReadObligation() => ValueMapping.ReadText(listing.Obligation, prefix + "obligation", MaxText, problems);

        public Law.EnforcementBasis? ReadBasis() => listing.Basis is not { } basis ? null : new Law.EnforcementBasis
        {
            Type = (Law.BasisType)basis.Type,
            Number = ValueMapping.ReadText(basis.Number, prefix + "basis.number", MaxName, problems),
            Maker = ValueMapping.ReadText(basis.Maker, prefix + "basis.maker", MaxName, problems),
        };

        public Amount? ReadAmount() => listing.ObligationAmount is { } money
            ? new Amount(money.CurrencyCode, money.Units, money.Nanos)
            : null;

        public Law.Performance? ReadPerformance() => listing.Performance is not { } performance ? null : new Law.Performance
        {
            State = (Law.PerformanceState)performance.State,
            PerformedPart = ValueMapping.ReadText(performance.PerformedPart, prefix + "performance.performed_part", MaxText, problems),
            UnperformedPart = ValueMapping.ReadText(performance.UnperformedPart, prefix + "performance.unperformed_part", MaxText, problems),
        };

        public CourtDecision? ReadDecision()
        {
            if (listing.Decision is not { } decision) return null;

            var date = ValueMapping.ReadDate(decision.Date, prefix + "decision.date", problems);
            if (decision.Date is null) problems.Add(prefix + "decision.date", ErrorReason.FieldRequired, null);
            var number = ValueMapping.ReadRequiredText(decision.Number, prefix + "decision.number", MaxName, problems);
            var signer = ValueMapping.ReadRequiredText(decision.Signer, prefix + "decision.signer", MaxName, problems);
            if (decision.SignerRole == V1.SignerRole.Unspecified)
            {
                problems.Add(prefix + "decision.signer_role", ErrorReason.FieldRequired, null);
            }

            return date is not { } day ? null : new CourtDecision
            {
                Number = number,
                Date = day,
                SignerRole = (Law.SignerRole)decision.SignerRole,
                Signer = signer,
            };
        }

        public DecisionService? ReadService()
        {
            if (listing.Service is not { } service) return null;

            var date = ValueMapping.ReadDate(service.Date, prefix + "service.date", problems);
            if (service.Date is null) problems.Add(prefix + "service.date", ErrorReason.FieldRequired, null);
            if (service.Method == V1.ServiceMethod.Unspecified) problems.Add(prefix + "service.method", ErrorReason.FieldRequired, null);
            return date is { } day ? new DecisionService(day, (Law.ServiceMethod)service.Method) : null;
        }

        public Law.Term? ReadTerm()
        {
            if (listing.Term is not { } term) return null;

            var start = ValueMapping.ReadDate(term.Start, prefix + "term.start", problems);
            var end = ValueMapping.ReadDate(term.End, prefix + "term.end", problems);
            if ((term.Start is not null && start is null) || (term.End is not null && end is null)) return null;

            // What was left out is completed by the rules: Art. 2 names no first day and two years.
            return new Law.Term
            {
                Start = start ?? default,
                End = end ?? default,
                Extension = term.Extension is null ? null : ReadExtension(term.Extension, prefix + "term.extension", problems),
            };
        }

        private SubjectName ReadName(string text, string path)
        {
            if (SubjectName.TryParse(text, out var name, out var fault)) return name;

            problems.Add(path, FaultMapping.ReasonOf(fault), null);
            return default;
        }

        private ImmutableArray<SubjectDocument> ReadDocuments(V1.Subject subject, string path)
        {
            if (subject.Documents.Count > 20) problems.Add(path + ".documents", ErrorReason.FieldTooLong, "At most 20 documents.");
            var documents = ImmutableArray.CreateBuilder<SubjectDocument>(subject.Documents.Count);
            foreach (var (i, document) in subject.Documents.Take(20).Index())
            {
                // One that cannot be read keeps its place, so that the rules name the others by their own index.
                DocumentMapping.TryRead(document, $"{path}.documents[{i}]", today, problems, out var number, out _);
                documents.Add(new SubjectDocument { Number = number, Submitted = document.Number.Trim() });
            }

            return documents.DrainToImmutable();
        }

        private ImmutableArray<Law.RelatedPerson> ReadRelatedPersons(V1.Subject subject, string path)
        {
            if (subject.RelatedPersons.Count > 50) problems.Add(path + ".related_persons", ErrorReason.FieldTooLong, "At most 50 people.");
            return [.. subject.RelatedPersons.Take(50).Select((person, i) => new Law.RelatedPerson(
                ReadName(person.Name, $"{path}.related_persons[{i}].name"), (Law.RelatedPersonRole)person.Role))];
        }
    }
}
