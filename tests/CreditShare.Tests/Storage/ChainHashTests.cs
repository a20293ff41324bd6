using CreditShare.Core.Listings;
using CreditShare.Storage.Codec;
using NUnit.Framework;

namespace CreditShare.Tests.Storage;

internal sealed class ChainHashTests
{
    private static readonly ChangeRow s_row = new()
    {
        Sequence = 2,
        Epoch = 1,
        Kind = ChangeKind.Published,
        Listing = new ListingId(new Guid("01234567-89ab-7def-8123-456789abcdef")),
        Version = 1,
        Court = "测0101",
        SubjectKind = SubjectKind.Person,
        RecordedAt = 1_700_000_000_000,
        Partner = "test-court",
        KeysBefore = [1, 2],
        KeysAfter = [3, 4],
        Operator = [5, 6],
        Body = [7, 8],
        Hash = [],
        WrappedKey = [9],
    };

    private static IEnumerable<TestCaseData> Differences()
    {
        yield return Case("sequence", s_row with { Sequence = 3 });
        yield return Case("epoch", s_row with { Epoch = 2 });
        yield return Case("kind", s_row with { Kind = ChangeKind.Revoked });
        yield return Case("listing", s_row with { Listing = new ListingId(new Guid("01234567-89ab-7def-8123-456789abcdee")) });
        yield return Case("version", s_row with { Version = 2 });
        yield return Case("court", s_row with { Court = "测0102" });
        yield return Case("subject kind", s_row with { SubjectKind = SubjectKind.Organisation });
        yield return Case("instant", s_row with { RecordedAt = 1_700_000_000_001 });
        yield return Case("partner", s_row with { Partner = "test-cour" });
        yield return Case("keys before", s_row with { KeysBefore = [1, 3] });
        yield return Case("keys after", s_row with { KeysAfter = [] });
        yield return Case("operator", s_row with { Operator = [5] });
        yield return Case("body", s_row with { Body = [7, 9] });
        yield return Case("border between two fields", s_row with { Operator = [5, 6, 7], Body = [8] });
        yield return Case("border between court and partner", s_row with { Court = "测010", Partner = "1test-court" });

        static TestCaseData Case(string what, ChangeRow row) => new TestCaseData(row).SetName($"The hash covers the {what}");
    }

    [TestCaseSource(nameof(Differences))]
    public void The_hash_covers(ChangeRow other) =>
        Assert.That(ChainHash.Next(ChainHash.Start.Span, other), Is.Not.EqualTo(ChainHash.Next(ChainHash.Start.Span, s_row)));

    [Test]
    public void The_hash_covers_the_one_before_it() =>
        Assert.That(ChainHash.Next(ChainHash.Next(ChainHash.Start.Span, s_row), s_row), Is.Not.EqualTo(ChainHash.Next(ChainHash.Start.Span, s_row)));

    [Test]
    public void The_wrapped_key_stands_outside_so_that_it_can_be_destroyed() =>
        Assert.That(ChainHash.Next(ChainHash.Start.Span, s_row with { WrappedKey = [] }), Is.EqualTo(ChainHash.Next(ChainHash.Start.Span, s_row)));

    // Computed apart from this code, field by field from DESIGN §5. The formula is a stored format: it never changes.
    [Test]
    public void The_formula_is_the_one_that_was_released() =>
        Assert.That(Convert.ToHexStringLower(ChainHash.Next(ChainHash.Start.Span, s_row)), Is.EqualTo("a64beb4657d356ee0ac10c19c9787f8867b5c069090e63e86e167ae38ff1246d"));
}
