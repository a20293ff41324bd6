using CreditShare.Core.Push;
using CreditShare.Tests.Infrastructure;
using CreditShare.V1;
using NUnit.Framework;

namespace CreditShare.Tests.Feed;

internal sealed class AcknowledgementTests
{
    private const string Name = "partners/dep/subscriptions/all";

    private SharingWorld _world = null!;

    [SetUp]
    public async Task StartWorldAsync()
    {
        _world = new SharingWorld();
        await _world.CreateAsync(SharingWorld.Pull("all"));
        for (var n = 1; n <= 3; n++) _world.Journal.Publish(People.Listed(n));
    }

    [TearDown]
    public async Task EndWorldAsync() => await _world.DisposeAsync();

    [Test]
    public async Task What_is_stored_and_what_is_applied_only_grow()
    {
        await AcknowledgeAsync(accepted: 2, applied: 1);
        await AcknowledgeAsync(accepted: 2, applied: 1);
        await AcknowledgeAsync(accepted: 3, applied: 0);

        var lane = _world.Store.Subscriptions[SharingWorld.Id("all")].Ordered;
        Assert.That((lane.Accepted.Sequence, lane.Applied), Is.EqualTo((3L, 1L)));
        Assert.That(lane.Accepted.Hash.Span.SequenceEqual(_world.Journal.Entries[2].Hash.Span), Is.True);
    }

    [TestCase(4L, 0L, ErrorReason.CursorAhead)]
    [TestCase(1L, 0L, ErrorReason.CursorBehind)]
    [TestCase(3L, 1L, ErrorReason.CursorBehind)]
    [TestCase(3L, 4L, ErrorReason.FieldInvalid)]
    [TestCase(-1L, 0L, ErrorReason.FieldInvalid)]
    public async Task What_lies_beyond_the_head_or_backwards_is_refused_and_nothing_is_stored(long accepted, long applied, ErrorReason reason)
    {
        await AcknowledgeAsync(accepted: 2, applied: 2);

        var refused = await SharingWorld.RefusedAsync(() => AcknowledgeAsync(accepted, applied));

        var lane = _world.Store.Subscriptions[SharingWorld.Id("all")].Ordered;
        Assert.That(refused.Reason, Is.EqualTo(reason));
        Assert.That((lane.Accepted.Sequence, lane.Applied), Is.EqualTo((2L, 2L)));
    }

    [Test]
    public async Task A_cursor_of_another_history_is_refused()
    {
        var refused = await SharingWorld.RefusedAsync(() => _world.Acknowledgement.TakeAsync(
            new AcknowledgeChangesRequest
            {
                Subscription = Name,
                Accepted = new Cursor { Epoch = 1, Sequence = 1, Hash = Google.Protobuf.ByteString.CopyFrom(new byte[32]) },
            },
            _world.Callers.Department("dep"),
            CancellationToken.None));

        Assert.That(refused.Reason, Is.EqualTo(ErrorReason.FeedDiverged));
    }

    [TestCase("partners/dep/subscriptions/none", ErrorReason.SubscriptionNotFound)]
    [TestCase("partners/other/subscriptions/all", ErrorReason.PartnerNotYours)]
    [TestCase("all", ErrorReason.NameForm)]
    [TestCase("partners/dep/subscriptions/hook", ErrorReason.SubscriptionState)]
    public async Task Only_a_pull_subscription_of_ones_own_is_acknowledged(string name, ErrorReason reason)
    {
        await _world.CreateAsync(SharingWorld.Webhook("hook"));

        var refused = await SharingWorld.RefusedAsync(() => AcknowledgeAsync(accepted: 1, applied: 0, name));

        Assert.That(refused.Reason, Is.EqualTo(reason));
    }

    private Task<LaneState> AcknowledgeAsync(long accepted, long applied, string name = Name) => _world.Acknowledgement.TakeAsync(
        new AcknowledgeChangesRequest { Subscription = name, Accepted = new Cursor { Sequence = accepted }, AppliedSequence = applied },
        _world.Callers.Department("dep"),
        CancellationToken.None);
}
