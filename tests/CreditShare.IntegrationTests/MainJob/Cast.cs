using CreditShare.Core.Numbers;
using CreditShare.V1;
using Google.Type;
using DocumentType = CreditShare.V1.DocumentType;

namespace CreditShare.IntegrationTests.MainJob;

/// <summary>People and listings that nobody real can be: area codes ending in 0000, courts of the region 测.</summary>
internal static class Cast
{
    public const string Court = "测0101";
    public const string OtherCourt = "测0102";

    private static int s_case;

    /// <summary>A resident's number of the year 1970 to 1999, by a running number.</summary>
    public static string Resident(int number)
    {
        var birth = new DateOnly(1970, 1, 1).AddDays(number / 500 % 10_000);
        var digits = $"{11 + (number % 5)}0000{birth:yyyyMMdd}{(number % 500) + 1:000}";
        return digits + CheckDigits.Citizen(digits);
    }

    /// <summary>A listing that every rule accepts.</summary>
    public static Listing ListingOf(string name, string court, params string[] numbers) => new()
    {
        Subject = new Subject
        {
            Kind = SubjectKind.Person,
            Name = name,
            Documents = { numbers.Select(number => new IdentityDocument { Type = DocumentType.ResidentId, Number = number }) },
        },
        CaseNumber = $"（2026）{court}执{Interlocked.Increment(ref s_case)}号",
        FilingDate = Day(2026, 1, 5),
        Grounds = { Ground.RefusesThoughAble },
        Article3Checked = true,
        Basis = new EnforcementBasis { Type = BasisType.CivilJudgment, Number = "（2025）测0101民初9号", Maker = "测试法院" },
        Obligation = "支付货款",
        Performance = new Performance { State = PerformanceState.None },
        Decision = new Decision { Number = "决1号", Date = Day(2026, 3, 2), SignerRole = SignerRole.CourtPresident, Signer = "测试院长" },
        Origin = Origin.ExOfficio,
    };

    /// <summary>The same with a term of two years from the decision (grounds 2 to 6).</summary>
    public static Listing WithTerm(this Listing listing)
    {
        listing.Grounds.Clear();
        listing.Grounds.Add(Ground.Evades);
        listing.Article3Checked = false;
        listing.Term = new Term { Start = Day(2026, 3, 2), End = Day(2028, 3, 2) };
        return listing;
    }

    public static Date Day(int year, int month, int day) => new() { Year = year, Month = month, Day = day };

    public static string NewId() => Guid.NewGuid().ToString();
}
