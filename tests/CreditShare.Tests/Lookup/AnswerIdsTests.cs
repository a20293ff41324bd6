using CreditShare.Server.Lookup;
using NUnit.Framework;

namespace CreditShare.Tests.Lookup;

internal sealed class AnswerIdsTests
{
    private static readonly DateTimeOffset s_now = new(2026, 3, 10, 4, 0, 0, 123, TimeSpan.Zero);

    // More than are drawn from the kernel at once.
    private const int Many = 1_000;

    [Test]
    public void They_have_the_form_of_version_7_and_tell_their_time()
    {
        var ids = Enumerable.Range(0, Many).Select(_ => AnswerIds.Next(s_now)).ToList();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(ids, Is.Unique);
            Assert.That(ids.Select(id => id.Version), Is.All.EqualTo(7));
            Assert.That(ids.Select(id => id.Variant & 0xC), Is.All.EqualTo(0x8));
            Assert.That(ids.Select(TimeOf), Is.All.EqualTo(s_now));
        }
    }

    [Test]
    public void Later_ones_sort_behind_earlier_ones()
    {
        var ids = Enumerable.Range(0, Many).Select(i => AnswerIds.Next(s_now.AddMilliseconds(i)).ToString("D")).ToList();

        Assert.That(ids, Is.Ordered.Using((IComparer<string>)StringComparer.Ordinal));
    }

    private static DateTimeOffset TimeOf(Guid id) => DateTimeOffset.FromUnixTimeMilliseconds(Convert.ToInt64(id.ToString("N")[..12], 16));
}
