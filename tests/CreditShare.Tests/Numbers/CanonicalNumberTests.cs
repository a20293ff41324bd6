using System.Text;
using CreditShare.Core.Numbers;
using NUnit.Framework;

namespace CreditShare.Tests.Numbers;

internal sealed class CanonicalNumberTests
{
    private static readonly DateOnly s_today = new(2026, 3, 2);

    private static IEnumerable<TestCaseData> Numbers()
    {
        yield return new TestCaseData(DocumentType.ResidentId, " 110105 19491231 002x", "").SetName("Resident");
        yield return new TestCaseData(DocumentType.ResidentId, "110105491231002", "").SetName("Resident, 15 digits");
        yield return new TestCaseData(DocumentType.ResidentId, "810000199001010019", "").SetName("Residence permit");
        yield return new TestCaseData(DocumentType.ForeignPr, "911840198001011235", "").SetName("Foreign card");
        yield return new TestCaseData(DocumentType.HmPermit, "H1234567801", "").SetName("Permit for Hong Kong");
        yield return new TestCaseData(DocumentType.TwPermit, "01234567", "").SetName("Permit for Taiwan");
        yield return new TestCaseData(DocumentType.Passport, "E12345678", "CN").SetName("Passport");
        yield return new TestCaseData(DocumentType.MilitaryId, "军字第1234567号", "").SetName("Military document");
        yield return new TestCaseData(DocumentType.Other, new string('军', 32), "").SetName("Longest key");
        yield return new TestCaseData(DocumentType.Uscc, "91110000MA01J2K39Q", "").SetName("Social credit code");
        yield return new TestCaseData(DocumentType.OrgCode, "MA01J2K3-9", "").SetName("Organisation code");
        yield return new TestCaseData(DocumentType.RegNo, "110000001234567", "").SetName("Registration");
    }

    [TestCaseSource(nameof(Numbers))]
    public void The_key_is_the_same_from_text_from_utf8_and_from_the_parsed_number(DocumentType type, string text, string country)
    {
        _ = DocumentNumber.TryParse(type, text, country, s_today, out var number, out _);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Key(type, text, country), Is.EqualTo(Key(number)));
            Assert.That(Key(type, Encoding.UTF8.GetBytes(text), country), Is.EqualTo(Key(number)));
        }
    }

    [TestCaseSource(nameof(Numbers))]
    public void A_key_is_written_without_allocating(DocumentType type, string text, string country)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        var key = new byte[CanonicalNumber.MaxKeyBytes];
        var orgKey = new byte[CanonicalNumber.MaxKeyBytes];
        Write();

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) Write();
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.That(allocated, Is.Zero);

        void Write()
        {
            CanonicalNumber.TryWriteKey(type, text, country, s_today, key, out _, out _);
            CanonicalNumber.TryWriteKey(type, utf8, country, s_today, key, out var written, out _);
            CanonicalNumber.TryWriteOrganisationCodeKey(key.AsSpan(0, written), orgKey, out _);
        }
    }

    [Test]
    public void The_key_begins_with_the_real_type_and_a_zero()
    {
        Assert.That(
            Key(DocumentType.ResidentId, "810000199001010019", ""),
            Is.EqualTo("\u0002\0810000199001010019"u8.ToArray()));
    }

    [Test]
    public void The_key_of_the_inner_organisation_code_is_that_of_the_code_alone()
    {
        var destination = new byte[11];

        var found = CanonicalNumber.TryWriteOrganisationCodeKey(
            Key(DocumentType.Uscc, "91110000MA01J2K39Q", ""), destination, out var written);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(found, Is.True);
            Assert.That(destination[..written], Is.EqualTo(Key(DocumentType.OrgCode, "MA01J2K39", "")));
        }
    }

    [Test]
    public void Other_keys_hold_no_organisation_code()
    {
        // As long as the key of a social credit code, but of a person.
        var found = CanonicalNumber.TryWriteOrganisationCodeKey(
            Key(DocumentType.ResidentId, "11010519491231002X", ""), new byte[11], out var written);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(found, Is.False);
            Assert.That(written, Is.Zero);
        }
    }

    private static IEnumerable<TestCaseData> BadUtf8()
    {
        yield return new TestCaseData(DocumentType.Other, new byte[] { 0x31, 0xFF, 0x32 }, NumberFault.BadCharacter).SetName("Stray byte");
        yield return new TestCaseData(DocumentType.Other, new byte[] { 0x31, 0xE5, 0x86 }, NumberFault.BadCharacter).SetName("Cut character");
        yield return new TestCaseData(DocumentType.Other, new byte[] { 0x31, 0xF0, 0x9F, 0x98, 0x80 }, NumberFault.BadCharacter).SetName("Emoji");
        yield return new TestCaseData(DocumentType.Other, Encoding.UTF8.GetBytes(new string('军', 33)), NumberFault.TooLong).SetName("33 characters");
        yield return new TestCaseData(DocumentType.Other, Array.Empty<byte>(), NumberFault.Missing).SetName("No byte");
        yield return new TestCaseData(DocumentType.Unspecified, new byte[] { 0xFF }, NumberFault.TypeUnknown).SetName("Type before text");
    }

    [TestCaseSource(nameof(BadUtf8))]
    public void Malformed_utf8_is_refused(DocumentType type, byte[] text, NumberFault expected)
    {
        var key = new byte[CanonicalNumber.MaxKeyBytes];

        var valid = CanonicalNumber.TryWriteKey(type, text, "", s_today, key, out var written, out var fault);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(valid, Is.False);
            Assert.That(written, Is.Zero);
            Assert.That(fault, Is.EqualTo(expected));
        }
    }

    [Test]
    public void A_destination_that_could_be_too_short_is_an_error_of_the_program()
    {
        Assert.That(
            () => CanonicalNumber.TryWriteKey(
                DocumentType.TwPermit, "01234567", "", s_today, new byte[CanonicalNumber.MaxKeyBytes - 1], out _, out _),
            Throws.ArgumentException);
    }

    private static byte[] Key(DocumentNumber number)
    {
        var key = new byte[DocumentNumber.MaxKeyBytes];
        return key[..number.WriteKey(key)];
    }

    private static byte[] Key(DocumentType type, string text, string country)
    {
        var key = new byte[CanonicalNumber.MaxKeyBytes];
        CanonicalNumber.TryWriteKey(type, text, country, s_today, key, out var written, out var fault);
        Assert.That(fault, Is.EqualTo(NumberFault.None), "the number of the test is not valid");
        return key[..written];
    }

    private static byte[] Key(DocumentType type, byte[] utf8, string country)
    {
        var key = new byte[CanonicalNumber.MaxKeyBytes];
        CanonicalNumber.TryWriteKey(type, utf8, country, s_today, key, out var written, out _);
        return key[..written];
    }
}
