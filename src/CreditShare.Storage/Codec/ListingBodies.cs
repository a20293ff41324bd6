using System.Collections.Immutable;
using CreditShare.Core.Courts;
using CreditShare.Core.Listings;
using CreditShare.Core.Numbers;

namespace CreditShare.Storage.Codec;

/// <summary>A listing to its stored form and back. What was accepted once is read back as it is; the rules are not asked again.</summary>
internal static class ListingBodies
{
    /// <summary>The stored form of an accepted listing.</summary>
    public static EntryBody ToBody(Listing listing, ImmutableArray<DocumentNumber> indexedBefore) => new()
    {
        State = (byte)listing.State,
        PublishedOn = listing.PublishedOn?.DayNumber,
        Ending = listing.Ending is { } ending ? ToBody(ending) : null,
        Content = ToBody(listing.Content),
        IndexedBefore = indexedBefore.IsDefaultOrEmpty ? null : [.. indexedBefore.Select(number => ToBody(number, submitted: null))],
    };

    /// <summary>The listing from its stored form.</summary>
    /// <exception cref="InvalidDataException">The form is damaged.</exception>
    public static Listing ToListing(EntryBody body, ListingId id, long version) => new()
    {
        Id = id,
        Version = version,
        State = (ListingState)body.State,
        PublishedOn = ToDay(body.PublishedOn),
        Ending = body.Ending is { } ending ? ToEnding(ending) : null,
        Content = ToContent(body.Content),
    };

    /// <summary>The documents under which the listing was found before.</summary>
    public static ImmutableArray<DocumentNumber> ToIndexedBefore(EntryBody body) =>
        body.IndexedBefore is { } documents ? [.. documents.Select(ToNumber)] : [];

    private static EndingBody ToBody(Ending ending) => new()
    {
        Reason = (byte)ending.Reason,
        SubReason = OrNull(ending.SubReason),
        EventDate = ending.EventDate.DayNumber,
        EndDate = ending.EndDate.DayNumber,
    };

    private static Ending ToEnding(EndingBody body) => new()
    {
        Reason = (EndReason)body.Reason,
        SubReason = body.SubReason ?? "",
        EventDate = DateOnly.FromDayNumber(body.EventDate),
        EndDate = DateOnly.FromDayNumber(body.EndDate),
    };

    private static DocumentBody ToBody(DocumentNumber number, string? submitted)
    {
        var canonical = number.Reveal();
        return new()
        {
            Type = (byte)number.Type,
            Country = OrNull(number.Country),
            Number = canonical,
            Submitted = submitted == canonical ? null : submitted,
        };
    }

    private static DocumentNumber ToNumber(DocumentBody body) =>
        DocumentNumber.Restore((DocumentType)body.Type, body.Country ?? "", body.Number);

    private static SubjectBody ToBody(Subject subject) => new()
    {
        Kind = (byte)subject.Kind,
        Name = subject.Name.Text,
        Documents = [.. subject.Documents.Select(document => ToBody(document.Number, document.Submitted))],
        Sex = (byte)subject.Sex,
        BirthDate = subject.BirthDate?.DayNumber,
        RelatedPersons = subject.RelatedPersons.IsDefaultOrEmpty
            ? null
            : [.. subject.RelatedPersons.Select(person => new RelatedBody { Name = person.Name.Text, Role = (byte)person.Role })],
        SpecialStatuses = subject.SpecialStatuses.IsDefaultOrEmpty ? null : [.. subject.SpecialStatuses.Select(status => (int)status)],
    };

    private static Subject ToSubject(SubjectBody body) => new()
    {
        Kind = (SubjectKind)body.Kind,
        Name = ToName(body.Name),
        Documents =
        [
            .. body.Documents.Select(document => new SubjectDocument
            {
                Number = ToNumber(document),
                Submitted = document.Submitted ?? document.Number,
            }),
        ],
        Sex = (Sex)body.Sex,
        BirthDate = ToDay(body.BirthDate),
        RelatedPersons = body.RelatedPersons is { } persons
            ? [.. persons.Select(person => new RelatedPerson(ToName(person.Name), (RelatedPersonRole)person.Role))]
            : [],
        SpecialStatuses = body.SpecialStatuses is { } statuses ? [.. statuses.Select(status => (SpecialStatus)status)] : [],
    };

