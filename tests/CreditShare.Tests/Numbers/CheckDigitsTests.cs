using CreditShare.Core.Numbers;
using NUnit.Framework;

namespace CreditShare.Tests.Numbers;

internal sealed class CheckDigitsTests
{
    [TestCase("11010519491231002", 'X')]
    [TestCase("44052418800101001", '4')]
    [TestCase("11000019900307213", '8')]
    [TestCase("31000019851231456", '4')]
    [TestCase("44000020100229001", '7')]
    [TestCase("44000020120229002", 'X')]
    [TestCase("51000019700101996", '1')]
    public void A_citizen_number_is_checked_by_mod_11_2(string body, char check) =>
        Assert.That(CheckDigits.Citizen(body), Is.EqualTo(check));

    [TestCase("91350100M000100Y4", '3')]
    [TestCase("91110000200000347", '0')]
    [TestCase("91110000MA01J2K39", 'Q')]
    public void A_social_credit_code_is_checked_by_powers_of_three(string body, char check) =>
        Assert.That(CheckDigits.SocialCredit(body), Is.EqualTo(check));

    [TestCase("MA01J2K3", '9')]
    [TestCase("JKLMNPQR", 'X')]
    [TestCase("IOSVZ123", '9')]
    [TestCase("10000004", '0')]
    [TestCase("12345678", '8')]
    public void An_organisation_code_is_checked_with_all_letters(string body, char check) =>
        Assert.That(CheckDigits.Organisation(body), Is.EqualTo(check));

    [TestCase("1101051949123100")]
    [TestCase("110105194912310021")]
    [TestCase("1101051949123100X")]
    [TestCase("１1010519491231002")]
    public void A_body_of_another_alphabet_or_length_is_an_error_of_the_program(string body) =>
        Assert.That(() => CheckDigits.Citizen(body), Throws.ArgumentException);

    [Test]
    public void Letters_that_could_be_mistaken_have_no_place_in_a_social_credit_code([Values('I', 'O', 'S', 'V', 'Z', 'a', ':')] char letter) =>
        Assert.That(() => CheckDigits.SocialCredit($"91110000MA01J2K3{letter}"), Throws.ArgumentException);
}
