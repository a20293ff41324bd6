using CreditShare.Cli.CommandLine;
using CreditShare.Cli.Listings;
using CreditShare.V1;
using NUnit.Framework;

namespace CreditShare.Tests.Cli;

internal sealed class DirtTests
{
    [TestCase("2017年05月12日", "2017-05-12")]
    [TestCase("2017年5月2日", "2017-05-02")]
    [TestCase("20190709", "2019-07-09")]
    [TestCase("2019-07-09", "2019-07-09")]
    public void Every_form_of_a_date_is_read(string text, string date)
    {
        Assert.That(DirtyText.TryParseDate(text, out var read), Is.True);
        Assert.That(read.Form(), Is.EqualTo(date));
    }

    [TestCase("2019-02-29")]
    [TestCase("190709")]
    [TestCase("2019")]
    [TestCase("07/09/2019")]
    public void A_date_is_never_guessed(string text) => Assert.That(DirtyText.TryParseDate(text, out _), Is.False);

    [TestCase("暂无", "")]
    [TestCase(" 支付 ", "支付")]
    [TestCase("支付<br/>货款<p class=\"x\">1000元</p>", "支付 货款 1000元")]
    [TestCase("一、支付货款；\r\n二、支付利息", "一、支付货款； 二、支付利息")]
    [TestCase("甲&nbsp;&amp;乙", "甲 &乙")]
    [TestCase("利率<3.85%且>1%", "利率<3.85%且>1%")]
    [TestCase("《协议》", "《协议》")]
    public void Mark_up_and_line_breaks_go_and_nothing_else(string dirty, string clean) =>
        Assert.That(DirtyText.Clean(dirty), Is.EqualTo(clean));

    [TestCase("有履行能力而拒不履行生效法律文书确定义务的", Ground.RefusesThoughAble)]
    [TestCase("有履行能力而拒不履行生效法律文书确定义务", Ground.RefusesThoughAble)]
    [TestCase("其他有履行能力而拒不履行生效法律文书确定义务的", Ground.RefusesThoughAble)]
    [TestCase("以伪造证据、暴力、威胁等方法妨碍、抗拒执行的", Ground.Obstructs)]
    [TestCase("以虚假诉讼、虚假仲裁或者以隐匿、转移财产等方法规避执行", Ground.Evades)]
    [TestCase("违反财产报告制度的", Ground.BreachesAssetReporting)]
    [TestCase("违反限制高消费令的", Ground.BreachesConsumptionRestriction)]
    [TestCase("违反限制消费令", Ground.BreachesConsumptionRestriction)]
    [TestCase("被执行人无正当理由拒不履行执行和解协议的", Ground.RefusesSettlement)]
    [TestCase("无正当理由拒不履行执行和解协议", Ground.RefusesSettlement)]
    [TestCase("违反财产报告制度的,违反限制消费令的", Ground.BreachesAssetReporting, Ground.BreachesConsumptionRestriction)]
    [TestCase("违反财产报告制度，违反财产报告制度的", Ground.BreachesAssetReporting)]
    [TestCase("")]
    public void Grounds_are_read_in_both_texts(string text, params Ground[] grounds)
    {
        Assert.That(GroundText.TryParse(text, out var read, out _), Is.True);
        Assert.That(read, Is.EqualTo(grounds));
    }

    // The numbers of 2013 and 2017 mean different grounds.
    [TestCase("1", "1")]
    [TestCase("违反财产报告制度的,其他规避执行", "其他规避执行")]
    public void A_ground_is_never_guessed(string text, string unknown)
    {
        Assert.That(GroundText.TryParse(text, out _, out var named), Is.False);
        Assert.That(named, Is.EqualTo(unknown));
    }

    [TestCase("=cmd()", "'=cmd()")]
    [TestCase("+1", "'+1")]
    [TestCase("-1", "'-1")]
    [TestCase("@x", "'@x")]
    [TestCase("110000199003072138", "'110000199003072138")]
    [TestCase("123456789012", "'123456789012")]
    [TestCase("012345678", "'012345678")]
    [TestCase("1234567E8", "'1234567E8")]
    [TestCase("11000019900307213X", "11000019900307213X")]
    [TestCase("12345678901", "12345678901")]
    [TestCase("0", "0")]
    [TestCase("'测试", "'测试")]
    [TestCase("测试", "测试")]
    [TestCase("", "")]
    public void A_cell_that_a_spreadsheet_would_change_is_made_harmless_and_can_be_restored(string text, string harmless)
    {
        Assert.That(CsvText.Neutralise(text), Is.EqualTo(harmless));
        Assert.That(CsvText.Restore(harmless), Is.EqualTo(text));
    }

    [TestCase("plain", "plain")]
    [TestCase("a,b", "\"a,b\"")]
    [TestCase("a\"b", "\"a\"\"b\"")]
    [TestCase("a\nb", "\"a\nb\"")]
    public void A_field_is_quoted_where_it_must_be(string text, string field)
    {
        var output = new StringWriter();

        CsvText.WriteField(output, text);

        Assert.That(output.ToString(), Is.EqualTo(field));
    }
}
