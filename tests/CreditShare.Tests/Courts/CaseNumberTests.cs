using System.Globalization;
using CreditShare.Core.Courts;
using FsCheck;
using FsCheck.Fluent;
using NUnit.Framework;

namespace CreditShare.Tests.Courts;

internal sealed class CaseNumberTests
{
    [TestCase("（2024）京0105执123号", "京0105", "执", true)]
    [TestCase("（2024）粤07执恢9号", "粤07", "执恢", true)]
    [TestCase("（2016）最高法执监1号", "最高法", "执监", false)]
    [TestCase("（2024）京执复12345678号", "京", "执复", false)]
    [TestCase("（2024）粤0705执保1号", "粤0705", "执保", false)]
    [TestCase("（2024）兵08执异1号", "兵08", "执异", false)]
    [TestCase("（2024）测0101执协1号", "测0101", "执协", false)]
    [TestCase("（2024）沪01执他1号", "沪01", "执他", true)]
    [TestCase("（2019）京73知执5号", "京73", "执", true)]
    public void A_number_since_2016_names_its_court(string text, string court, string type, bool implementing)
    {
        var parsed = CaseNumber.TryParse(text, out var number, out _);

        Assert.That(parsed, Is.True);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(number!.ToString(), Is.EqualTo(text));
            Assert.That(number.Year, Is.EqualTo(int.Parse(text.AsSpan(1, 4), CultureInfo.InvariantCulture)));
            Assert.That(number.Court?.Value, Is.EqualTo(court));
            Assert.That(number.TypeCode, Is.EqualTo(type));
            Assert.That(text, Does.EndWith($"{number.Serial}号"));
            Assert.That(number.IsSpecialTrial, Is.EqualTo(text.Contains('知', StringComparison.Ordinal)));
            Assert.That(number.IsLegacy, Is.False);
            Assert.That(number.IsImplementing, Is.EqualTo(implementing));
        }
    }

    [TestCase("（1999）虹执字第1509号", "虹执", "1509", true)]
    [TestCase("（2012）朝民初字第00123号", "朝民初", "00123", false)]
    [TestCase("（2014）深中法执恢字第12-1号", "深中法执恢", "12-1", true)]
    [TestCase("（2015）一中（执）字第7号", "一中（执）", "7", true)]
    [TestCase("（2013）海执二字第8号", "海执二", "8", true)]
    [TestCase("（2013）虹执异字第8号", "虹执异", "8", false)]
    [TestCase("（2013）虹执保字第8号", "虹执保", "8", false)]
    [TestCase("（2013）沪高执复字第8号", "沪高执复", "8", false)]
    [TestCase("（2013）沪高执监字第8号", "沪高执监", "8", false)]
    [TestCase("（2013）沪高执协字第8号", "沪高执协", "8", false)]
    [TestCase("（2013）虹执他字第8号", "虹执他", "8", false)]
    public void A_number_before_2016_has_no_court_code(string text, string type, string serial, bool implementing)
    {
        var parsed = CaseNumber.TryParse(text, out var number, out _);

        Assert.That(parsed, Is.True);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(number!.ToString(), Is.EqualTo(text));
            Assert.That(number.Court, Is.Null);
            Assert.That(number.IsLegacy, Is.True);
            Assert.That(number.TypeCode, Is.EqualTo(type));
            Assert.That(number.Serial, Is.EqualTo(serial));
            Assert.That(number.IsImplementing, Is.EqualTo(implementing));
        }
    }

    [TestCase("(2024)京0105执123号")]
    [TestCase("〔2024〕京0105执123号")]
    [TestCase("[2024]京0105执123号")]
    [TestCase("［2024］京0105执123号")]
    [TestCase("【2024】京0105执123号")]
    [TestCase("(2024）京0105执123号")]
    [TestCase("（2024)京0105执123号")]
    [TestCase("（２０２４）京０１０５执１２３号")]
    [TestCase(" （2024） 京0105 执 123 号 ")]
    [TestCase("（2024）\u3000京0105执\u00A0123号\r\n")]
    [TestCase("\uFEFF（2024）京0105执123\u200B号")]
    public void Brackets_width_and_spaces_are_folded(string text)
    {
        _ = CaseNumber.TryParse(text, out var number, out _);
        _ = CaseNumber.TryParse("（2024）京0105执123号", out var canonical, out _);

        Assert.That(number, Is.EqualTo(canonical).And.Not.Null);
    }

    [TestCase("", CaseNumberFault.Missing)]
    [TestCase(" \u3000 ", CaseNumberFault.Missing)]
    [TestCase("（2024）京0105执1号                                                     ", CaseNumberFault.TooLong)]
    [TestCase("2024京0105执123号", CaseNumberFault.BadForm)]
    [TestCase("（2024）京0105执123", CaseNumberFault.BadForm)]
    [TestCase("（2024）京0105执号", CaseNumberFault.BadForm)]
    [TestCase("（2024）京0105执0123号", CaseNumberFault.BadForm)]
    [TestCase("（2024）京0105执1234567890123号", CaseNumberFault.BadForm)]
    [TestCase("（2024）京0105执12A号", CaseNumberFault.BadForm)]
    [TestCase("（2024）京0105民初123号", CaseNumberFault.BadForm)]
    [TestCase("（2024）京010执123号", CaseNumberFault.BadForm)]
    [TestCase("（2024）港01执123号", CaseNumberFault.BadForm)]
    [TestCase("（2124）京0105执123号", CaseNumberFault.BadForm)]
    [TestCase("（24）京0105执123号", CaseNumberFault.BadForm)]
    [TestCase("（2024）京0105执123号之一", CaseNumberFault.BadForm)]
    [TestCase("（2014）字第1号", CaseNumberFault.BadForm)]
    [TestCase("（2014）一二三四五六七八九十一二三字第1号", CaseNumberFault.BadForm)]
    [TestCase("（2014）朝执字第号", CaseNumberFault.BadForm)]
    [TestCase("（2014）朝执字第1-号", CaseNumberFault.BadForm)]
    [TestCase("（2014）朝执字第1-2-3号", CaseNumberFault.BadForm)]
    [TestCase("（2014）朝<b>执字第1号", CaseNumberFault.BadForm)]
    public void Anything_else_is_refused_with_its_reason(string text, CaseNumberFault expected)
    {
        var parsed = CaseNumber.TryParse(text, out var number, out var fault);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(parsed, Is.False);
            Assert.That(number, Is.Null);
            Assert.That(fault, Is.EqualTo(expected));
        }
    }

    [Test]
    public void Any_number_parses_back_from_its_canonical_form()
    {
        var numbers =
            from year in Gen.Choose(2016, 2099)
            from court in Gen.Elements("最高法", "京", "粤07", "京0105", "测0203")
            from special in Gen.Elements("", "知")
            from type in Gen.Elements("执", "执恢", "执保", "执异", "执复", "执监", "执协", "执他")
            from serial in Gen.Choose(1, int.MaxValue)
            select string.Create(CultureInfo.InvariantCulture, $"({year}) {court}{special}{type} {serial}号");

        Prop.ForAll(numbers.ToArbitrary(), text =>
            CaseNumber.TryParse(text, out var first, out _)
            && CaseNumber.TryParse(first.ToString(), out var second, out _)
            && first == second
            && first.GetHashCode() == second.GetHashCode()
            && (first.Year, first.Court, first.TypeCode, first.Serial) == (second.Year, second.Court, second.TypeCode, second.Serial))
            .QuickCheckThrowOnFailure();
    }
}
