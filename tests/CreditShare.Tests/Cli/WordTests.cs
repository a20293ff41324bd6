using CreditShare.Cli.CommandLine;
using CreditShare.Cli.Listings;
using CreditShare.Cli.Lookup;
using CreditShare.V1;
using Google.Protobuf;
using NUnit.Framework;

namespace CreditShare.Tests.Cli;

internal sealed class WordTests
{
    private static readonly DateOnly s_today = new(2026, 11, 24);

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
    [TestCase("110000 19900307 2138", DocumentType.ResidentId)]
    [TestCase("810000199408230021", DocumentType.HmtResidence)]
    [TestCase("YY000000-1", DocumentType.OrgCode)]
    [TestCase("TST000000000001", DocumentType.ForeignPr)]
    public void A_number_that_proves_its_type_tells_it(string number, DocumentType type) =>
        Assert.That(DocumentGuess.TypesOf(number, s_today), Is.EqualTo(new[] { type }));

    // A travel permit, a passport or a military card; a resident of the first generation, a registration number or a passport.
    [TestCase("H50000001")]
    [TestCase("H5000000101")]
    [TestCase("12345678")]
    [TestCase("E12345678")]
    [TestCase("110105491231002")]
    [TestCase("110105 491231 002")]
    public void A_form_that_others_have_too_tells_no_type(string number) => Assert.That(DocumentGuess.TypesOf(number, s_today), Is.Empty);

    [TestCase("110000199003072139", SubjectKind.Unspecified, DocumentType.ResidentId)]
    [TestCase("11000019900307213", SubjectKind.Unspecified, DocumentType.ResidentId)]
    [TestCase("91990000YY0000009A", SubjectKind.Unspecified, DocumentType.Uscc)]
    [TestCase("11990000YY0000009A", SubjectKind.Unspecified, DocumentType.Uscc)]
    [TestCase("110000199003072139", SubjectKind.Organisation, DocumentType.Uscc)]
    [TestCase("YY000000-0", SubjectKind.Unspecified, DocumentType.OrgCode)]
    [TestCase("YY0000000", SubjectKind.Organisation, DocumentType.OrgCode)]
    [TestCase("YY0000000", SubjectKind.Unspecified, DocumentType.Unspecified)]
    [TestCase("110105491231002", SubjectKind.Person, DocumentType.Unspecified)]
    [TestCase("12345", SubjectKind.Unspecified, DocumentType.Unspecified)]
    [TestCase("", SubjectKind.Organisation, DocumentType.Unspecified)]
    public void What_is_valid_under_no_type_is_asked_about_only_where_it_will_be_refused(string number, SubjectKind kind, DocumentType type)
    {
        var meant = DocumentGuess.MeantBy(number, kind);

        Assert.That(meant, Is.EqualTo(type));
        Assert.That(
            Core.Numbers.DocumentNumber.TryParse((Core.Numbers.DocumentType)meant, number, country: "", s_today, out _, out _), Is.False);
    }

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
