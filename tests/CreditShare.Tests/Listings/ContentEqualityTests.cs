using System.Collections.Immutable;
using System.Reflection;
using CreditShare.Core.Listings;
using CreditShare.Core.Numbers;
using NUnit.Framework;

namespace CreditShare.Tests.Listings;

internal sealed class ContentEqualityTests
{
    private static readonly ListingContent s_content = Sample.Organisation.WithTerm(
        Sample.Decided, new DateOnly(2030, 2, 2), new TermExtension(ExtensionReason.MultipleActs, ["隐匿车辆", "虚假报告"]));

    private static readonly Dictionary<string, object?> s_otherContent = new()
    {
        [nameof(ListingContent.Court)] = Sample.Court("测02"),
        [nameof(ListingContent.Case)] = Sample.Case("（2025）测01执13号"),
        [nameof(ListingContent.Subject)] = Sample.Person.Subject,
        [nameof(ListingContent.FilingDate)] = null,
        [nameof(ListingContent.Grounds)] = ImmutableArray.Create(Ground.Evades, Ground.RefusesSettlement),
        [nameof(ListingContent.Conduct)] = "",
        [nameof(ListingContent.Basis)] = null,
        [nameof(ListingContent.Obligation)] = "",
        [nameof(ListingContent.ObligationAmount)] = new Amount("CNY", 120_000, 0),
        [nameof(ListingContent.Performance)] = new Performance { State = PerformanceState.NotPerformed, PerformedPart = "无" },
        [nameof(ListingContent.Decision)] = null,
        [nameof(ListingContent.Service)] = null,
        [nameof(ListingContent.Origin)] = Origin.ExOfficio,
        [nameof(ListingContent.Article3Checked)] = true,
        [nameof(ListingContent.Term)] = Sample.Person.Term,
        [nameof(ListingContent.GraceUntil)] = Sample.GraceUntil,
    };

    private static readonly Dictionary<string, object?> s_otherSubject = new()
    {
        [nameof(Subject.Kind)] = SubjectKind.Person,
        [nameof(Subject.Name)] = Sample.Name("测试新名称有限公司"),
        [nameof(Subject.Documents)] = ImmutableArray<SubjectDocument>.Empty,
        [nameof(Subject.Sex)] = Sex.Female,
        [nameof(Subject.BirthDate)] = new DateOnly(1990, 1, 1),
        [nameof(Subject.RelatedPersons)] = ImmutableArray<RelatedPerson>.Empty,
        [nameof(Subject.SpecialStatuses)] = ImmutableArray.Create(SpecialStatus.StateOrgan),
    };

    private static readonly Dictionary<string, object?> s_otherExtension = new()
    {
        [nameof(TermExtension.Reason)] = ExtensionReason.ViolenceSerious,
        [nameof(TermExtension.Acts)] = ImmutableArray.Create("虚假报告", "隐匿车辆"),
    };

    [Test]
    public void Contents_of_the_same_parts_are_equal_and_have_one_hash()
    {
        var copy = Copied(s_content);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(copy.Grounds.Equals(s_content.Grounds), Is.False, "the arrays are the same object: the copy proves nothing");
            Assert.That(copy, Is.EqualTo(s_content));
            Assert.That(copy.GetHashCode(), Is.EqualTo(s_content.GetHashCode()));
        }
    }

    [TestCaseSource(nameof(Properties))]
    public void Values_that_differ_in_one_property_are_not_equal(object original, PropertyInfo property, object? other)
    {
        var changed = With(original, property, other);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(changed.Equals(original), Is.False);
            Assert.That(original.Equals(changed), Is.False);
        }
    }

    [Test]
    public void Nothing_is_equal_to_no_content()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(IsNothing(s_content), Is.False);
            Assert.That(IsNothing(s_content.Subject!), Is.False);
            Assert.That(IsNothing(s_content.Term!.Extension!), Is.False);
        }
    }

    [Test]
    public void A_list_left_out_is_an_empty_list()
    {
        var subject = s_content.Subject! with { SpecialStatuses = default };

        using (Assert.EnterMultipleScope())
        {
            Assert.That(subject, Is.EqualTo(s_content.Subject));
            Assert.That(s_content with { Grounds = [] }, Is.EqualTo(s_content with { Grounds = default }));
            Assert.That((subject with { Documents = default }).GetHashCode(), Is.EqualTo((subject with { Documents = [] }).GetHashCode()));
        }
    }

    private static IEnumerable<TestCaseData> Properties() =>
        Rows(s_content, s_otherContent).Concat(Rows(s_content.Subject!, s_otherSubject)).Concat(Rows(s_content.Term!.Extension!, s_otherExtension));

    // A property that was added and forgotten in the table fails here, before it can be forgotten in the comparison.
    private static IEnumerable<TestCaseData> Rows<T>(T original, Dictionary<string, object?> others)
        where T : notnull =>
        from property in typeof(T).GetProperties().Where(property => property.SetMethod is { IsPublic: true })
        select new TestCaseData(original, property, others[property.Name])
            .SetName($"{typeof(T).Name}s_that_differ_in_{property.Name}_are_not_equal");

    private static bool IsNothing<T>(T value)
        where T : class, IEquatable<T> => value.Equals(null);

    private static object With(object original, PropertyInfo property, object? value)
    {
        var clone = original.GetType().GetMethod("<Clone>$")!.Invoke(original, null)!;
        property.SetValue(clone, value);
        return clone;
    }

    private static ListingContent Copied(ListingContent content) => content with
    {
        Grounds = [.. content.Grounds],
        Subject = content.Subject! with
        {
            Documents = [.. content.Subject.Documents.Select(document => document with { })],
            RelatedPersons = [.. content.Subject.RelatedPersons],
        },
        Term = content.Term! with { Extension = content.Term.Extension! with { Acts = [.. content.Term.Extension.Acts] } },
    };
}
