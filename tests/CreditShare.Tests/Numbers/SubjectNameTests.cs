using System.Globalization;
using System.Text;
using CreditShare.Core.Numbers;
using NUnit.Framework;

namespace CreditShare.Tests.Numbers;

internal sealed class SubjectNameTests
{
    [TestCase("张三", "张三", TestName = "A plain name stays")]
    [TestCase(" 张 三 ", "张三", TestName = "Spaces within and around")]
    [TestCase("张\u3000三", "张三", TestName = "Ideographic space")]
    [TestCase("张\u00A0三\t\r\n", "张三", TestName = "No-break space, tab and line break")]
    [TestCase("张\u200B三\uFEFF", "张三", TestName = "Zero-width space and byte order mark")]
    [TestCase("张\u200D三\u2060", "张三", TestName = "Joiner and word joiner")]
    [TestCase("张\uFE00三", "张三", TestName = "Variation selector")]
    [TestCase("葛\U000E0100城", "葛城", TestName = "Ideographic variation selector")]
    [TestCase("𠮷野", "𠮷野", TestName = "Ideograph of a supplementary plane")]
    [TestCase("John  Smith", "JOHNSMITH", TestName = "Case and double space")]
    [TestCase("ＪＯＨＮ　ｓｍｉｔｈ", "JOHNSMITH", TestName = "Full-width letters")]
    [TestCase("J. Smith", "J.SMITH", TestName = "A full stop between letters stays")]
    [TestCase("José Nuñez", "JOSÉNUÑEZ", TestName = "Latin letters with marks")]
    [TestCase("ÿžőş", "ŸŽŐŞ", TestName = "Extended Latin letters")]
    [TestCase("Nguyễn", "NGUYỄN", TestName = "Vietnamese letters")]
    [TestCase("Иван Ёлкин", "ИВАНЁЛКИН", TestName = "Cyrillic letters")]
    [TestCase("Αλέξης", "ΑΛέΞΗΣ", TestName = "Greek letters, accents left alone")]
    [TestCase("O’Brien", "O'BRIEN", TestName = "Curly apostrophe")]
    [TestCase("Anne–Marie", "ANNE-MARIE", TestName = "Dash for hyphen")]
    [TestCase("北京某某（集团）有限公司", "北京某某(集团)有限公司", TestName = "Full-width brackets")]
    [TestCase("北京某某【集团】有限公司", "北京某某(集团)有限公司", TestName = "Lenticular brackets")]
    [TestCase("北京某某〔集团〕有限公司", "北京某某(集团)有限公司", TestName = "Tortoise-shell brackets")]
    [TestCase("３Ｍ中国有限公司", "3M中国有限公司", TestName = "Full-width digit and letter")]
    public void A_name_is_compared_in_one_form(string text, string normalised)
    {
        var parsed = SubjectName.TryParse(text, out var name, out var fault);

        Assert.That(fault, Is.EqualTo(NameFault.None));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(parsed, Is.True);
            Assert.That(name.Normalised, Is.EqualTo(normalised));
        }
    }

    [TestCase("00B7")]
    [TestCase("2022")]
    [TestCase("2027")]
    [TestCase("2219")]
    [TestCase("22C5")]
    [TestCase("30FB")]
    [TestCase("FF65")]
    [TestCase("0387")]
    [TestCase("16EB")]
    [TestCase("2E31")]
    [TestCase("A78F")]
    [TestCase("002E")]
    [TestCase("FF0E")]
    public void Every_middle_dot_is_the_same_between_han_characters(string dot)
    {
        var c = (char)int.Parse(dot, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

        Assert.That(Parse($"买买提{c}艾山").Normalised, Is.EqualTo("买买提\u00B7艾山"));
    }

    [Test]
    public void A_full_stop_is_a_middle_dot_also_with_spaces_around_it() =>
        Assert.That(Parse("买买提 . 艾山"), Has.Property(nameof(SubjectName.Normalised)).EqualTo("买买提\u00B7艾山"));

    [Test]
    public void The_text_stays_as_given_but_for_the_white_space_around_it() =>
        Assert.That(Parse(" 买买提 • 艾山\u3000").Text, Is.EqualTo("买买提 • 艾山"));

    [TestCase("欧阳 娜娜", "欧阳娜娜", true)]
    [TestCase("john smith", "JOHN SMITH", true)]
    [TestCase("颜某", "闫某", false)]
    [TestCase("张三", "zhangsan", false)]
    [TestCase("张三", "张三丰", false)]
    [TestCase("後藤", "后藤", false)]
    public void Names_match_by_form_never_by_sound(string left, string right, bool expected) =>
        Assert.That(Parse(left).Matches(Parse(right)), Is.EqualTo(expected));

    private static IEnumerable<TestCaseData> Faults()
    {
        yield return new TestCaseData("", NameFault.Missing).SetName("No character");
        yield return new TestCaseData(" \u3000\u200B", NameFault.Missing).SetName("Nothing visible");
        yield return new TestCaseData("\U000E0101\U000E0102", NameFault.Missing).SetName("Variation selectors alone");
        yield return new TestCaseData(new string('张', 201), NameFault.TooLong).SetName("201 characters");
        yield return new TestCaseData("张\0三", NameFault.BadCharacter).SetName("Null character");
        yield return new TestCaseData("张\u001B三", NameFault.BadCharacter).SetName("Escape character");
        yield return new TestCaseData("张\u007F", NameFault.BadCharacter).SetName("Delete character");
        yield return new TestCaseData("张\u0090", NameFault.BadCharacter).SetName("C1 control character");
        yield return new TestCaseData("张\uE123", NameFault.BadCharacter).SetName("Private use");
        yield return new TestCaseData("张\U000F0000", NameFault.BadCharacter).SetName("Private use, plane 15");
        yield return new TestCaseData("张\uFFFD", NameFault.BadCharacter).SetName("Replacement character");
        yield return new TestCaseData("张\uFDD0", NameFault.BadCharacter).SetName("Noncharacter");
        yield return new TestCaseData("张\U0001FFFF", NameFault.BadCharacter).SetName("Noncharacter, plane 1");
        yield return new TestCaseData("张" + (char)0xD842, NameFault.BadCharacter).SetName("High surrogate at the end");
        yield return new TestCaseData("张" + (char)0xD842 + "三", NameFault.BadCharacter).SetName("High surrogate alone");
        yield return new TestCaseData("张" + (char)0xDFB7 + "三", NameFault.BadCharacter).SetName("Low surrogate alone");
    }

    [TestCaseSource(nameof(Faults))]
    public void A_name_with_a_fault_is_refused_with_its_reason(string text, NameFault expected)
    {
        var parsed = SubjectName.TryParse(text, out _, out var fault);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(parsed, Is.False);
            Assert.That(fault, Is.EqualTo(expected));
        }
    }

    [Test]
    public void White_space_around_a_name_does_not_count_towards_its_length() =>
        Assert.That(Parse($"  {new string('张', 200)}  ").Text, Has.Length.EqualTo(SubjectName.MaxLength));

    [Test]
    public void Normalising_twice_changes_nothing([Values("买买提．艾山", "ＪＯＨＮ　ｓｍｉｔｈ", "𠮷野（ＡＢ）", "ſıǆ’–")] string text)
    {
        var once = Parse(text).Normalised;

        Assert.That(Parse(once).Normalised, Is.EqualTo(once));
    }

    [Test]
    public void A_name_is_normalised_without_allocating()
    {
        const string text = "　买买提．艾山（ＡＢＣ） 𠮷 john smith";
        var destination = new char[SubjectName.MaxLength];
        SubjectName.TryWriteNormalised(text, destination, out _, out _);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) SubjectName.TryWriteNormalised(text, destination, out _, out _);

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    [Test]
    public void The_span_form_writes_what_the_value_holds()
    {
        const string text = "　买买提．艾山（ＡＢＣ） 𠮷 john smith";
        var destination = new char[SubjectName.MaxLength];

        SubjectName.TryWriteNormalised(text, destination, out var written, out _);

        Assert.That(new string(destination, 0, written), Is.EqualTo(Parse(text).Normalised));
    }

    [Test]
    public void The_text_for_logs_shows_one_character([Values("张三", "𠮷野太郎")] string text) =>
        Assert.That(Parse(text).ToString(), Does.EndWith("*").And.Not.Contain(text[2..].Length > 0 ? text[2..] : text[1..]));

    [Test]
    public void The_default_value_cannot_be_used()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => default(SubjectName).Text, Throws.InvalidOperationException);
            Assert.That(() => default(SubjectName).Matches(Parse("张三")), Throws.InvalidOperationException);
        }
    }

    private static SubjectName Parse(string text)
    {
        _ = SubjectName.TryParse(text, out var name, out var fault);
        Assert.That(fault, Is.EqualTo(NameFault.None), "the name of the test is not valid");
        return name;
    }

    [Test]
    public void In_UTF_8_every_character_counts_as_in_UTF_16()
    {
        var different = Enumerable.Range(0, 0x30000)
            .Where(scalar => Rune.IsValid(scalar))
            .SelectMany(scalar => new[] { new Rune(scalar).ToString(), $"张{new Rune(scalar)}三" })
            .Where(text => Judge(text) != Judge(Encoding.UTF8.GetBytes(text)));

        Assert.That(different, Is.Empty);
    }

    [Test]
    public void In_UTF_8_any_bytes_count_as_the_text_that_protobuf_makes_of_them()
    {
        var random = new Random(7);
        for (var round = 0; round < 20_000; round++)
        {
            // Mostly what begins and continues a Han character, so that it comes close.
            var bytes = new byte[random.Next(1, 12)];
            for (var i = 0; i < bytes.Length; i++) bytes[i] = (byte)(random.Next(8) == 0 ? random.Next(256) : i % 3 == 0 ? random.Next(0xE3, 0xEB) : random.Next(0x80, 0xC0));

            Assert.That(Judge(bytes), Is.EqualTo(Judge(Encoding.UTF8.GetString(bytes))), Convert.ToHexString(bytes));
        }
    }

    [TestCase(200, NameFault.None)]
    [TestCase(201, NameFault.TooLong)]
    [TestCase(5_000, NameFault.TooLong)]
    public void In_UTF_8_a_name_has_the_same_bound(int length, NameFault expected) =>
        Assert.That(Judge(Encoding.UTF8.GetBytes(new string('张', length))), Is.EqualTo(expected));

    private static NameFault Judge(string text) => SubjectName.IsValid(text, out var fault) ? NameFault.None : fault;

    private static NameFault Judge(byte[] utf8) => SubjectName.IsValid(utf8, out var fault) ? NameFault.None : fault;
}
