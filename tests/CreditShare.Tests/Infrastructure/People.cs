using System.Globalization;
using CreditShare.Core.Listings;
using CreditShare.Core.Numbers;
using CreditShare.Tests.Listings;

namespace CreditShare.Tests.Infrastructure;

/// <summary>Made-up people in cases of their own, so that any number of them can be listed side by side.</summary>
internal static class People
{
    /// <summary>The number of the n-th of them, 0 to 999; the area is one that no person has.</summary>
    public static string NumberOf(int n)
    {
        var body = string.Create(CultureInfo.InvariantCulture, $"11000019900307{n:000}");
        return body + CheckDigits.Citizen(body);
    }

    /// <summary>A lawful listing of the n-th without a term.</summary>
    public static ListingContent Listed(int n, string court = "测01")
    {
        var document = Sample.Document(DocumentType.ResidentId, NumberOf(n));
        return Sample.OpenEnded.WithSubject(subject => subject with
        {
            Name = Sample.Name("测试" + (char)('一' + n)),
            Documents = [document],
            Sex = document.Number.ImpliedSex!.Value,
        }) with
        {
            Court = Sample.Court(court),
            Case = Sample.Case($"（2025）{court}执{n + 1}号"),
        };
    }

    /// <summary>The same with a term of two years.</summary>
    public static ListingContent WithTerm(int n) => Listed(n) with
    {
        Grounds = [Ground.BreachesAssetReporting],
        Term = new Term { Start = Sample.Decided, End = Sample.TermEnd },
    };

    /// <summary>The same in grace.</summary>
    public static ListingContent InGrace(int n) => Listed(n) with { GraceUntil = Sample.GraceUntil };
}
