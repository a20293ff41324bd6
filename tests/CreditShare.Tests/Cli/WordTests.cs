using CreditShare.Cli.CommandLine;
using CreditShare.Cli.Listings;
using CreditShare.Cli.Lookup;
using CreditShare.V1;
using Google.Protobuf;
using NUnit.Framework;

namespace CreditShare.Tests.Cli;

internal sealed class WordTests
{
    [TestCaseSource(nameof(DocumentTypes))]
    public void A_word_means_its_value_in_every_spelling(DocumentType type)
    {
        var word = ContractWords<DocumentType>.Of(type);
        string[] spellings = [word, word.ToUpperInvariant(), word.Replace('-', '_'), "DOCUMENT_TYPE_" + word.ToUpperInvariant().Replace('-', '_')];

        Assert.That(
            spellings.Select(s => ContractWords<DocumentType>.TryParse(s, out var value) ? value : DocumentType.Unspecified), Is.All.EqualTo(type));
    }

    [Test]
    public void Words_are_those_of_the_contract()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(ContractWords<DocumentType>.Of(DocumentType.ResidentId), Is.EqualTo("resident-id"));
            Assert.That(ContractWords<Verdict>.NameOf(Verdict.NameMismatch), Is.EqualTo("NAME_MISMATCH"));
            Assert.That(ContractWords<SpecialStatus>.Of(SpecialStatus.CppccMember), Is.EqualTo("cppcc-member"));
            Assert.That(ContractWords<DocumentType>.TryParse("unspecified", out _), Is.False);
            Assert.That(ContractWords<DocumentType>.TryParse("", out _), Is.False);
        }
    }

    [TestCase("110000199003072138", DocumentType.ResidentId)]
    [TestCase("11010519491231002x", DocumentType.ResidentId)]
    [TestCase("H50000001", DocumentType.HmPermit)]
    public void A_number_whose_form_leaves_no_doubt_tells_its_type(string number, DocumentType type) =>
        Assert.That(DocumentGuess.TypesOf(number, new DateOnly(2026, 11, 24)), Is.EqualTo(new[] { type }));

    [Test]
    public void Fifteen_digits_may_be_a_person_or_an_organisation() =>
        Assert.That(
            DocumentGuess.TypesOf("110105491231002", new DateOnly(2026, 11, 24)),
            Is.EquivalentTo(new[] { DocumentType.ResidentId, DocumentType.RegNo }));

    [TestCase("1234.5", "CNY", 1234, 500_000_000)]
    [TestCase("USD 10", "USD", 10, 0)]
    [TestCase("0.000000001", "CNY", 0, 1)]
    public void An_amount_is_read_exactly(string text, string currency, long units, int nanos)
    {
        Assert.That(MoneyText.TryParse(text, out var money), Is.True);
        Assert.That((money.CurrencyCode, money.Units, money.Nanos), Is.EqualTo((currency, units, nanos)));
    }

    [TestCase("-1")]
    [TestCase("1,000")]
    [TestCase("usd 10")]
    [TestCase("10 USD")]
    [TestCase("0.0000000001")]
    [TestCase("99999999999999999999")]
    public void What_is_no_amount_is_refused(string text) => Assert.That(MoneyText.TryParse(text, out _), Is.False);

    [Test]
    public void A_cursor_is_read_as_it_is_printed()
    {
        var cursor = new Cursor { Epoch = 2, Sequence = 77, Hash = ByteString.CopyFrom([.. Enumerable.Range(0, 32).Select(i => (byte)i)]) };

        Assert.That(PositionText.ParseCursor(PositionText.Form(cursor)), Is.EqualTo(cursor));
        Assert.That(PositionText.ParseCursor("2:77"), Is.EqualTo(new Cursor { Epoch = 2, Sequence = 77 }));
    }

    [TestCase("77")]
    [TestCase("1:-1")]
    [TestCase("1:1:abcd")]
    [TestCase("1:1:" + "zz")]
    [TestCase("1:1:1:1")]
    public void What_is_no_cursor_is_refused(string text) =>
        Assert.That(() => PositionText.ParseCursor(text), Throws.TypeOf<CommandFailedException>());

    [TestCase("passport:E1234567:CHN", DocumentType.Passport, "E1234567", "CHN")]
    [TestCase("uscc: 91990000YY0000009X", DocumentType.Uscc, "91990000YY0000009X", "")]
    public void A_document_is_read(string text, DocumentType type, string number, string country) =>
        Assert.That(DocumentText.Parse(text), Is.EqualTo(new IdentityDocument { Type = type, Number = number, Country = country }));

    [TestCase("110000199003072138")]
    [TestCase("nothing:1")]
    [TestCase("uscc:")]
    [TestCase("uscc:1:2:3")]
    public void What_is_no_document_is_refused(string text) => Assert.That(DocumentText.TryParse(text, out _), Is.False);

    private static IEnumerable<DocumentType> DocumentTypes() => Enum.GetValues<DocumentType>().Where(t => t != DocumentType.Unspecified);
}
