namespace CreditShare.Cli.Generate;

/// <summary>Makes subjects up, each from its index alone.</summary>
internal sealed class SyntheticSubjects(ulong seed)
{
    /// <summary>Of so many listings one is another listing of somebody who is listed already.</summary>
    private const int RepeatsOneIn = 20;

    /// <summary>How far back such a listing looks for somebody.</summary>
    private const int RepeatReach = 1_000;

    private const string Stems = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥";

    private readonly SyntheticNumbers _numbers = new(seed);

    internal SyntheticChance Chance { get; } = new(seed);

    /// <summary>Who is listed by a listing: somebody new, or, now and then, the subject of an earlier one.</summary>
    internal SyntheticSubject OfListing(long listing)
    {
        while (listing > 0 && Chance.OneIn(RepeatsOneIn, Draw.Repeat, listing))
        {
            listing -= 1 + Chance.Below((int)Math.Min(listing, RepeatReach), Draw.RepeatOf, listing);
        }

        return At(listing);
    }

    internal SyntheticSubject At(long index)
    {
        var kind = Chance.Below(100, Draw.Kind, index) switch
        {
            < 75 => SyntheticKind.Person,
            < 94 => SyntheticKind.Organisation,
            _ => SyntheticKind.OldOrganisation,
        };
        if (kind != SyntheticKind.Person) return new SyntheticSubject(index, kind, CompanyName(index, shift: 0), _numbers.OrganisationCode(index));

        var second = Chance.Below(40, Draw.SecondDocument, index);
        return new SyntheticSubject(index, kind, PersonName(index, shift: 0), _numbers.Person(index))
        {
            TravelPermit = second == 0 ? _numbers.TravelPermit(index) : null,
            Passport = second == 1 ? _numbers.Passport(index) : null,
        };
    }

    /// <summary>A name that this subject does not have.</summary>
    internal string OtherName(SyntheticSubject subject) =>
        subject.Kind == SyntheticKind.Person ? PersonName(subject.Index, shift: 1) : CompanyName(subject.Index, shift: 1);

    private string PersonName(long index, int shift)
    {
        var pick = (Chance.Below(Stems.Length * Stems.Length, Draw.Name, index) + shift) % (Stems.Length * Stems.Length);
        return $"测试{Stems[pick / Stems.Length]}{Stems[pick % Stems.Length]}";
    }

    private string CompanyName(long index, int shift) => $"{PersonName(index, shift)}有限公司（虚构）";
}
