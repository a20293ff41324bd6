namespace CreditShare.Cli.Listings;

/// <summary>The columns of an import: those of the public list (the whole number in <c>cardNum</c>), and what a publication needs besides.</summary>
internal static class ImportColumns
{
    internal const string Id = "id";
    internal const string Name = "iname";
    internal const string Kind = "partyTypeName";
    internal const string Number = "cardNum";
    internal const string NumberType = "card_type";
    internal const string NumberCountry = "card_country";
    internal const string Documents = "documents";
    internal const string Sex = "sexy";
    internal const string Age = "age";
    internal const string BirthDate = "birth_date";
    internal const string Representative = "businessEntity";
    internal const string Responsible = "qysler";
    internal const string SpecialStatuses = "special_statuses";
    internal const string CourtName = "courtName";
    internal const string AreaName = "areaName";
    internal const string CourtCode = "court_code";
    internal const string CaseNumber = "caseCode";
    internal const string FilingDate = "regDate";
    internal const string PublishDate = "publishDate";
    internal const string Grounds = "disruptTypeName";
    internal const string Conduct = "conduct";
    internal const string BasisNumber = "gistId";
    internal const string BasisMaker = "gistUnit";
    internal const string BasisKind = "basis_type";
    internal const string Duty = "duty";
    internal const string Amount = "obligation_amount";
    internal const string Performance = "performance";
    internal const string Performed = "performedPart";
    internal const string Unperformed = "unperformPart";
    internal const string DecisionNumber = "decision_number";
    internal const string DecisionDate = "decision_date";
    internal const string Signer = "signer";
    internal const string ServiceDate = "service_date";
    internal const string ServiceMethod = "service_method";
    internal const string Origin = "origin";
    internal const string Article3 = "article3_checked";
    internal const string TermStart = "term_start";
    internal const string TermEnd = "term_end";
    internal const string ExtensionReason = "extension_reason";
    internal const string Acts = "acts";
    internal const string GraceUntil = "grace_until";

    /// <summary>All columns, in the order of the template. The record's id in the public list, court name, area and publication date are
    /// published by nobody here: the service derives its own, so they are allowed and passed over. Age is only compared.</summary>
    internal static readonly string[] All =
    [
        Id, Name, Kind, Number, NumberType, NumberCountry, Documents, Sex, Age, BirthDate, Representative, Responsible, SpecialStatuses,
        CourtName, AreaName, CourtCode, CaseNumber, FilingDate, PublishDate, Grounds, Conduct, BasisNumber, BasisMaker, BasisKind,
        Duty, Amount, Performance, Performed, Unperformed, DecisionNumber, DecisionDate, Signer, ServiceDate, ServiceMethod, Origin,
        Article3, TermStart, TermEnd, ExtensionReason, Acts, GraceUntil,
    ];

    /// <summary>What the file of rejected rows puts in front; a corrected one is imported as it is, and these are passed over.</summary>
    internal static readonly string[] Rejection = ["row", "field", "reason", "message"];

    /// <summary>What identifies a table of listings; a file without them is another table.</summary>
    internal static readonly string[] Required = [Name, Number, CaseNumber];

    /// <summary>The column behind a field of the contract, for people who correct the file; the field itself if there is none.</summary>
    internal static string ForField(string field)
    {
        // "listing." or "rows[3].listing." in front is the request's, not the listing's; so is "parent".
        var path = field;
        if (path.StartsWith("rows[", StringComparison.Ordinal)) path = path[(path.IndexOf('.', StringComparison.Ordinal) + 1)..];
        if (path.StartsWith("listing.", StringComparison.Ordinal)) path = path["listing.".Length..];
        return ByField.FirstOrDefault(pair => path.StartsWith(pair.Field, StringComparison.Ordinal)).Column ?? path;
    }

    private static readonly (string Field, string Column)[] ByField =
    [
        ("subject.name", Name), ("subject.kind", Kind), ("subject.documents[0].country", NumberCountry),
        ("subject.documents[0].type", NumberType), ("subject.documents[0]", Number), ("subject.documents", Documents),
        ("subject.sex", Sex), ("subject.birth_date", BirthDate), ("subject.related_persons", Representative),
        ("subject.special_statuses", SpecialStatuses), ("court_code", CourtCode), ("parent", CourtCode), ("case_number", CaseNumber),
        ("filing_date", FilingDate), ("grounds", Grounds), ("conduct", Conduct), ("basis.number", BasisNumber),
        ("basis.maker", BasisMaker), ("basis", BasisKind), ("obligation_amount", Amount), ("obligation", Duty),
        ("performance.performed_part", Performed), ("performance.unperformed_part", Unperformed), ("performance", Performance),
        ("decision.number", DecisionNumber), ("decision.date", DecisionDate), ("decision", Signer),
        ("service.method", ServiceMethod), ("service", ServiceDate), ("origin", Origin), ("article3_checked", Article3),
        ("term.start", TermStart), ("term.extension.acts", Acts), ("term.extension", ExtensionReason), ("term", TermEnd),
        ("grace_until", GraceUntil),
    ];
}
