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
    private const int MaxName = ContentRules.MaxNameLength;
    private const int MaxText = ContentRules.MaxTextLength;

    /// <summary>Reads and checks the whole content of a publication.</summary>
    /// <param name="listing">What the court states.</param>
    /// <param name="court">The court in the parent; null if a problem with it was found already.</param>
    /// <param name="path">Where the listing stands in the request.</param>
    /// <param name="today">The day in UTC+8.</param>
    /// <param name="problems">Receives everything that is wrong, each only once.</param>
    /// <returns>The content; usable only if <paramref name="problems"/> is empty.</returns>
    public static ListingContent ReadContent(V1.Listing? listing, CourtCode? court, string path, DateOnly today, Problems problems)
    {
        if (listing is null)
        {
            // What is not there has no parts that could be wrong: those are not told.
            problems.Add(path, ErrorReason.FieldRequired, null);
            return new PartReader(new V1.Listing(), path + ".", today, new Problems()).ReadAll(court ?? default);
        }

        var prefix = path + ".";
        var reader = new PartReader(listing, prefix, today, problems);
        if (court is { } parent && listing.CourtCode.Length > 0 && !(CourtCode.TryParse(listing.CourtCode, out var stated) && stated == parent))
        {
            problems.Add(path + ".court_code", ErrorReason.FieldInvalid, "It differs from the court in the parent.");
        }

        var content = ListingRules.Complete(reader.ReadAll(court ?? default));
        foreach (var violation in ContentRules.Check(content, today, KnownPaths(prefix, court is null, problems)))
        {
            var (field, reason) = ($"{path}.{violation.Field}", RefusalMapping.ToReason(violation.Reason));
            if (!problems.Found.Any(known => known.Field == field && known.Reason == reason)) problems.Add(field, reason, null);
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

    /// <summary>Reads what has come about during a period of grace; null where nothing was sent.</summary>
    public static (DecisionService? Service, Law.Performance? Performance) ReadSinceGrace(
        V1.Service? service, V1.Performance? performance, DateOnly today, Problems problems)
    {
        var reader = new PartReader(new V1.Listing { Service = service, Performance = performance }, prefix: "", today, problems);
        return (reader.ReadService(), reader.ReadPerformance());
    }

    /// <summary>Reads an extension's reason and acts.</summary>
    public static TermExtension ReadExtension(Extension? extension, string path, Problems problems)
    {
        if (extension is null)
        {
            problems.Add(path, ErrorReason.FieldRequired, null);
            return new TermExtension(Law.ExtensionReason.None, []);
        }

        if (extension.Acts.Count > ContentRules.MaxActs)
        {
            problems.Add(path + ".acts", ErrorReason.FieldTooLong, $"At most {ContentRules.MaxActs} acts.");
        }

        if (extension.Reason == V1.ExtensionReason.Unspecified) problems.Add(path + ".reason", ErrorReason.FieldRequired, null);
        return new TermExtension(
            (Law.ExtensionReason)ValueMapping.NumberOf(extension.Reason),
            [.. extension.Acts.Take(ContentRules.MaxActs).Select((act, i) => ValueMapping.ReadRequiredText(act, new(path, ".acts", i), MaxText, problems))]);
    }

    /// <summary>Where something was found wrong already, below the listing: the rules then do not call the part missing.</summary>
    private static HashSet<string>? KnownPaths(string prefix, bool courtIsWrong, Problems problems)
    {
        if (problems.IsEmpty && !courtIsWrong) return null;

        const string documents = "subject.documents[";
        var known = new HashSet<string>(StringComparer.Ordinal);
        if (courtIsWrong) known.Add("court_code");
        foreach (var (field, _, _) in problems.Found.Where(problem => problem.Field.StartsWith(prefix, StringComparison.Ordinal)))
        {
            var path = field[prefix.Length..];
            known.Add(path);

            // A document without a usable type or country has no usable number either.
            if (path.StartsWith(documents, StringComparison.Ordinal)) known.Add(path[..(path.IndexOf(']', StringComparison.Ordinal) + 1)]);
        }

        return known;
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
            Origin = (Law.Origin)ValueMapping.NumberOf(listing.Origin),
            Article3Checked = listing.Article3Checked,
            Term = ReadTerm(),
            GraceUntil = ValueMapping.ReadDate(listing.GraceUntil, new(prefix, "grace_until"), problems),
        };

        public CaseNumber? ReadCase()
        {
            if (CaseNumber.TryParse(listing.CaseNumber, out var number, out var fault)) return number;

            problems.Add(prefix + "case_number", FaultMapping.ReasonOf(fault), null);
            return null;
        }

        public Law.Subject? ReadSubject(ContentParts parts)
        {
            if (listing.Subject is not { } subject)
            {
                problems.Add(prefix + "subject", ErrorReason.FieldRequired, null);
                return null;
            }

            return new Law.Subject
            {
                Kind = (Law.SubjectKind)ValueMapping.NumberOf(subject.Kind),
                Name = parts.HasFlag(ContentParts.Name) ? ReadName(subject.Name, new(prefix, "subject.name")) : default,
                Documents = parts.HasFlag(ContentParts.Documents) ? ReadDocuments(subject) : [],
                Sex = (CreditShare.Core.Numbers.Sex)ValueMapping.NumberOf(subject.Sex),
                BirthDate = parts.HasFlag(ContentParts.BirthDate)
                    ? ValueMapping.ReadDate(subject.BirthDate, new(prefix, "subject.birth_date"), problems) : null,
                RelatedPersons = parts.HasFlag(ContentParts.RelatedPersons) ? ReadRelatedPersons(subject) : [],
                SpecialStatuses = parts.HasFlag(ContentParts.SpecialStatuses) ? ReadStatuses(subject) : [],
            };
        }

        public DateOnly? ReadFilingDate() => ValueMapping.ReadDate(listing.FilingDate, new(prefix, "filing_date"), problems);

        public ImmutableArray<Law.Ground> ReadGrounds()
        {
            const int most = 6;
            if (listing.Grounds.Count > most) problems.Add(prefix + "grounds", ErrorReason.FieldTooLong, "At most six grounds.");

            var grounds = ImmutableArray.CreateBuilder<Law.Ground>(Math.Min(listing.Grounds.Count, most));
            var allKnown = true;
            for (var i = 0; i < listing.Grounds.Count && i < most; i++)
            {
                var ground = (Law.Ground)listing.Grounds[i];
                var known = ground != Law.Ground.None && Enum.IsDefined(listing.Grounds[i]);
                if (!known || grounds.Contains(ground)) problems.Add($"{prefix}grounds[{i}]", ErrorReason.FieldInvalid, null);
                else grounds.Add(ground);
                allKnown &= known;
            }

            // What follows from the grounds is not checked against half of them.
            grounds.Sort();
            return allKnown ? grounds.DrainToImmutable() : [];
        }

        public string ReadConduct() => ValueMapping.ReadText(listing.Conduct, new(prefix, "conduct"), MaxText, problems);

        public string ReadObligation() => ValueMapping.ReadText(listing.Obligation, new(prefix, "obligation"), MaxText, problems);

        public Law.EnforcementBasis? ReadBasis() => listing.Basis is not { } basis ? null : new Law.EnforcementBasis
        {
            Type = (Law.BasisType)ValueMapping.NumberOf(basis.Type),
            Number = ValueMapping.ReadText(basis.Number, new(prefix, "basis.number"), MaxName, problems),
            Maker = ValueMapping.ReadText(basis.Maker, new(prefix, "basis.maker"), MaxName, problems),
        };

        public Amount? ReadAmount() => listing.ObligationAmount is { } money
            ? new Amount(money.CurrencyCode, money.Units, money.Nanos)
            : null;

        public Law.Performance? ReadPerformance() => listing.Performance is not { } performance ? null : new Law.Performance
        {
            State = (Law.PerformanceState)ValueMapping.NumberOf(performance.State),
            PerformedPart = ValueMapping.ReadText(performance.PerformedPart, new(prefix, "performance.performed_part"), MaxText, problems),
            UnperformedPart = ValueMapping.ReadText(performance.UnperformedPart, new(prefix, "performance.unperformed_part"), MaxText, problems),
        };

        public CourtDecision? ReadDecision()
        {
            if (listing.Decision is not { } decision) return null;

            var date = ValueMapping.ReadDate(decision.Date, new(prefix, "decision.date"), problems);
            if (decision.Date is null) problems.Add(prefix + "decision.date", ErrorReason.FieldRequired, null);
            var number = ValueMapping.ReadRequiredText(decision.Number, new(prefix, "decision.number"), MaxName, problems);
            var signer = ValueMapping.ReadRequiredText(decision.Signer, new(prefix, "decision.signer"), MaxName, problems);
            if (decision.SignerRole == V1.SignerRole.Unspecified)
            {
                problems.Add(prefix + "decision.signer_role", ErrorReason.FieldRequired, null);
            }

            return date is not { } day ? null : new CourtDecision
            {
                Number = number,
                Date = day,
                SignerRole = (Law.SignerRole)ValueMapping.NumberOf(decision.SignerRole),
                Signer = signer,
            };
        }

        public DecisionService? ReadService()
        {
            if (listing.Service is not { } service) return null;

            var date = ValueMapping.ReadDate(service.Date, new(prefix, "service.date"), problems);
            if (service.Date is null) problems.Add(prefix + "service.date", ErrorReason.FieldRequired, null);
            if (service.Method == V1.ServiceMethod.Unspecified) problems.Add(prefix + "service.method", ErrorReason.FieldRequired, null);
            return date is { } day ? new DecisionService(day, (Law.ServiceMethod)ValueMapping.NumberOf(service.Method)) : null;
        }

        public Law.Term? ReadTerm()
        {
            if (listing.Term is not { } term) return null;

            var start = ValueMapping.ReadDate(term.Start, new(prefix, "term.start"), problems);
            var end = ValueMapping.ReadDate(term.End, new(prefix, "term.end"), problems);
            var extension = term.Extension is null ? null : ReadExtension(term.Extension, prefix + "term.extension", problems);
            if ((term.Start is not null && start is null) || (term.End is not null && end is null)) return null;

            // What was left out follows from the decision, which a correction need not repeat: the rules fill it in.
            return new Law.Term { Start = start.GetValueOrDefault(), End = end.GetValueOrDefault(), Extension = extension };
        }

        private SubjectName ReadName(string text, FieldPath path)
        {
            if (SubjectName.TryParse(text, out var name, out var fault)) return name;

            problems.Add(path.ToString(), FaultMapping.ReasonOf(fault), null);
            return default;
        }

        private ImmutableArray<SubjectDocument> ReadDocuments(V1.Subject subject)
        {
            const int most = ContentRules.MaxDocuments;
            if (subject.Documents.Count > most) problems.Add(prefix + "subject.documents", ErrorReason.FieldTooLong, $"At most {most} documents.");

            // One that cannot be read keeps its place, so that the rules name the others by the index at which they were sent.
            var documents = ImmutableArray.CreateBuilder<SubjectDocument>(subject.Documents.Count);
            for (var i = 0; i < subject.Documents.Count && i < most; i++)
            {
                var document = subject.Documents[i];
                DocumentMapping.TryRead(document, new(prefix, "subject.documents", i), today, problems, out var number, out _);
                documents.Add(new SubjectDocument { Number = number, Submitted = document.Number.Trim() });
            }

            return documents.DrainToImmutable();
        }

        private ImmutableArray<Law.SpecialStatus> ReadStatuses(V1.Subject subject)
        {
            const int most = 6;
            if (subject.SpecialStatuses.Count > most) problems.Add(prefix + "subject.special_statuses", ErrorReason.FieldTooLong, $"At most {most} statuses.");
            return [.. subject.SpecialStatuses.Take(most).Select(status => (Law.SpecialStatus)ValueMapping.NumberOf(status))];
        }

        private ImmutableArray<Law.RelatedPerson> ReadRelatedPersons(V1.Subject subject)
        {
            const int most = ContentRules.MaxRelatedPersons;
            if (subject.RelatedPersons.Count > most) problems.Add(prefix + "subject.related_persons", ErrorReason.FieldTooLong, $"At most {most} people.");
            return [.. subject.RelatedPersons.Take(most).Select((person, i) => new Law.RelatedPerson(
                ReadName(person.Name, new(prefix, "subject.related_persons", i, ".name")), (Law.RelatedPersonRole)ValueMapping.NumberOf(person.Role)))];
        }
    }
}
