using CreditShare.Server.Transport;
using CreditShare.Tests.Infrastructure;
using CreditShare.Tests.Listings;
using CreditShare.V1;
using Google.Protobuf.WellKnownTypes;
using NUnit.Framework;
using EndReason = CreditShare.V1.EndReason;
using Extension = CreditShare.V1.Extension;
using ExtensionReason = CreditShare.V1.ExtensionReason;

namespace CreditShare.Tests.ServerListings;

internal sealed class ListingLedgerTests
{
    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(10);

    private CourtWorld _world = null!;

    [SetUp]
    public void StartWorld() => _world = new CourtWorld();

    [TearDown]
    public async Task EndWorldAsync() => await _world.DisposeAsync();

    [Test]
    public async Task A_publication_waits_for_no_node()
    {
        _world.Store.Nodes.Beat(1, 0);

        var receipt = await _world.PublishAsync(People.Listed(1));

        Assert.That((receipt.Version, receipt.Position.Epoch, receipt.Position.Sequence), Is.EqualTo((1L, 1u, 1L)));
    }

    [Test, CancelAfter(10_000)]
    public async Task A_withdrawal_is_answered_once_every_node_has_applied_it(CancellationToken cancellationToken)
    {
        var name = (await _world.PublishAsync(People.Listed(1))).Name;
        _world.CatchUp();
        var other = _world.Store.Nodes.Beat(1, 1);

        var withdrawing = _world.Service.WithdrawListing(Withdrawal(name), _world.Call(cancellationToken));
        _world.CatchUp();
        _world.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.That(withdrawing.IsCompleted, Is.False);

        _world.Store.Nodes.Beat(1, 2, other);
        await _world.Clock.AdvanceUntilAsync(() => withdrawing.IsCompleted, s_step, cancellationToken);
        Assert.That((await withdrawing).Receipt.Position.Sequence, Is.EqualTo(2));
    }

    [Test, CancelAfter(20_000)]
    public async Task A_withdrawal_that_is_sent_again_waits_again_and_gets_its_first_receipt(CancellationToken cancellationToken)
    {
        var name = (await _world.PublishAsync(People.Listed(1))).Name;
        _world.CatchUp();
        var other = Guid.NewGuid();
        var request = Withdrawal(name);
        var first = await UnconfirmedAsync(request, other, cancellationToken);
        var second = await UnconfirmedAsync(request, other, cancellationToken);

        _world.Store.Nodes.Beat(1, 2, other);
        var third = _world.Service.WithdrawListing(request, _world.Call(cancellationToken));
        await _world.Clock.AdvanceUntilAsync(() => third.IsCompleted, s_step, cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((first, second), Is.EqualTo((ErrorReason.WithdrawalNotConfirmed, ErrorReason.WithdrawalNotConfirmed)));
            Assert.That((await third).Receipt.Version, Is.EqualTo(2));
            Assert.That(_world.Journal.Entries, Has.Count.EqualTo(2));
        }
    }

    [Test]
    public async Task A_correction_and_a_revocation_wait_too()
    {
        var name = (await _world.PublishAsync(People.Listed(1))).Name;
        _world.CatchUp();
        _world.Store.Nodes.Beat(1, 1);

        var correcting = _world.Service.CorrectListing(
            new CorrectListingRequest
            {
                Name = name,
                ExpectedVersion = 1,
                RequestId = Guid.NewGuid().ToString(),
                Operator = "书记员",
                Listing = new V1.Listing { Conduct = "更正" },
                UpdateMask = FieldMask.FromString("conduct"),
            },
            _world.Call());
        _world.CatchUp();
        var revoking = _world.Service.RevokeListing(
            new RevokeListingRequest { Name = name, ExpectedVersion = 2, RequestId = Guid.NewGuid().ToString(), Operator = "书记员" }, _world.Call());
        _world.CatchUp();

        Assert.That((correcting.IsCompleted, revoking.IsCompleted), Is.EqualTo((false, false)));
    }

    [Test]
    public async Task What_frees_nobody_waits_for_no_node()
    {
        var grace = (await _world.PublishAsync(People.InGrace(1))).Name;
        var cancelled = (await _world.PublishAsync(People.InGrace(2))).Name;
        var listed = (await _world.PublishAsync(People.WithTerm(3))).Name;
        _world.Store.Nodes.Beat(1, 0);
        _world.Clock.MoveTo(Sample.GraceUntil.AddDays(1));

        await _world.Service.ConfirmListing(
            new ConfirmListingRequest { Name = grace, RequestId = Guid.NewGuid().ToString(), Operator = "书记员" }, _world.Call());
        await _world.Service.CancelListing(
            new CancelListingRequest
            {
                Name = cancelled,
                RequestId = Guid.NewGuid().ToString(),
                Operator = "书记员",
                Reason = EndReason.PerformedInGrace,
            },
            _world.Call());
        await _world.Service.ExtendListing(
            new ExtendListingRequest
            {
                Name = listed,
                ExpectedVersion = 1,
                RequestId = Guid.NewGuid().ToString(),
                Operator = "书记员",
                End = new Google.Type.Date { Year = 2029, Month = 2, Day = 2 },
                Extension = new Extension { Reason = ExtensionReason.MultipleActs, Acts = { "一", "二" } },
            },
            _world.Call());

        Assert.That(_world.Journal.Entries.Select(entry => entry.Kind).TakeLast(3), Is.EqualTo(
            new[] { Core.Listings.ChangeKind.Published, Core.Listings.ChangeKind.Cancelled, Core.Listings.ChangeKind.Extended }));
    }

    [Test]
    public async Task A_request_id_is_not_taken_for_another_publication()
    {
        var id = Guid.NewGuid();
        await _world.Service.PublishListing(CourtWorld.Publication(People.Listed(1), id), _world.Call());

        var refused = await Assert.ThrowsAsync<RefusedException>(
            async () => await _world.Service.PublishListing(CourtWorld.Publication(People.Listed(2), id), _world.Call()));

        Assert.That(refused!.Reason, Is.EqualTo(ErrorReason.RequestIdReused));
    }

    [Test]
    public async Task A_refusal_names_the_field_within_the_request()
    {
        var name = (await _world.PublishAsync(People.WithTerm(1))).Name;

        var refused = await Assert.ThrowsAsync<RefusedException>(async () => await _world.Service.WithdrawListing(Withdrawal(name), _world.Call()));

        Assert.That((refused!.Reason, refused.Violations.Single().Field), Is.EqualTo((ErrorReason.EndReasonNotAllowed, "reason")));
    }

    private static WithdrawListingRequest Withdrawal(string name) => new()
    {
        Name = name,
        ExpectedVersion = 1,
        RequestId = Guid.NewGuid().ToString(),
        Operator = "书记员",
        Reason = EndReason.Performed,
    };

    /// <summary>Sends the request while the other node stays behind, until the court is told so.</summary>
    private async Task<ErrorReason> UnconfirmedAsync(WithdrawListingRequest request, Guid other, CancellationToken cancellationToken)
    {
        var withdrawing = _world.Service.WithdrawListing(request, _world.Call(cancellationToken));
        while (!withdrawing.IsCompleted)
        {
            cancellationToken.ThrowIfCancellationRequested();
            _world.Store.Nodes.Beat(1, 1, other);
            _world.CatchUp();
            _world.Clock.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }

        return (await Assert.ThrowsAsync<RefusedException>(async () => await withdrawing))!.Reason;
    }
}
