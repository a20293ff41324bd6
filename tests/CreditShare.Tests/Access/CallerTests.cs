using CreditShare.Core.Access;
using CreditShare.Core.Courts;
using CreditShare.Server.Access;
using CreditShare.Server.Transport;
using NUnit.Framework;

namespace CreditShare.Tests.Access;

internal sealed class CallerTests
{
    [TestCase("", View.None)]
    [TestCase("Full", View.Full)]
    [TestCase("Full,Status", View.Status)]
    [TestCase("Full,Status,Public", View.Public)]
    public async Task The_default_view_is_the_most_usual_one_that_was_granted(string granted, View expected)
    {
        using var gate = new Gate();
        await gate.RegisterAsync(Gate.Partner("bank", PartnerKind.Bank) with
        {
            Views = [.. granted.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Enum.Parse<View>)],
        });

        Assert.That((await gate.CallAsync(Gate.ListCourts, "bank")).DefaultView, Is.EqualTo(expected));
    }

    [Test]
    public async Task What_was_not_granted_is_denied()
    {
        using var gate = new Gate();
        await gate.RegisterAsync(Gate.Partner("bank", PartnerKind.Bank) with { Views = [View.Status], Purposes = [Purpose.Credit] });
        var caller = await gate.CallAsync(Gate.ListCourts, "bank");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Enum.GetValues<View>().Where(caller.MaySee), Is.EqualTo([View.Status]));
            Assert.That(Enum.GetValues<Purpose>().Where(caller.MayAskFor), Is.EqualTo([Purpose.Credit]));
            Assert.That(caller.SpeaksFor(CourtCode.Supreme), Is.False);
        }
    }

    [TestCase("京0105", "", "京0105", true)]
    [TestCase("京03", "", "京0105", false)]
    [TestCase("", "京03", "京0105", true)]
    [TestCase("", "京03", "京03", true)]
    [TestCase("", "京", "京0105", true)]
    [TestCase("", "京0105", "京03", false)]
    [TestCase("", "粤", "京0105", false)]
    [TestCase("", "最高法", "粤0705", true)]
    [TestCase("", "最高法", "粤0799", false)]
    public async Task A_court_speaks_for_itself_and_a_platform_for_those_below_it(string own, string platform, string asked, bool speaks)
    {
        using var gate = new Gate();
        await gate.RegisterAsync(Gate.Partner("court", PartnerKind.Court) with
        {
            Courts = own.Length == 0 ? [] : [Code(own)],
            Platforms = platform.Length == 0 ? [] : [Code(platform)],
        });

        Assert.That((await gate.CallAsync(Gate.ListCourts, "court")).SpeaksFor(Code(asked)), Is.EqualTo(speaks));
    }

    [Test]
    public async Task A_caller_answers_by_the_registration_as_it_stands_now()
    {
        using var gate = new Gate();
        await gate.RegisterAsync(Gate.Partner("court", PartnerKind.Court) with { Courts = [Code("京0105")] });
        var caller = await gate.CallAsync(Gate.ListCourts, "court");
        var before = caller.SpeaksFor(Code("京0105"));

        await gate.RegisterAsync(gate.Store["court"] with { Courts = [] });

        Assert.That((before, caller.SpeaksFor(Code("京0105"))), Is.EqualTo((true, false)));
    }

    [Test]
    public async Task Subjects_are_spent_from_the_partners_own_quota()
    {
        using var gate = new Gate();
        await gate.RegisterAsync(
            Gate.Partner("small", PartnerKind.Bank) with { SubjectsPerSecond = 1 },
            Gate.Partner("large", PartnerKind.Bank));
        var small = await gate.CallAsync(Gate.ListCourts, "small");
        var large = await gate.CallAsync(Gate.ListCourts, "large");

        small.Spend(Quotas.MaxSubjectsAtOnce);

        Assert.That(small.TrySpend(1_000, out var retryAfter), Is.False);
        Assert.That(retryAfter, Is.GreaterThan(TimeSpan.FromSeconds(10)));
        Assert.That(() => small.Spend(1_000), Throws.TypeOf<RefusedException>());
        Assert.That(large.TrySpend(Quotas.MaxSubjectsAtOnce, out _), Is.True);
    }

    [Test, CancelAfter(10_000)]
    public async Task A_stream_waits_for_its_quota(CancellationToken cancellationToken)
    {
        using var gate = new Gate(fillsQuotas: true);
        await gate.RegisterAsync(Gate.Partner("bank", PartnerKind.Bank) with { SubjectsPerSecond = Quotas.MaxSubjectsAtOnce });
        var caller = await gate.CallAsync(Gate.ListCourts, "bank");
        caller.Spend(Quotas.MaxSubjectsAtOnce);

        // No more at once, but a second later.
        Assert.That(caller.TrySpend(Quotas.MaxSubjectsAtOnce, out _), Is.False);
        await caller.SpendAsync(Quotas.MaxSubjectsAtOnce, cancellationToken);
    }

    [Test, CancelAfter(20_000)]
    public async Task Who_waits_when_a_quota_is_changed_is_served_and_others_have_the_new_one(CancellationToken cancellationToken)
    {
        using var gate = new Gate(fillsQuotas: true);
        await gate.RegisterAsync(Gate.Partner("bank", PartnerKind.Bank) with { SubjectsPerSecond = 2_500 });
        var caller = await gate.CallAsync(Gate.ListCourts, "bank");
        caller.Spend(Quotas.MaxSubjectsAtOnce);
        var waiting = caller.SpendAsync(Quotas.MaxSubjectsAtOnce, cancellationToken).AsTask();

        await gate.RegisterAsync(gate.Store["bank"] with { SubjectsPerSecond = 3_000 });

        Assert.That(caller.TrySpend(Quotas.MaxSubjectsAtOnce, out _), Is.True, "the new bucket is full");
        await waiting;
    }

    [Test, CancelAfter(20_000)]
    public async Task After_a_rest_a_quota_is_there_once_and_not_twice(CancellationToken cancellationToken)
    {
        using var gate = new Gate(fillsQuotas: true);
        await gate.RegisterAsync(Gate.Partner("bank", PartnerKind.Bank) with { SubjectsPerSecond = 2_000 });
        var caller = await gate.CallAsync(Gate.ListCourts, "bank");
        caller.Spend(1);
        await Task.Delay(TimeSpan.FromSeconds(3), TimeProvider.System, cancellationToken);
        caller.Spend(Quotas.MaxSubjectsAtOnce);

        await Task.Delay(TimeSpan.FromMilliseconds(250), TimeProvider.System, cancellationToken);

        Assert.That(caller.TrySpend(Quotas.MaxSubjectsAtOnce, out _), Is.False);
    }

    private static CourtCode Code(string text) => CourtCode.TryParse(text, out var code) ? code : throw new ArgumentException("No court code.", nameof(text));
}
