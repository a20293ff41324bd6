using CreditShare.Cli.CommandLine;
using CreditShare.Cli.Lookup;
using CreditShare.V1;

namespace CreditShare.Cli.Listings;

/// <summary>The subject of a row of the import.</summary>
internal static class SubjectRow
{
    private const char ListSeparator = ';';
    private const char MaskCharacter = '*';

    private static readonly Dictionary<string, SubjectKind> Kinds = new()
    {
        ["580"] = SubjectKind.Person,
        ["0"] = SubjectKind.Person,
        ["581"] = SubjectKind.Organisation,
        ["1"] = SubjectKind.Organisation,
    };

    private static readonly Dictionary<string, Sex> Sexes = new()
    {
        ["男"] = Sex.Male,
        ["男性"] = Sex.Male,
        ["女"] = Sex.Female,
        ["女性"] = Sex.Female,
    };

    internal static Subject Read(RowFields fields, DateOnly today)
    {
        var kind = fields.Word(ImportColumns.Kind, Kinds);
        var document = ReadNumber(fields, kind, today);
        if (kind == SubjectKind.Unspecified) kind = KindOf(document.Type);

        var subject = new Subject
        {
            Kind = kind,
            Name = fields.Text(ImportColumns.Name),
            Documents = { document },
            Sex = fields.Word(ImportColumns.Sex, Sexes),
            BirthDate = fields.Date(ImportColumns.BirthDate),
        };
        ReadDocuments(subject, fields);
        ReadPeople(subject, fields);
        foreach (var word in Parts(fields.Text(ImportColumns.SpecialStatuses)))
        {
            if (ContractWords<SpecialStatus>.TryParse(word, out var status))
            {
                subject.SpecialStatuses.Add(status);
            }
            else
            {
                fields.Refuse(
                    ImportColumns.SpecialStatuses,
                    ErrorReason.FieldInvalid,
                    $"'{word}' is none of {string.Join(", ", ContractWords<SpecialStatus>.All)}.");
            }
        }

        return subject;
    }

    private static IdentityDocument ReadNumber(RowFields fields, SubjectKind kind, DateOnly today)
    {
        var number = fields.Raw(ImportColumns.Number);
        var document = new IdentityDocument
        {
            Number = number,
            Type = fields.Word<DocumentType>(ImportColumns.NumberType),
            Country = fields.Text(ImportColumns.NumberCountry),
        };
        if (number.Contains(MaskCharacter, StringComparison.Ordinal))
        {
            fields.Refuse(ImportColumns.Number, ErrorReason.NumberCharacter, "The number is masked; the whole number is needed.");
        }

        if (document.Type == DocumentType.Unspecified && number.Length > 0) document.Type = TypeOf(fields, number, kind, today);
        return document;
    }

    // The number proves its type, or the row must say it: nothing is guessed.
    private static DocumentType TypeOf(RowFields fields, string number, SubjectKind kind, DateOnly today)
    {
        var types = DocumentGuess.TypesOf(number, today).Where(type => kind == SubjectKind.Unspecified || KindOf(type) == kind).ToList();
        if (types is [var only]) return only;
        if (types.Count == 0 && DocumentGuess.MeantBy(number, kind) is var meant and not DocumentType.Unspecified) return meant;

        var message = types.Count == 0
            ? "The number's form does not tell its type: say which."
            : $"The number may be of the types {string.Join(", ", types.Select(ContractWords<DocumentType>.Of))}: say which.";
        fields.Refuse(ImportColumns.NumberType, ErrorReason.FieldRequired, message);
        return DocumentType.Unspecified;
    }

    private static SubjectKind KindOf(DocumentType type) => type switch
    {
        DocumentType.Unspecified => SubjectKind.Unspecified,
        DocumentType.Uscc or DocumentType.OrgCode or DocumentType.RegNo => SubjectKind.Organisation,
        _ => SubjectKind.Person,
    };

    private static void ReadDocuments(Subject subject, RowFields fields)
    {
        foreach (var part in Parts(fields.Text(ImportColumns.Documents)))
        {
            if (DocumentText.TryParse(part, out var document))
            {
                subject.Documents.Add(document);
            }
            else
            {
                // The part may hold an identity number, so it is not repeated here.
                fields.Refuse(
                    ImportColumns.Documents, ErrorReason.FieldInvalid, "A document is not TYPE:NUMBER or TYPE:NUMBER:COUNTRY.");
            }
        }
    }

    private static void ReadPeople(Subject subject, RowFields fields)
    {
        var representative = fields.Text(ImportColumns.Representative);
        if (representative.Length > 0)
        {
            subject.RelatedPersons.Add(
                new RelatedPerson { Name = representative, Role = RelatedPersonRole.LegalRepresentative });
        }

        var others = fields.Text(ImportColumns.Responsible);
        if (others is "" or "[]") return;

        foreach (var part in Parts(others))
        {
            var colon = part.LastIndexOf(':');
            if (colon > 0 && ContractWords<RelatedPersonRole>.TryParse(part[(colon + 1)..], out var role))
            {
                subject.RelatedPersons.Add(new RelatedPerson { Name = part[..colon].Trim(), Role = role });
            }
            else
            {
                fields.Refuse(
                    ImportColumns.Responsible,
                    ErrorReason.FieldInvalid,
                    $"A person is not NAME:ROLE; roles are {string.Join(", ", ContractWords<RelatedPersonRole>.All)}.");
            }
        }
    }

    private static string[] Parts(string text) =>
        text.Split(ListSeparator, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