    private static ContentBody ToBody(ListingContent content) => new()
    {
        Court = content.Court.Value,
        Case = content.Case!.ToString(),
        Subject = ToBody(content.Subject!),
        FilingDate = content.FilingDate?.DayNumber,
        Grounds = [.. content.Grounds.Select(ground => (int)ground)],
        Conduct = OrNull(content.Conduct),
        BasisType = (byte)(content.Basis?.Type ?? BasisType.None),
        BasisNumber = content.Basis?.Number,
        BasisMaker = content.Basis?.Maker,
        Obligation = OrNull(content.Obligation),
        AmountCurrency = content.ObligationAmount?.Currency,
        AmountUnits = content.ObligationAmount?.Units ?? 0,
        AmountNanos = content.ObligationAmount?.Nanos ?? 0,
        PerformanceState = (byte)(content.Performance?.State ?? PerformanceState.Unspecified),
        PerformedPart = OrNull(content.Performance?.PerformedPart),
        UnperformedPart = OrNull(content.Performance?.UnperformedPart),
        DecisionNumber = content.Decision?.Number,
        DecisionDate = content.Decision?.Date.DayNumber ?? 0,
        SignerRole = (byte)(content.Decision?.SignerRole ?? SignerRole.None),
        Signer = content.Decision?.Signer,
        ServiceDate = content.Service?.Date.DayNumber,
        ServiceMethod = (byte)(content.Service?.Method ?? ServiceMethod.None),
        Origin = (byte)content.Origin,
        Article3Checked = content.Article3Checked,
        TermStart = content.Term?.Start.DayNumber,
        TermEnd = content.Term?.End.DayNumber,
        ExtensionReason = (byte)(content.Term?.Extension?.Reason ?? ExtensionReason.None),
        ExtensionActs = content.Term?.Extension is { Acts.IsDefault: false } extension ? [.. extension.Acts] : null,
        GraceUntil = content.GraceUntil?.DayNumber,
    };

    private static ListingContent ToContent(ContentBody body) => new()
    {
        Court = CourtRows.ToCode(body.Court),
        Case = ToCase(body.Case),
        Subject = ToSubject(body.Subject),
        FilingDate = ToDay(body.FilingDate),
        Grounds = [.. body.Grounds.Select(ground => (Ground)ground)],
        Conduct = body.Conduct ?? "",
        Basis = body.BasisMaker is { } maker
            ? new EnforcementBasis { Type = (BasisType)body.BasisType, Number = body.BasisNumber ?? "", Maker = maker }
            : null,
        Obligation = body.Obligation ?? "",
        ObligationAmount = body.AmountCurrency is { } currency ? new Amount(currency, body.AmountUnits, body.AmountNanos) : null,
        Performance = body.PerformanceState == (byte)PerformanceState.Unspecified
            ? null
            : new Performance
            {
                State = (PerformanceState)body.PerformanceState,
                PerformedPart = body.PerformedPart ?? "",
                UnperformedPart = body.UnperformedPart ?? "",
            },
        Decision = body.DecisionNumber is { } number
            ? new CourtDecision
            {
                Number = number,
                Date = DateOnly.FromDayNumber(body.DecisionDate),
                SignerRole = (SignerRole)body.SignerRole,
                Signer = body.Signer ?? "",
            }
            : null,
        Service = ToDay(body.ServiceDate) is { } served ? new DecisionService(served, (ServiceMethod)body.ServiceMethod) : null,
        Origin = (Origin)body.Origin,
        Article3Checked = body.Article3Checked,
        Term = ToTerm(body),
        GraceUntil = ToDay(body.GraceUntil),
    };

    private static Term? ToTerm(ContentBody body)
    {
        if (ToDay(body.TermStart) is not { } start || ToDay(body.TermEnd) is not { } end) return null;

        var reason = (ExtensionReason)body.ExtensionReason;
        return new Term
        {
            Start = start,
            End = end,
            Extension = reason == ExtensionReason.None ? null : new TermExtension(reason, [.. body.ExtensionActs ?? []]),
        };
    }

    private static string? OrNull(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static DateOnly? ToDay(int? number) => number is { } day ? DateOnly.FromDayNumber(day) : null;

    private static CaseNumber ToCase(string text) =>
        CaseNumber.TryParse(text, out var number, out _) ? number : throw new InvalidDataException("A stored case number does not parse.");

    private static SubjectName ToName(string text) =>
        SubjectName.TryParse(text, out var name, out _) ? name : throw new InvalidDataException("A stored name does not parse.");
}
