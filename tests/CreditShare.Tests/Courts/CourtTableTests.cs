using CreditShare.Core.Courts;
using NUnit.Framework;

namespace CreditShare.Tests.Courts;

internal sealed class CourtTableTests
{
    [TestCase("最高法", "中华人民共和国最高人民法院", null)]
    [TestCase("京", "北京市高级人民法院", "最高法")]
    [TestCase("兵", "新疆维吾尔自治区高级人民法院生产建设兵团分院", "最高法")]
    [TestCase("粤07", "广东省江门市中级人民法院", "粤")]
    [TestCase("粤0705", "广东省江门市新会区人民法院", "粤07")]
    [TestCase("京0105", "北京市朝阳区人民法院", "京03")]
    [TestCase("测0101", "测试甲市第一区人民法院（虚构）", "测01")]
    public void The_seed_knows_the_courts_of_the_rules(string code, string name, string? parent)
    {
        var found = CourtTable.Seed.TryFind(Code(code), out var court);

        Assert.That(found, Is.True);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(court!.Name, Is.EqualTo(name));
            Assert.That(court.Parent?.Value, Is.EqualTo(parent));
        }
    }

    [Test]
    public void The_seed_has_every_high_court_once()
    {
        var regions = CourtTable.Seed.Courts.Where(court => court.Level == CourtLevel.High).Select(court => court.Code.Value);

        Assert.That(regions, Is.EquivalentTo("京津冀晋内辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川黔云藏陕甘青宁新兵测".Select(c => c.ToString())));
    }

    [Test]
    public void Every_made_up_court_says_so_in_its_name()
    {
        var synthetic = CourtTable.Seed.Courts.Where(court => court.Code.IsSynthetic).ToList();

        Assert.That(synthetic, Has.Count.GreaterThan(30));
        Assert.That(synthetic.Select(court => court.Name), Has.All.StartsWith("测试").And.All.EndsWith("法院（虚构）"));
    }

    [TestCase("京0105", "京0105", true)]
    [TestCase("京03", "京0105", true)]
    [TestCase("京", "京0105", true)]
    [TestCase("最高法", "京0105", true)]
    [TestCase("最高法", "最高法", true)]
    [TestCase("京01", "京0105", false, Description = "The prefix is not the parent")]
    [TestCase("京0105", "京03", false)]
    [TestCase("粤", "京0105", false)]
    [TestCase("测03", "测0121", true)]
    [TestCase("测01", "测0121", false)]
    [TestCase("京0106", "京0106", false, Description = "Not in the table")]
    [TestCase("京", "京0106", false, Description = "Not in the table")]
    public void A_platform_speaks_for_itself_and_for_the_courts_below_it(string platform, string court, bool expected) =>
        Assert.That(CourtTable.Seed.Covers(Code(platform), Code(court)), Is.EqualTo(expected));

    [Test]
    public void A_table_with_more_courts_leaves_the_old_one_as_it_was()
    {
        var changed = CourtTable.Seed.With([Row("京0106", "京02"), Row("京02", "京"), Row("测0121", "测01")]);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(changed.Covers(Code("京02"), Code("京0106")), Is.True);
            Assert.That(changed.Covers(Code("测01"), Code("测0121")), Is.True);
            Assert.That(changed.Courts, Has.Length.EqualTo(CourtTable.Seed.Courts.Length + 2));
            Assert.That(CourtTable.Seed.TryFind(Code("京0106"), out _), Is.False);
            Assert.That(CourtTable.Seed.Covers(Code("测01"), Code("测0121")), Is.False);
        }
    }

    [Test]
    public void Good_rows_have_no_faults_whatever_their_order() =>
        Assert.That(CourtTable.Seed.Validate([Row("京0106", "京02"), Row("京02", "京")]), Is.Empty);

    private static IEnumerable<TestCaseData> Faults()
    {
        yield return new TestCaseData(Row("京0106", "京02"), CourtFaultKind.UnknownParent).SetName("Unknown parent");
        yield return new TestCaseData(Row("京0106", null), CourtFaultKind.MissingParent).SetName("Missing parent");
        yield return new TestCaseData(Row("最高法", "京"), CourtFaultKind.MissingParent).SetName("Parent above the highest");
        yield return new TestCaseData(Row("京0106", "京0105"), CourtFaultKind.WrongParentLevel).SetName("Parent of the same level");
        yield return new TestCaseData(Row("京02", "京0105"), CourtFaultKind.WrongParentLevel).SetName("Parent of a lower level");
        yield return new TestCaseData(Row("京02", "京") with { Level = CourtLevel.Basic }, CourtFaultKind.WrongLevel).SetName("Wrong level");
        yield return new TestCaseData(Row("京02", "京") with { Level = CourtLevel.Unspecified }, CourtFaultKind.WrongLevel).SetName("No level");
        yield return new TestCaseData(Row("京02", "京") with { Name = " " }, CourtFaultKind.BadName).SetName("No name");
        yield return new TestCaseData(Row("京02", "京") with { Name = new string('院', 201) }, CourtFaultKind.BadName).SetName("Long name");
        yield return new TestCaseData(
            Row("京02", "京") with { ValidFrom = new DateOnly(2026, 1, 2), ValidTo = new DateOnly(2026, 1, 1) },
            CourtFaultKind.BadValidity).SetName("Ends before it begins");
        yield return new TestCaseData(Row("京02", "京") with { Code = default }, CourtFaultKind.BadCode).SetName("No code");
    }

    [TestCaseSource(nameof(Faults))]
    public void A_row_with_a_fault_is_told_by_its_number(Court row, CourtFaultKind expected)
    {
        var faults = CourtTable.Seed.Validate([Row("测0122", "测01"), row]);

        Assert.That(faults, Is.EqualTo(new[] { new CourtFault(1, expected, row.Code.ToString()) }));
    }

    [Test]
    public void A_code_that_comes_twice_is_a_fault_of_the_later_row() =>
        Assert.That(
            CourtTable.Seed.Validate([Row("测0122", "测01"), Row("测0122", "测02")]),
            Is.EqualTo(new[] { new CourtFault(1, CourtFaultKind.Duplicate, "测0122") }));

    [Test]
    public void A_circle_of_parents_is_found_and_walking_it_ends()
    {
        Court[] rows = [Row("测07", "测0701"), Row("测0701", "测07")];

        var faults = CourtTable.Seed.Validate(rows);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                faults.Where(fault => fault.Kind == CourtFaultKind.Cycle).Select(fault => fault.Row), Is.EqualTo(new[] { 0, 1 }));
            Assert.That(CourtTable.Seed.With(rows).Covers(Code("测"), Code("测0701")), Is.False);
        }
    }

    [Test]
    public void All_faults_of_all_rows_are_told_at_once()
    {
        var bad = Row("京0106", null) with { Name = "", Level = CourtLevel.High };

        var faults = CourtTable.Seed.Validate([bad, Row("粤0706", "粤99")]);

        Assert.That(
            faults.Select(fault => (fault.Row, fault.Kind)),
            Is.EquivalentTo(new[]
            {
                (0, CourtFaultKind.BadName), (0, CourtFaultKind.WrongLevel), (0, CourtFaultKind.MissingParent),
                (1, CourtFaultKind.UnknownParent),
            }));
    }

    [TestCase("2015-12-31", false)]
    [TestCase("2016-01-01", true)]
    [TestCase("2019-12-31", true)]
    [TestCase("2020-01-01", false)]
    public void A_court_acts_from_its_first_to_its_last_day(string day, bool expected)
    {
        _ = CourtTable.Seed.TryFind(Code("测0691"), out var court);

        Assert.That(court!.IsValidOn(DateOnly.ParseExact(day, "yyyy-MM-dd")), Is.EqualTo(expected));
    }

    [Test]
    public void A_court_without_dates_acts_on_every_day() =>
        Assert.That(Row("测0122", "测01").IsValidOn(DateOnly.MinValue), Is.True);

    private static CourtCode Code(string text) =>
        _ = CourtCode.TryParse(text, out var code) ? code : throw new ArgumentException($"{text} is no court code.", nameof(text));

    private static Court Row(string code, string? parent) => new()
    {
        Code = Code(code),
        Name = $"测试{code}法院",
        Level = Code(code).Level,
        Parent = parent is null ? null : Code(parent),
    };
}
