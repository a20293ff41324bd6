using CreditShare.Core.Numbers;
using NUnit.Framework;

namespace CreditShare.Tests.Numbers;

internal sealed class DocumentNumberTests
{
    private static readonly DateOnly s_today = new(2026, 3, 2);

    [TestCase(DocumentType.ResidentId, "11010519491231002X", "11010519491231002X", TestName = "First example of GB 11643")]
    [TestCase(DocumentType.ResidentId, "440524188001010014", "440524188001010014", TestName = "Second example of GB 11643")]
    [TestCase(DocumentType.ResidentId, " 110105 19491231 002x ", "11010519491231002X", TestName = "Spaces and a small x")]
    [TestCase(DocumentType.ResidentId, "110105491231002", "11010519491231002X", TestName = "15 digits become 18")]
    [TestCase(DocumentType.ResidentId, "440524800101997", "440524188001019975", TestName = "15 digits of a centenarian, 997")]
    [TestCase(DocumentType.ResidentId, "510000700101995", "510000197001019953", TestName = "Sequence 995 is of the 20th century")]
    [TestCase(DocumentType.ResidentId, "44000020120229002X", "44000020120229002X", TestName = "Born on a leap day")]
    [TestCase(DocumentType.HmtResidence, "810000199001010019", "810000199001010019", TestName = "Permit of Hong Kong")]
    [TestCase(DocumentType.HmtResidence, "820000198512310029", "820000198512310029", TestName = "Permit of Macau")]
    [TestCase(DocumentType.HmtResidence, "830000200002290031", "830000200002290031", TestName = "Permit of Taiwan")]
    [TestCase(DocumentType.ForeignPr, "911840198001011235", "911840198001011235", TestName = "Foreign card of 2023")]
    [TestCase(DocumentType.ForeignPr, "usa110080010112", "USA110080010112", TestName = "Foreign card of 2017")]
    [TestCase(DocumentType.HmPermit, "h12345678", "H12345678", TestName = "Travel permit for Hong Kong")]
    [TestCase(DocumentType.HmPermit, "M1234567802", "M12345678", TestName = "Travel permit with issue count")]
    [TestCase(DocumentType.TwPermit, "01234567", "01234567", TestName = "Travel permit for Taiwan")]
    [TestCase(DocumentType.TwPermit, "0123456789b", "0123456789B", TestName = "Old travel permit for Taiwan")]
    [TestCase(DocumentType.MilitaryId, "军字第 1234567 号", "军字第1234567号", TestName = "Military document")]
    [TestCase(DocumentType.Other, "a123456(7)", "A1234567", TestName = "Other document in half-width brackets")]
    [TestCase(DocumentType.Other, "A123456（7）", "A1234567", TestName = "Other document in full-width brackets")]
    [TestCase(DocumentType.Uscc, "91350100m000100y43", "91350100M000100Y43", TestName = "Social credit code")]
    [TestCase(DocumentType.Uscc, "911100002000003470", "911100002000003470", TestName = "Social credit code whose check value is 31")]
    [TestCase(DocumentType.Uscc, "91110000-MA01J2K3-9Q", "91110000MA01J2K39Q", TestName = "Social credit code with hyphens")]
    [TestCase(DocumentType.OrgCode, "ma01j2k3-9", "MA01J2K39", TestName = "Organisation code as printed")]
    [TestCase(DocumentType.OrgCode, "10000018-x", "10000018X", TestName = "Organisation code that ends in X")]
    [TestCase(DocumentType.OrgCode, "100000040", "100000040", TestName = "Organisation code whose check value is 11")]
    [TestCase(DocumentType.OrgCode, "IOSVZ1239", "IOSVZ1239", TestName = "Organisation code of letters that USCC leaves out")]
    [TestCase(DocumentType.RegNo, "110000001234567", "110000001234567", TestName = "Business registration, 15 digits")]
    [TestCase(DocumentType.RegNo, "企独粤总字第003475号", "企独粤总字第003475号", TestName = "Business registration, old form")]
    public void A_valid_number_has_one_canonical_form(DocumentType type, string text, string canonical)
    {
        var parsed = DocumentNumber.TryParse(type, text, "", s_today, out var number, out var fault);

        Assert.That(fault, Is.EqualTo(NumberFault.None));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(parsed, Is.True);
            Assert.That(number.Type, Is.EqualTo(type));
            Assert.That(number.Country, Is.Empty);
            Assert.That(number.Reveal(), Is.EqualTo(canonical));
        }
    }

    [TestCase(DocumentType.Unspecified, "11010519491231002X", NumberFault.TypeUnknown)]
    [TestCase((DocumentType)12, "11010519491231002X", NumberFault.TypeUnknown)]
    [TestCase(DocumentType.ResidentId, "", NumberFault.Missing)]
    [TestCase(DocumentType.Other, "   ", NumberFault.Missing)]
    [TestCase(DocumentType.Other, "123456789012345678901234567890123", NumberFault.TooLong)]
    [TestCase(DocumentType.Other, "7", NumberFault.WrongLength)]
    [TestCase(DocumentType.Other, "()--", NumberFault.WrongLength)]
    [TestCase(DocumentType.Other, "A１２３", NumberFault.BadCharacter)]
    [TestCase(DocumentType.ResidentId, "11010519491231002", NumberFault.WrongLength)]
    [TestCase(DocumentType.ResidentId, "1101051949123100", NumberFault.WrongLength)]
    [TestCase(DocumentType.ResidentId, "11010519491231002XX", NumberFault.WrongLength)]
    [TestCase(DocumentType.ResidentId, "１１０１０５１９４９１２３１００２Ｘ", NumberFault.BadCharacter)]
    [TestCase(DocumentType.ResidentId, "11010519491231002\u200BX", NumberFault.BadCharacter)]
    [TestCase(DocumentType.ResidentId, "11010519491231002\u00A0X", NumberFault.BadCharacter)]
    [TestCase(DocumentType.ResidentId, "11010519491231002X\t", NumberFault.BadCharacter)]
    [TestCase(DocumentType.ResidentId, "110105-19491231-002X", NumberFault.BadCharacter)]
    [TestCase(DocumentType.ResidentId, "1101051949123100X2", NumberFault.BadCharacter)]
    [TestCase(DocumentType.ResidentId, "11010519491231002A", NumberFault.BadCharacter)]
    [TestCase(DocumentType.ResidentId, "11010549123100X", NumberFault.BadCharacter)]
    [TestCase(DocumentType.ResidentId, "110105194912310021", NumberFault.WrongCheckDigit)]
    [TestCase(DocumentType.ResidentId, "440000201002290017", NumberFault.BadDate)]
    [TestCase(DocumentType.ResidentId, "110105499931002", NumberFault.BadDate)]
    [TestCase(DocumentType.ResidentId, "110000179912310019", NumberFault.BadDate)]
    [TestCase(DocumentType.ResidentId, "110000203001010012", NumberFault.DateInFuture)]
    [TestCase(DocumentType.ResidentId, "911840198001011235", NumberFault.BadForm)]
    [TestCase(DocumentType.ResidentId, "810101199001010010", NumberFault.BadForm)]
    [TestCase(DocumentType.ResidentId, "811234199001010014", NumberFault.BadForm)]
    [TestCase(DocumentType.ResidentId, "810000900101001", NumberFault.BadForm)]
    [TestCase(DocumentType.ResidentId, "010105491231002", NumberFault.BadForm)]
    [TestCase(DocumentType.HmtResidence, "11010519491231002X", NumberFault.BadForm)]
    [TestCase(DocumentType.HmtResidence, "810000900101001", NumberFault.WrongLength)]
    [TestCase(DocumentType.HmtResidence, "810000199001010018", NumberFault.WrongCheckDigit)]
    [TestCase(DocumentType.ForeignPr, "11010519491231002X", NumberFault.BadForm)]
    [TestCase(DocumentType.ForeignPr, "911840198001011234", NumberFault.WrongCheckDigit)]
    [TestCase(DocumentType.ForeignPr, "110105491231002", NumberFault.BadForm)]
    [TestCase(DocumentType.ForeignPr, "USA11008001011X", NumberFault.BadForm)]
    [TestCase(DocumentType.HmPermit, "A12345678", NumberFault.BadForm)]
    [TestCase(DocumentType.HmPermit, "H1234567", NumberFault.WrongLength)]
    [TestCase(DocumentType.HmPermit, "H123456781", NumberFault.WrongLength)]
    [TestCase(DocumentType.HmPermit, "H1234567A", NumberFault.BadCharacter)]
    [TestCase(DocumentType.TwPermit, "1234567", NumberFault.WrongLength)]
    [TestCase(DocumentType.TwPermit, "1234567A", NumberFault.BadCharacter)]
    [TestCase(DocumentType.TwPermit, "12345678901", NumberFault.BadForm)]
    [TestCase(DocumentType.Uscc, "91350100M000100Y44", NumberFault.WrongCheckDigit)]
    [TestCase(DocumentType.Uscc, "91350100M000100Y4", NumberFault.WrongLength)]
    [TestCase(DocumentType.Uscc, "91350100I000100Y43", NumberFault.BadCharacter)]
    [TestCase(DocumentType.Uscc, "91350100M000100Y4Z", NumberFault.BadCharacter)]
    [TestCase(DocumentType.Uscc, "9135A100M000100Y43", NumberFault.BadForm)]
    [TestCase(DocumentType.OrgCode, "10000018A", NumberFault.BadCharacter)]
    [TestCase(DocumentType.OrgCode, "100000181", NumberFault.WrongCheckDigit)]
    [TestCase(DocumentType.OrgCode, "1000001810", NumberFault.WrongLength)]
    [TestCase(DocumentType.RegNo, "企独;DROP", NumberFault.BadCharacter)]
    public void A_number_with_a_fault_is_refused_with_its_reason(DocumentType type, string text, NumberFault expected)
    {
        var parsed = DocumentNumber.TryParse(type, text, "", s_today, out var number, out var fault);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(parsed, Is.False);
            Assert.That(fault, Is.EqualTo(expected));
            Assert.That(number, Is.EqualTo(default(DocumentNumber)));
        }
    }

    [TestCase("CN", "E12345678", "CHN", "E12345678", TestName = "Chinese passport, two letters for the country")]
    [TestCase("chn", "ea1234567", "CHN", "EA1234567", TestName = "Chinese passport, small letters")]
    [TestCase("CHN", "MA1234567", "CHN", "MA1234567", TestName = "Passport of Macau")]
    [TestCase("HKG", "K12345678", "CHN", "K12345678", TestName = "Passport of Hong Kong, named by its region")]
    [TestCase("MO", "MA1234567", "CHN", "MA1234567", TestName = "Passport of Macau, named by its region")]
    [TestCase("CHN", "D1234567", "CHN", "D1234567", TestName = "Chinese passport of eight characters")]
    [TestCase("CHN", "150123456", "CHN", "150123456", TestName = "Old Chinese passport without letters")]
    [TestCase(" us ", "5123 45678", "USA", "512345678", TestName = "Foreign passport with spaces")]
    [TestCase("DEU", "C01X00T47", "DEU", "C01X00T47", TestName = "Foreign passport with letters within")]
    [TestCase("ZWE", "AB12345678901234C", "ZWE", "AB12345678901234C", TestName = "Longest passport, last country of the table")]
    [TestCase("AD", "12345", "AND", "12345", TestName = "Shortest passport, first country of the table")]
    public void A_passport_is_known_by_country_and_number(string country, string text, string alpha3, string canonical)
    {
        var number = Parse(DocumentType.Passport, text, country);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(number.Country, Is.EqualTo(alpha3));
            Assert.That(number.Reveal(), Is.EqualTo(canonical));
            Assert.That(KeyOf(number), Is.EqualTo($"\u0006\0{alpha3}:{canonical}"));
        }
    }

    [TestCase("", "E12345678", NumberFault.CountryMissing)]
    [TestCase("  ", "E12345678", NumberFault.CountryMissing)]
    [TestCase("XX", "E12345678", NumberFault.CountryUnknown)]
    [TestCase("D", "E12345678", NumberFault.CountryUnknown)]
    [TestCase("GDR", "E12345678", NumberFault.CountryUnknown)]
    [TestCase("CHINA", "E12345678", NumberFault.CountryUnknown)]
    [TestCase("中国", "E12345678", NumberFault.CountryUnknown)]
    [TestCase("156", "E12345678", NumberFault.CountryUnknown)]
    [TestCase("CHN", "E1234567", NumberFault.None)]
    [TestCase("CHN", "E123456", NumberFault.WrongLength)]
    [TestCase("CHN", "E1234567890", NumberFault.WrongLength)]
    [TestCase("CHN", "EAB123456", NumberFault.BadForm)]
    [TestCase("CHN", "1E2345678", NumberFault.BadForm)]
    [TestCase("USA", "1234", NumberFault.WrongLength)]
    [TestCase("USA", "123456789012345678", NumberFault.WrongLength)]
    [TestCase("USA", "1234-5678", NumberFault.BadCharacter)]
    [TestCase("USA", "", NumberFault.Missing)]
    public void A_passport_needs_a_country_and_a_plausible_number(string country, string text, NumberFault expected)
    {
        _ = DocumentNumber.TryParse(DocumentType.Passport, text, country, s_today, out _, out var fault);

        Assert.That(fault, Is.EqualTo(expected));
    }

    [Test]
    public void A_country_is_refused_with_any_other_document()
    {
        var parsed = DocumentNumber.TryParse(DocumentType.ResidentId, "11010519491231002X", "CHN", s_today, out _, out var fault);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(parsed, Is.False);
            Assert.That(fault, Is.EqualTo(NumberFault.CountryNotAllowed));
        }
    }

    [Test]
    public void The_same_number_of_two_countries_is_two_passports() =>
        Assert.That(Parse(DocumentType.Passport, "AB1234567", "FRA"), Is.Not.EqualTo(Parse(DocumentType.Passport, "AB1234567", "ITA")));

    [Test]
    public void A_15_digit_number_and_its_18_digit_form_are_one_document()
    {
        var old = Parse(DocumentType.ResidentId, "110105491231002");
        var current = Parse(DocumentType.ResidentId, "11010519491231002X");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(old, Is.EqualTo(current));
            Assert.That(KeyOf(old), Is.EqualTo(KeyOf(current)));
        }
    }

    [TestCase("810000199001010019")]
    [TestCase("820000198512310029")]
    [TestCase("830000200002290031")]
    public void A_residence_permit_sent_as_a_resident_number_is_the_permit(string text) =>
        Assert.That(Parse(DocumentType.ResidentId, text), Is.EqualTo(Parse(DocumentType.HmtResidence, text)));

    [TestCase("MA01J2K3", "9", "X")]
    [TestCase("JKLMNPQR", "X", "6")]
    [TestCase("T1U2W3X4", "7", "2")]
    [TestCase("MA2Q9W5U", "8", "3")]
    [TestCase("MA5WXY19", "8", "4")]
    public void An_organisation_code_counts_all_26_letters(string body, string rightCheck, string checkByTheAlphabetOf31)
    {
        var right = DocumentNumber.TryParse(DocumentType.OrgCode, body + rightCheck, "", s_today, out _, out _);
        _ = DocumentNumber.TryParse(DocumentType.OrgCode, body + checkByTheAlphabetOf31, "", s_today, out _, out var fault);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(right, Is.True);
            Assert.That(fault, Is.EqualTo(NumberFault.WrongCheckDigit));
        }
    }

    [TestCase("91110000MA01J2K3XN")]
    [TestCase("92440000MA1K4T7LX7")]
    [TestCase("12310000MA5WXY1940")]
    [TestCase("91110000JKLMNPQR69")]
    public void A_social_credit_code_whose_inner_check_was_made_with_the_wrong_alphabet_is_refused(string text)
    {
        // The outer check character is right: only the code inside gives it away.
        Assert.That(CheckDigits.SocialCredit(text.AsSpan(0, 17)), Is.EqualTo(text[17]));

        _ = DocumentNumber.TryParse(DocumentType.Uscc, text, "", s_today, out _, out var fault);

        Assert.That(fault, Is.EqualTo(NumberFault.WrongCheckDigit));
    }

    [Test]
    public void A_social_credit_code_is_equivalent_to_the_organisation_code_in_it()
    {
        var uscc = Parse(DocumentType.Uscc, "91110000MA01J2K39Q");
        var code = Parse(DocumentType.OrgCode, "MA01J2K3-9");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(uscc.Equivalents, Is.EqualTo(new[] { uscc, code }));
            Assert.That(code.Equivalents, Is.EqualTo(new[] { code }));
            Assert.That(code.TryGetOrganisationCode(out _), Is.False);
        }
    }

    [TestCase(DocumentType.ResidentId, "11010519491231002X", "1949-12-31", Sex.Female)]
    [TestCase(DocumentType.ResidentId, "110105491231002", "1949-12-31", Sex.Female)]
    [TestCase(DocumentType.ResidentId, "440524188001010014", "1880-01-01", Sex.Male)]
    [TestCase(DocumentType.ResidentId, "310000198512314564", "1985-12-31", Sex.Female)]
    [TestCase(DocumentType.HmtResidence, "830000200002290031", "2000-02-29", Sex.Male)]
    [TestCase(DocumentType.ForeignPr, "911840198001011235", "1980-01-01", null)]
    [TestCase(DocumentType.ForeignPr, "USA110080010112", null, null)]
    [TestCase(DocumentType.Uscc, "91350100M000100Y43", null, null)]
    [TestCase(DocumentType.Other, "110105194912310021", null, null)]
    public void Birth_date_and_sex_are_read_only_where_the_number_carries_them(
        DocumentType type, string text, string? birth, Sex? sex)
    {
        var number = Parse(type, text);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(number.BirthDate?.ToString("yyyy-MM-dd"), Is.EqualTo(birth));
            Assert.That(number.ImpliedSex, Is.EqualTo(sex));
        }
    }

    [TestCase("2012-02-28", NumberFault.DateInFuture)]
    [TestCase("2012-02-29", NumberFault.None)]
    public void A_number_is_valid_from_the_day_of_birth_on(string today, NumberFault expected)
    {
        var day = DateOnly.ParseExact(today, "yyyy-MM-dd");

        _ = DocumentNumber.TryParse(DocumentType.ResidentId, "44000020120229002X", "", day, out _, out var fault);

        Assert.That(fault, Is.EqualTo(expected));
    }

    [TestCase(DocumentType.ResidentId, "11010519491231002X", "", "1101051949****002X")]
    [TestCase(DocumentType.HmtResidence, "810000199001010019", "", "8100001990****0019")]
    [TestCase(DocumentType.ForeignPr, "911840198001011235", "", "9118401980****1235")]
    [TestCase(DocumentType.ForeignPr, "USA110080010112", "", "USA11008****112")]
    [TestCase(DocumentType.HmPermit, "H12345678", "", "H1*****78")]
    [TestCase(DocumentType.TwPermit, "01234567", "", "01****67")]
    [TestCase(DocumentType.Passport, "E12345678", "CHN", "E1*****78")]
    [TestCase(DocumentType.Passport, "1234567", "USA", "12****7")]
    [TestCase(DocumentType.Passport, "12345", "USA", "1****")]
    [TestCase(DocumentType.Passport, "AB1234567890123", "USA", "AB***********23")]
    [TestCase(DocumentType.Other, "123456789012345678", "", "12**************78")]
    [TestCase(DocumentType.MilitaryId, "123456789012345", "", "12***********45")]
    [TestCase(DocumentType.Other, "123", "", "***")]
    [TestCase(DocumentType.MilitaryId, "军字第1234567号", "", "军字*******7号")]
    [TestCase(DocumentType.Uscc, "91350100M000100Y43", "", "91350100M000100Y43")]
    [TestCase(DocumentType.OrgCode, "MA01J2K39", "", "MA01J2K39")]
    public void A_mask_hides_the_middle_of_a_persons_number_only(DocumentType type, string text, string country, string mask) =>
        Assert.That(Parse(type, text, country).Mask(), Is.EqualTo(mask));

    [TestCase(DocumentType.ResidentId, "11010519491231002X")]
    [TestCase(DocumentType.Uscc, "91350100M000100Y43")]
    [TestCase(DocumentType.Other, "123")]
    public void The_text_for_logs_never_shows_a_whole_number(DocumentType type, string text) =>
        Assert.That(Parse(type, text).ToString(), Does.Not.Contain(text).And.Contain("***"));

    [TestCase(DocumentType.ResidentId, "11010519491231002X", "")]
    [TestCase(DocumentType.Passport, "E12345678", "CHN")]
    [TestCase(DocumentType.MilitaryId, "军字第1234567号", "")]
    [TestCase(DocumentType.Uscc, "91350100M000100Y43", "")]
    public void A_number_comes_back_from_what_is_stored(DocumentType type, string text, string country)
    {
        var number = Parse(type, text, country);

        var restored = DocumentNumber.Restore(number.Type, number.Country, number.Reveal());

        using (Assert.EnterMultipleScope())
        {
            Assert.That(restored, Is.EqualTo(number));
            Assert.That(KeyOf(restored), Is.EqualTo(KeyOf(number)));
        }
    }

    [TestCase(DocumentType.Unspecified, "", "1")]
    [TestCase(DocumentType.ResidentId, "CHN", "11010519491231002X")]
    [TestCase(DocumentType.Passport, "", "E12345678")]
    [TestCase(DocumentType.Other, "", "")]
    public void Damaged_stored_data_are_not_restored(DocumentType type, string country, string canonical) =>
        Assert.That(() => DocumentNumber.Restore(type, country, canonical), Throws.ArgumentException);

    [Test]
    public void The_default_value_cannot_be_used()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => default(DocumentNumber).Reveal(), Throws.InvalidOperationException);
            Assert.That(() => default(DocumentNumber).Type, Throws.InvalidOperationException);
            Assert.That(() => default(DocumentNumber).Mask(), Throws.InvalidOperationException);
            Assert.That(() => default(DocumentNumber).WriteKey(new byte[DocumentNumber.MaxKeyBytes]), Throws.InvalidOperationException);
            Assert.That(default(DocumentNumber).ToString(), Is.EqualTo("(no number)"));
        }
    }

    [TestCase(DocumentType.Unspecified, false, false)]
    [TestCase(DocumentType.ResidentId, true, false)]
    [TestCase(DocumentType.Other, true, false)]
    [TestCase(DocumentType.Uscc, false, true)]
    [TestCase(DocumentType.RegNo, false, true)]
    [TestCase((DocumentType)12, false, false)]
    public void A_type_is_for_persons_or_for_organisations(DocumentType type, bool persons, bool organisations)
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(type.IsForPersons, Is.EqualTo(persons));
            Assert.That(type.IsForOrganisations, Is.EqualTo(organisations));
        }
    }

    private static DocumentNumber Parse(DocumentType type, string text, string country = "")
    {
        _ = DocumentNumber.TryParse(type, text, country, s_today, out var number, out var fault);
        Assert.That(fault, Is.EqualTo(NumberFault.None), "the number of the test is not valid");
        return number;
    }

    private static string KeyOf(DocumentNumber number)
    {
        var key = new byte[DocumentNumber.MaxKeyBytes];
        return System.Text.Encoding.UTF8.GetString(key, 0, number.WriteKey(key));
    }
}
