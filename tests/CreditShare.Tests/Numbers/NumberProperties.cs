using System.Globalization;
using CreditShare.Core.Numbers;
using FsCheck;
using FsCheck.Fluent;
using NUnit.Framework;

namespace CreditShare.Tests.Numbers;

internal sealed class NumberProperties
{
    private const string SocialCreditAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    private const string FullAlphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    private static readonly DateOnly s_today = new(2026, 3, 2);

    // Area 110000 is assigned to nobody.
    private static readonly Gen<string> s_residents =
        from days in Gen.Choose(0, s_today.DayNumber - new DateOnly(1900, 1, 1).DayNumber)
        from sequence in Gen.Choose(0, 995)
        let birth = new DateOnly(1900, 1, 1).AddDays(days)
        let body = string.Create(CultureInfo.InvariantCulture, $"110000{birth:yyyyMMdd}{sequence:000}")
        select body + CheckDigits.Citizen(body);

    private static readonly Gen<string> s_socialCreditCodes =
        from area in Gen.Choose(100000, 659999)
        from inner in Text(SocialCreditAlphabet, 8)
        let body = $"91{area}{inner}{CheckDigits.Organisation(inner)}"
        select body + CheckDigits.SocialCredit(body);

    private static readonly Gen<string> s_organisationCodes =
        from inner in Text(FullAlphabet, 8)
        select inner + CheckDigits.Organisation(inner);

    [Test]
    public void Every_generated_number_is_valid_and_is_its_own_canonical_form()
    {
        var numbers = Gen.OneOf(
            s_residents.Select(text => (DocumentType.ResidentId, text)),
            s_socialCreditCodes.Select(text => (DocumentType.Uscc, text)),
            s_organisationCodes.Select(text => (DocumentType.OrgCode, text)));

        Prop.ForAll(numbers.ToArbitrary(), ((DocumentType Type, string Text) number) =>
            DocumentNumber.TryParse(number.Type, number.Text, "", s_today, out var parsed, out _)
            && parsed.Type == number.Type
            && parsed.Reveal() == number.Text).QuickCheckThrowOnFailure();
    }

    [Test]
    public void One_wrong_digit_in_a_resident_number_is_always_found() =>
        Prop.ForAll(Corrupted(s_residents, "0123456789").ToArbitrary(), text => !IsValid(DocumentType.ResidentId, text))
            .QuickCheckThrowOnFailure();

    [Test]
    public void Two_swapped_neighbours_in_a_resident_number_are_always_found() =>
        Prop.ForAll(Swapped(s_residents).ToArbitrary(), text => !IsValid(DocumentType.ResidentId, text)).QuickCheckThrowOnFailure();

    [Test]
    public void One_wrong_character_in_a_social_credit_code_is_always_found() =>
        Prop.ForAll(Corrupted(s_socialCreditCodes, SocialCreditAlphabet).ToArbitrary(), text => !IsValid(DocumentType.Uscc, text))
            .QuickCheckThrowOnFailure();

    [Test]
    public void Two_swapped_neighbours_in_a_social_credit_code_are_always_found() =>
        Prop.ForAll(Swapped(s_socialCreditCodes).ToArbitrary(), text => !IsValid(DocumentType.Uscc, text)).QuickCheckThrowOnFailure();

    [Test]
    public void One_wrong_digit_in_an_organisation_code_of_digits_is_always_found()
    {
        // Letters eleven apart count the same modulo 11: the standard itself cannot tell them.
        var codes = Text("0123456789", 8).Select(body => body + CheckDigits.Organisation(body));

        Prop.ForAll(Corrupted(codes, "0123456789").ToArbitrary(), text => !IsValid(DocumentType.OrgCode, text))
            .QuickCheckThrowOnFailure();
    }

    [Test]
    public void Dropping_the_century_and_the_check_digit_leaves_the_same_person()
    {
        var numbers = s_residents.Where(text => text[6] == '1');

        Prop.ForAll(numbers.ToArbitrary(), text =>
            DocumentNumber.TryParse(DocumentType.ResidentId, text, "", s_today, out var current, out _)
            && DocumentNumber.TryParse(DocumentType.ResidentId, text[..6] + text[8..17], "", s_today, out var old, out _)
            && current == old).QuickCheckThrowOnFailure();
    }

    [Test]
    public void Spaces_and_case_never_change_a_key()
    {
        var spaced =
            from text in s_socialCreditCodes
            from at in Gen.Choose(0, text.Length)
            from count in Gen.Choose(1, 10)
            select (Text: text, Written: text.Insert(at, new string(' ', count)).ToLowerInvariant());

        Prop.ForAll(spaced.ToArbitrary(), pair =>
            DocumentNumber.TryParse(DocumentType.Uscc, pair.Written, "", s_today, out var number, out _)
            && number.Reveal() == pair.Text).QuickCheckThrowOnFailure();
    }

    [Test]
    public void No_text_whatever_makes_the_parser_throw()
    {
        var types = Gen.Choose(0, 13).Select(value => (DocumentType)value);
        var texts = Gen.Choose(0, 0xFFFF).Select(value => (char)value).ArrayOf().Select(chars => new string(chars));
        var inputs = from type in types from text in texts from country in Gen.Elements("", "CN", "USA", text) select (type, text, country);

        Prop.ForAll(inputs.ToArbitrary(), ((DocumentType Type, string Text, string Country) input) =>
            DocumentNumber.TryParse(input.Type, input.Text, input.Country, s_today, out _, out var fault)
            == (fault == NumberFault.None)).QuickCheckThrowOnFailure();
    }

    private static bool IsValid(DocumentType type, string text) => DocumentNumber.TryParse(type, text, "", s_today, out _, out _);

    private static Gen<string> Text(string alphabet, int length) =>
        Gen.Elements(alphabet.ToCharArray()).ArrayOf(length).Select(chars => new string(chars));

    private static Gen<string> Corrupted(Gen<string> valid, string alphabet) =>
        from text in valid
        from at in Gen.Choose(0, text.Length - 1)
        from replacement in Gen.Elements(alphabet.ToCharArray()).Where(c => c != text[at])
        select text[..at] + replacement + text[(at + 1)..];

    private static Gen<string> Swapped(Gen<string> valid) =>
        from text in valid
        from at in Gen.Choose(0, text.Length - 2).Where(at => text[at] != text[at + 1])
        select $"{text[..at]}{text[at + 1]}{text[at]}{text[(at + 2)..]}";
}
