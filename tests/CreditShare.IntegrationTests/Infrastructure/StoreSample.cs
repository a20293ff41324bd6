using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using CreditShare.Core.Access;
using CreditShare.Core.Calendar;
using CreditShare.Core.Courts;
using CreditShare.Core.Journal;
using CreditShare.Core.Listings;
using CreditShare.Core.Numbers;

namespace CreditShare.IntegrationTests.Infrastructure;

/// <summary>Made-up courts, people and commands for tests of the store. The people's area code is one that no person has.</summary>
internal static class StoreSample
{
    /// <summary>The day on which the tests play, in UTC+8.</summary>
    public static readonly DateOnly Today = new(2026, 3, 10);

    public static readonly CourtCode Court = ToCourt("测0101");
    public static readonly CourtCode OtherCourt = ToCourt("测0201");
    public static readonly PartnerId Partner = ToPartner("test-court");
    public static readonly PartnerId OtherPartner = ToPartner("other-court");

    /// <summary>A clock that stands at noon of <see cref="Today"/>.</summary>
    public static Microsoft.Extensions.Time.Testing.FakeTimeProvider ClockAtNoon() =>
        new(ChinaTime.StartOf(Today) + TimeSpan.FromHours(12));

    /// <summary>The number of the made-up person of that serial, 0 to 999,999: born in 1990 to 1999.</summary>
    public static DocumentNumber Person(int serial)
    {
        var body = string.Create(
            CultureInfo.InvariantCulture, $"110000{1990 + (serial / 1_000 % 10):D4}0{1 + (serial / 10_000 % 9)}{1 + (serial / 100_000):D2}{serial % 1_000:D3}");
        return Parse(DocumentType.ResidentId, body + CheckDigits.Citizen(body));
    }

    public static DocumentNumber Parse(DocumentType type, string text) =>
        DocumentNumber.TryParse(type, text, "", Today, out var number, out var fault)
            ? number
            : throw new ArgumentException($"{text} is no {type}: {fault}.");

    public static SubjectName Name(string text) =>
        SubjectName.TryParse(text, out var name, out _) ? name : throw new ArgumentException($"{text} is no name.");

    public static CaseNumber Case(int serial, CourtCode? court = null) =>
        CaseNumber.TryParse($"（2025）{court ?? Court}执{serial}号", out var number, out _) ? number : throw new ArgumentException("No case.");

    /// <summary>A content that the rules accept: ground 2, two years from the first of the month.</summary>
    public static ListingContent Content(int serial, int? caseSerial = null, CourtCode? court = null) => new()
    {
        Court = court ?? Court,
        Case = Case(caseSerial ?? (serial + 1), court),
        Subject = new Subject
        {
            Kind = SubjectKind.Person,
            Name = Name($"测试人员{serial}"),
            Documents = [Document(Person(serial))],
            BirthDate = Person(serial).BirthDate,
            Sex = Person(serial).ImpliedSex ?? Sex.Unspecified,
        },
        FilingDate = new DateOnly(2025, 11, 3),
        Grounds = [Ground.Obstructs],
        Conduct = "在执行中以伪造证据的方法妨碍执行。",
        Basis = new EnforcementBasis { Type = BasisType.CivilJudgment, Number = "（2025）测0101民初1号", Maker = "测试区人民法院（虚构）" },
        Obligation = "偿还借款本金及利息。",
        ObligationAmount = new Amount("CNY", 120_000, 500_000_000),
        Performance = new Performance { State = PerformanceState.NotPerformed },
        Decision = new CourtDecision
        {
            Number = "（2026）测0101司惩1号",
            Date = new DateOnly(2026, 3, 1),
            SignerRole = SignerRole.CourtPresident,
            Signer = "虚构院长",
        },
        Origin = Origin.CreditorApplication,
        Term = new Term { Start = new DateOnly(2026, 3, 1), End = new DateOnly(2028, 3, 1) },
    };

    /// <summary>A content without a term, which alone can be withdrawn at the creditor's request: ground 1.</summary>
    public static ListingContent OpenEnded(int serial, int? caseSerial = null) =>
        Content(serial, caseSerial) with { Grounds = [Ground.RefusesThoughAble], Article3Checked = true, Term = null };

    public static SubjectDocument Document(DocumentNumber number) => new() { Number = number, Submitted = number.Reveal() };

    /// <summary>A request with a new id and a digest of its own.</summary>
    public static AppendRequest Request(ListingCommand command, CourtCode? court = null) => new()
    {
        Partner = Partner,
        RequestId = Guid.NewGuid(),
        Digest = Digest(RandomNumberGenerator.GetInt32(int.MaxValue)),
        Operator = "书记员甲",
        Court = court ?? Court,
        Command = command,
    };

    public static AppendRequest Publish(ListingContent content) =>
        Request(new ListingCommand.Publish(new ListingId(Guid.NewGuid()), content), content.Court);

    public static byte[] Digest(int of)
    {
        var bytes = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, of);
        return SHA256.HashData(bytes);
    }

    private static CourtCode ToCourt(string text) => CourtCode.TryParse(text, out var court) ? court : throw new ArgumentException(text);

    private static PartnerId ToPartner(string text) => PartnerId.TryParse(text, out var partner) ? partner : throw new ArgumentException(text);
}
