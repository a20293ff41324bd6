using CreditShare.Core.Courts;
using NUnit.Framework;

namespace CreditShare.Tests.Courts;

internal sealed class CourtCsvTests
{
    [Test]
    public void A_row_becomes_a_court()
    {
        var result = Parse("\"测0122\",\"测试,\"\"甲\"\"法院\",BASIC, 测01 ,2016-01-01,2019-12-31");

        Assert.That(result.Faults, Is.Empty);
        var court = result.Courts.Single();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(court.Code.Value, Is.EqualTo("测0122"));
            Assert.That(court.Name, Is.EqualTo("测试,\"甲\"法院"));
            Assert.That(court.Level, Is.EqualTo(CourtLevel.Basic));
            Assert.That(court.Parent?.Value, Is.EqualTo("测01"));
            Assert.That(court.ValidFrom, Is.EqualTo(new DateOnly(2016, 1, 1)));
            Assert.That(court.ValidTo, Is.EqualTo(new DateOnly(2019, 12, 31)));
        }
    }

    [Test]
    public void Fields_that_may_be_empty_are_null()
    {
        var court = Parse("最高法,最高人民法院,SUPREME,,,").Courts.Single();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(court.Parent, Is.Null);
            Assert.That(court.ValidFrom, Is.Null);
            Assert.That(court.ValidTo, Is.Null);
        }
    }

    [TestCase("京010,甲法院,BASIC,京01,,", CourtFaultKind.BadCode, "京010")]
    [TestCase("京0106,甲法院,LOW,京01,,", CourtFaultKind.WrongLevel, "LOW")]
    [TestCase("京0106,甲法院,BASIC,东01,,", CourtFaultKind.UnknownParent, "东01")]
    [TestCase("京0106,甲法院,BASIC,京01,2026-02-29,", CourtFaultKind.BadValidity, "2026-02-29")]
    [TestCase("京0106,甲法院,BASIC,京01,,1/1/2026", CourtFaultKind.BadValidity, "1/1/2026")]
    [TestCase("京0106,甲法院,BASIC,京01,", CourtFaultKind.BadColumns, "京0106,甲法院,BASIC,京01,")]
    [TestCase("京0106,\"甲法院,BASIC,京01,,", CourtFaultKind.BadColumns, "京0106,\"甲法院,BASIC,京01,,")]
    public void A_row_with_a_fault_is_told_by_its_number_and_left_out(string line, CourtFaultKind kind, string subject)
    {
        var result = Parse("测0122,测试法院,BASIC,测01,,", "", line);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.Courts.Select(court => court.Code.Value), Is.EqualTo(new[] { "测0122" }));
            Assert.That(result.Faults, Is.EqualTo(new[] { new CourtFault(2, kind, subject) }));
        }
    }

    [TestCase("")]
    [TestCase("code,name\n京,北京市高级人民法院")]
    public void A_text_without_the_header_is_no_court_table(string text) =>
        Assert.That(() => CourtCsv.Parse(new StringReader(text)), Throws.InstanceOf<FormatException>());

    [Test]
    public void A_byte_order_mark_before_the_header_is_taken() =>
        Assert.That(CourtCsv.Parse(new StringReader("\uFEFF" + CourtCsv.Header)).Courts, Is.Empty);

    private static CourtCsvResult Parse(params string[] lines) =>
        CourtCsv.Parse(new StringReader(string.Join('\n', lines.Prepend(CourtCsv.Header))));
}
