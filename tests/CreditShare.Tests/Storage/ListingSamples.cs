using System.Collections.Immutable;
using CreditShare.Core.Access;
using CreditShare.Core.Courts;
using CreditShare.Core.Journal;
using CreditShare.Core.Listings;
using CreditShare.Core.Numbers;
using CreditShare.Storage.Sealing;

namespace CreditShare.Tests.Storage;

/// <summary>Listings that between them set every field, for the codec.</summary>
internal static class ListingSamples
{
    private static readonly DateOnly s_today = new(2026, 3, 10);

    public static IEnumerable<(string Name, Listing Listing)> All =>
    [
        ("a person with every field", Person),
        ("a person with the least", Least),
        ("an organisation", Organisation),
        ("an ended listing", Person with { State = ListingState.Withdrawn, Version = 4, Ending = Ending }),
        ("a listing in grace", Least with { State = ListingState.Grace, Version = 0, PublishedOn = null, Content = Least.Content with { GraceUntil = new DateOnly(2026, 5, 1) } }),
    ];

    public static Keyring Keys() => Keyring.From([.. Enumerable.Range(0, 32).Select(i => (byte)i)]);

    public static DocumentNumber Number(DocumentType type, string text, string country = "") =>
        DocumentNumber.TryParse(type, text, country, s_today, out var number, out var fault) ? number : throw new ArgumentException($"{text}: {fault}");

    public static SubjectName Name(string text) => SubjectName.TryParse(text, out var name, out _) ? name : throw new ArgumentException(text);

    public static JournalEntry Entry(Listing listing, ImmutableArray<DocumentNumber> before) => new()
    {
        Epoch = 3,
        Sequence = 12_345_678_901,
        Hash = new byte[32],
        Kind = ChangeKind.Corrected,
        Listing = listing,
        IndexedBefore = before,
        Partner = PartnerId.TryParse("test-court", out var partner) ? partner : default,
        Operator = "书记员甲 <\"&'>",
        RecordedAt = new DateTimeOffset(2026, 3, 10, 4, 5, 6, 789, TimeSpan.Zero),
    };

    private static Ending Ending => new()
    {
        Reason = EndReason.EarlyDeletion,
        SubReason = "信用承诺",
        EventDate = new DateOnly(2026, 3, 9),
        EndDate = s_today,
    };

    private static Listing Person => new()
    {
        Id = new ListingId(new Guid("01234567-89ab-7def-8123-456789abcdef")),
        Version = 3,
        State = ListingState.Published,
        PublishedOn = new DateOnly(2026, 3, 2),
        Content = Content with
        {
            Subject = new Subject
            {
                Kind = SubjectKind.Person,
                Name = Name(" 阿卜杜拉·测试 "),
                Documents =
                [
                    new() { Number = Number(DocumentType.ResidentId, "110000199003072138"), Submitted = "110000199003072138" },
                    new() { Number = Number(DocumentType.ResidentId, "110105491231002"), Submitted = "110105491231002" },
                    new() { Number = Number(DocumentType.Passport, "AB1234567", "DE"), Submitted = "ab 1234567" },
                ],
                Sex = Sex.Male,
                BirthDate = new DateOnly(1990, 3, 7),
                SpecialStatuses = [SpecialStatus.CongressDeputy, SpecialStatus.CppccMember],
            },
            ObligationAmount = new Amount("CNY", 9_007_199_254_740_993, 1),
            Performance = new Performance { State = PerformanceState.Partial, PerformedPart = "一半\r\n<br>", UnperformedPart = "另一半 \ud842\udfb7" },
            Service = new DecisionService(new DateOnly(2026, 3, 4), ServiceMethod.PublicNotice),
            Article3Checked = true,
            Term = new Term
            {
                Start = new DateOnly(2026, 3, 1),
                End = new DateOnly(2029, 3, 1),
                Extension = new TermExtension(ExtensionReason.MultipleActs, ["行为一", "行为二"]),
            },
        },
    };

    private static Listing Least => new()
    {
        Id = new ListingId(new Guid("ffffffff-ffff-4fff-bfff-ffffffffffff")),
        Version = 1,
        State = ListingState.Published,
        PublishedOn = s_today,
        Content = Content,
    };

    private static Listing Organisation => Least with
    {
        Content = Content with
        {
            Subject = new Subject
            {
                Kind = SubjectKind.Organisation,
                Name = Name("测试有限公司（虚构）"),
                Documents = [new() { Number = Number(DocumentType.Uscc, Uscc), Submitted = Uscc }],
                RelatedPersons = [new(Name("虚构代表"), RelatedPersonRole.LegalRepresentative), new(Name("虚构人员"), RelatedPersonRole.ActualController)],
            },
        },
    };

    private static string Uscc
    {
        get
        {
            const string code = "TEXTAB12";
            var body = $"91110000{code}{CheckDigits.Organisation(code)}";
            return body + CheckDigits.SocialCredit(body);
        }
    }

    private static ListingContent Content => new()
    {
        Court = CourtCode.TryParse("测0101", out var court) ? court : default,
        Case = CaseNumber.TryParse("（2025）测0101执42号", out var number, out _) ? number : null,
        Subject = new Subject
        {
            Kind = SubjectKind.Person,
            Name = Name("测试人员"),
            Documents = [new() { Number = Number(DocumentType.Other, "测-1"), Submitted = "测-1" }],
        },
        FilingDate = new DateOnly(2025, 11, 3),
        Grounds = [Ground.RefusesThoughAble, Ground.Obstructs],
        Conduct = "拒不履行。",
        Basis = new EnforcementBasis { Type = BasisType.ArbitralAward, Number = "仲裁 1", Maker = "测试仲裁委员会（虚构）" },
        Obligation = "偿还借款。",
        Performance = new Performance { State = PerformanceState.NotPerformed },
        Decision = new CourtDecision
        {
            Number = "（2026）测0101司惩1号",
            Date = new DateOnly(2026, 3, 1),
            SignerRole = SignerRole.CourtPresident,
            Signer = "虚构院长",
        },
        Origin = Origin.ExOfficio,
    };
}
