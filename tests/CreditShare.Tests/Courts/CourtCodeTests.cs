using CreditShare.Core.Courts;
using NUnit.Framework;

namespace CreditShare.Tests.Courts;

internal sealed class CourtCodeTests
{
    [TestCase("最高法", CourtLevel.Supreme, "最高法")]
    [TestCase("京", CourtLevel.High, "京")]
    [TestCase("兵", CourtLevel.High, "兵")]
    [TestCase("粤07", CourtLevel.Intermediate, "粤")]
    [TestCase("京0105", CourtLevel.Basic, "京")]
    [TestCase("测", CourtLevel.High, "测")]
    [TestCase("测0101", CourtLevel.Basic, "测")]
    public void A_code_tells_level_and_region(string text, CourtLevel level, string region)
    {
        var parsed = CourtCode.TryParse(text, out var code);

        Assert.That(parsed, Is.True);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(code.Value, Is.EqualTo(text));
            Assert.That(code.ToString(), Is.EqualTo(text));
            Assert.That(code.Level, Is.EqualTo(level));
            Assert.That(code.Region, Is.EqualTo(region));
            Assert.That(code.IsSynthetic, Is.EqualTo(region == "测"));
        }
    }

    [TestCase(" 京０１０５ ", "京0105")]
    [TestCase("粤\u200B07", "粤07")]
    public void Width_and_white_space_are_folded(string text, string expected)
    {
        _ = CourtCode.TryParse(text, out var code);

        Assert.That(code.Value, Is.EqualTo(expected));
    }

    [TestCase("")]
    [TestCase("  ")]
    [TestCase("最")]
    [TestCase("最高")]
    [TestCase("最高法01")]
    [TestCase("京1")]
    [TestCase("京010")]
    [TestCase("京01055")]
    [TestCase("京01A5")]
    [TestCase("0105")]
    [TestCase("港01")]
    [TestCase("京京")]
    public void Anything_else_is_no_code(string text) => Assert.That(CourtCode.TryParse(text, out _), Is.False);

    [Test]
    public void Codes_are_ordered_by_their_text()
    {
        _ = CourtCode.TryParse("测01", out var first);
        _ = CourtCode.TryParse("测0101", out var second);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(first, Is.LessThan(second));
            Assert.That(first < second && second > first && first <= second && second >= first, Is.True);
        }
    }

    [Test]
    public void The_default_value_cannot_be_used() =>
        Assert.That(() => default(CourtCode).Value, Throws.InvalidOperationException);
}
