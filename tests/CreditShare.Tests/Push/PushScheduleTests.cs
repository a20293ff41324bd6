using CreditShare.Core.Push;
using NUnit.Framework;

namespace CreditShare.Tests.Push;

internal sealed class PushScheduleTests
{
    private const double NoJitter = 0.5;

    [TestCase(Lane.Ordered, "5 15 30 60 120 300 600 900 1800 3600 3600 3600")]
    [TestCase(Lane.Withdrawals, "1 2 5 10 20 30 60 120 300 300 300")]
    public void A_lane_waits_by_its_own_schedule_and_never_gives_up(Lane lane, string seconds) => Assert.That(
        string.Join(' ', Enumerable.Range(1, seconds.Split(' ').Length).Select(failures => PushSchedule.WaitAfter(lane, failures, NoJitter).TotalSeconds)),
        Is.EqualTo(seconds));

    [TestCase(0, 4)]
    [TestCase(1, 6)]
    public void Jitter_moves_a_wait_by_a_fifth_at_most(double chance, double seconds) =>
        Assert.That(PushSchedule.WaitAfter(Lane.Ordered, 1, chance).TotalSeconds, Is.EqualTo(seconds).Within(1e-6));

    [TestCase(1, 5)]
    [TestCase(60, 60)]
    [TestCase(90_000, 3_600)]
    public void What_the_receiver_asks_for_is_honoured_up_to_an_hour(int asked, int waited) => Assert.That(
        PushSchedule.WaitAfter(Lane.Ordered, 1, NoJitter, TimeSpan.FromSeconds(asked)), Is.EqualTo(TimeSpan.FromSeconds(waited)));

    [Test]
    public void A_success_is_no_failure() =>
        Assert.That(() => PushSchedule.WaitAfter(Lane.Ordered, 0, NoJitter), Throws.InstanceOf<ArgumentOutOfRangeException>());

    [TestCase(SubscriptionState.Active, 0, false, SubscriptionState.Retrying)]
    [TestCase(SubscriptionState.CatchingUp, 0, false, SubscriptionState.Retrying)]
    [TestCase(SubscriptionState.Retrying, 14, false, SubscriptionState.Retrying)]
    [TestCase(SubscriptionState.Retrying, 15, false, SubscriptionState.Degraded)]
    [TestCase(SubscriptionState.Degraded, 7_199, false, SubscriptionState.Degraded)]
    [TestCase(SubscriptionState.Degraded, 7_200, false, SubscriptionState.Suspended)]
    [TestCase(SubscriptionState.Active, 0, true, SubscriptionState.Suspended)]
    [TestCase(SubscriptionState.Suspended, 1, false, SubscriptionState.Suspended)]
    [TestCase(SubscriptionState.Paused, 9_000, true, SubscriptionState.Paused)]
    [TestCase(SubscriptionState.Revoked, 9_000, true, SubscriptionState.Revoked)]
    [TestCase(SubscriptionState.PendingVerification, 9_000, false, SubscriptionState.PendingVerification)]
    public void A_failure_makes_a_state(SubscriptionState before, int failingMinutes, bool gone, SubscriptionState after) =>
        Assert.That(PushSchedule.AfterFailure(before, TimeSpan.FromMinutes(failingMinutes), gone), Is.EqualTo(after));

    [TestCase(SubscriptionState.PendingVerification, false, SubscriptionState.Active)]
    [TestCase(SubscriptionState.Active, false, SubscriptionState.Active)]
    [TestCase(SubscriptionState.Retrying, false, SubscriptionState.CatchingUp)]
    [TestCase(SubscriptionState.Degraded, false, SubscriptionState.CatchingUp)]
    [TestCase(SubscriptionState.Suspended, false, SubscriptionState.CatchingUp)]
    [TestCase(SubscriptionState.CatchingUp, false, SubscriptionState.CatchingUp)]
    [TestCase(SubscriptionState.CatchingUp, true, SubscriptionState.Active)]
    [TestCase(SubscriptionState.Suspended, true, SubscriptionState.Active)]
    [TestCase(SubscriptionState.Paused, true, SubscriptionState.Paused)]
    [TestCase(SubscriptionState.Revoked, true, SubscriptionState.Revoked)]
    public void A_success_makes_a_state(SubscriptionState before, bool atHead, SubscriptionState after) =>
        Assert.That(PushSchedule.AfterSuccess(before, atHead), Is.EqualTo(after));
}
