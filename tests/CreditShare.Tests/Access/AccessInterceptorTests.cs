using CreditShare.Server.Access;
using CreditShare.Server.Transport;
using CreditShare.V1;
using NUnit.Framework;
using PartnerKind = CreditShare.Core.Access.PartnerKind;
using Purpose = CreditShare.Core.Access.Purpose;
using View = CreditShare.Core.Access.View;

namespace CreditShare.Tests.Access;

internal sealed class AccessInterceptorTests
{
    private static IEnumerable<TestCaseData> Refusals()
    {
        yield return Case(Gate.CheckSubject, null, ErrorReason.CallerUnknown, "A_connection_without_a_key");
        yield return Case(Gate.CheckSubject, "stranger", ErrorReason.CallerUnknown, "A_key_that_is_not_registered");
        yield return Case(Gate.ListCourts, "stranger", ErrorReason.CallerUnknown, "An_open_rpc_with_a_key_that_is_not_registered");
        yield return Case(Gate.CheckSubject, "suspended", ErrorReason.PartnerSuspended, "A_suspended_partner");
        yield return Case(Gate.ListCourts, "suspended", ErrorReason.PartnerSuspended, "An_open_rpc_by_a_suspended_partner");
        yield return Case(Gate.FollowChanges, "bank", ErrorReason.RpcNotGranted, "An_rpc_that_was_not_granted");
        yield return Case("/creditshare.v1.LookupService/Guess", "bank", ErrorReason.RpcNotGranted, "An_rpc_that_the_table_does_not_know");
        yield return Case(Gate.FollowChanges, "greedy", ErrorReason.RpcNotGranted, "A_grant_that_the_kind_does_not_allow");

        static TestCaseData Case(string method, string? key, ErrorReason reason, string name) =>
            new TestCaseData(method, key, reason).SetName($"{name}_is_refused");
    }

    [TestCaseSource(nameof(Refusals))]
    public async Task Refused(string method, string? key, ErrorReason reason)
    {
        using var gate = await WithPartnersAsync();

        var refused = await Assert.ThrowsAsync<RefusedException>(() => gate.CallAsync(method, key));

        Assert.That(refused!.Reason, Is.EqualTo(reason));
    }

    [TestCase(Gate.CheckSubject)]
    [TestCase(Gate.ListCourts)]
    public async Task A_registered_partner_is_let_in_and_known_to_the_service(string method)
    {
        using var gate = await WithPartnersAsync();

        var caller = await gate.CallAsync(method, "bank");

        Assert.That(caller.Id.Value, Is.EqualTo("bank"));
        Assert.That(caller.Fingerprint, Is.EqualTo(Gate.KeyOf("bank")));
    }

    [Test]
    public async Task Nobody_is_let_in_while_the_registry_cannot_be_confirmed()
    {
        using var gate = await WithPartnersAsync();
        gate.Clock.Advance(PartnerRegistry.MaxAge + TimeSpan.FromMilliseconds(1));

        var stale = await Assert.ThrowsAsync<RefusedException>(() => gate.CallAsync(Gate.CheckSubject, "bank"));
        await gate.Registry.RefreshAsync(CancellationToken.None);
        var caller = await gate.CallAsync(Gate.CheckSubject, "bank");

        Assert.That(stale!.Reason, Is.EqualTo(ErrorReason.NodeStale));
        Assert.That(caller.Id.Value, Is.EqualTo("bank"));
    }

    [Test]
    public async Task Calls_past_the_quota_are_told_when_to_come_back()
    {
        using var gate = new Gate(new AccessOptions { CallsPerSecond = 1 });
        await gate.RegisterAsync(Gate.Partner("bank", PartnerKind.Bank));

        await gate.CallAsync(Gate.ListCourts, "bank");
        var refused = await Assert.ThrowsAsync<RefusedException>(() => gate.CallAsync(Gate.ListCourts, "bank"));

        Assert.That(refused!.Reason, Is.EqualTo(ErrorReason.QuotaExceeded));
        Assert.That(refused.RetryAfter, Is.GreaterThan(TimeSpan.Zero));
    }

    private static IEnumerable<TestCaseData> Losses()
    {
        yield return Case(partner => partner with { Suspended = true }, ErrorReason.PartnerSuspended, "it_is_suspended");
        yield return Case(partner => partner with { Keys = [] }, ErrorReason.CallerUnknown, "its_key_is_revoked");
        yield return Case(partner => partner with { Rpcs = [] }, ErrorReason.RpcNotGranted, "the_rpc_is_taken_away");
        yield return Case(partner => partner with { Views = [View.Full] }, ErrorReason.ViewNotGranted, "the_view_it_uses_is_taken_away");
        yield return Case(partner => partner with { Purposes = [] }, ErrorReason.PurposeNotGranted, "the_purpose_it_gave_is_taken_away");

        static TestCaseData Case(Func<Core.Access.Partner, Core.Access.Partner> change, ErrorReason reason, string name) =>
            new TestCaseData(change, reason).SetName($"A_stream_ends_when_{name}");
    }

    [TestCaseSource(nameof(Losses)), CancelAfter(10_000)]
    public async Task Ends(Func<Core.Access.Partner, Core.Access.Partner> change, ErrorReason reason, CancellationToken cancellationToken)
    {
        using var gate = await WithPartnersAsync();
        var open = new TaskCompletionSource();
        var stream = gate.StreamAsync(Gate.FollowChanges, "department", context => FollowAsync(context, open));
        await open.Task.WaitAsync(cancellationToken);

        await gate.RegisterAsync(change(gate.Store["department"]));

        var refused = await Assert.ThrowsAsync<RefusedException>(() => stream.WaitAsync(cancellationToken));
        Assert.That(refused!.Reason, Is.EqualTo(reason));
    }

    [Test, CancelAfter(10_000)]
    public async Task A_stream_does_not_end_when_something_it_does_not_use_is_taken_away(CancellationToken cancellationToken)
    {
        using var gate = await WithPartnersAsync();
        var open = new TaskCompletionSource();
        var stream = gate.StreamAsync(Gate.FollowChanges, "department", context => FollowAsync(context, open));
        await open.Task.WaitAsync(cancellationToken);

        await gate.RegisterAsync(gate.Store["department"] with
        {
            Views = [View.Public],
            Purposes = [Purpose.Credit],
            Rpcs = ["creditshare.v1.FeedService/FollowChanges"],
        });

        Assert.That(stream.IsCompleted, Is.False);
        gate.Lifetime.StopApplication();
        var refused = await Assert.ThrowsAsync<RefusedException>(() => stream.WaitAsync(cancellationToken));
        Assert.That(refused!.Reason, Is.EqualTo(ErrorReason.ShuttingDown), "it was still open");
    }

    [Test, CancelAfter(10_000)]
    public async Task Streams_end_when_the_registry_cannot_be_confirmed_any_more(CancellationToken cancellationToken)
    {
        using var gate = await WithPartnersAsync();
        var open = new TaskCompletionSource();
        var stream = gate.StreamAsync(Gate.FollowChanges, "department", context => FollowAsync(context, open));
        await open.Task.WaitAsync(cancellationToken);

        gate.Registry.EndStreamsIfStale();
        Assert.That(stream.IsCompleted, Is.False, "the registry is current");
        gate.Clock.Advance(PartnerRegistry.MaxAge + TimeSpan.FromMilliseconds(1));
        gate.Registry.EndStreamsIfStale();

        var refused = await Assert.ThrowsAsync<RefusedException>(() => stream.WaitAsync(cancellationToken));
        Assert.That(refused!.Reason, Is.EqualTo(ErrorReason.NodeStale));
    }

    [Test, CancelAfter(10_000)]
    public async Task Streams_end_though_the_store_hangs_while_somebody_refreshes_the_registry(CancellationToken cancellationToken)
    {
        using var gate = await WithPartnersAsync();
        var open = new TaskCompletionSource();
        var stream = gate.StreamAsync(Gate.FollowChanges, "department", context => FollowAsync(context, open));
        await open.Task.WaitAsync(cancellationToken);
        gate.Store.Hangs = true;
        var refreshing = gate.Registry.RefreshAsync(CancellationToken.None);
        gate.Clock.Advance(TimeSpan.FromSeconds(1));
        var waiting = gate.Registry.RefreshAsync(CancellationToken.None);

        gate.Clock.Advance(PartnerRegistry.MaxAge - TimeSpan.FromSeconds(1) + TimeSpan.FromMilliseconds(1));
        gate.Registry.EndStreamsIfStale();

        var refused = await Assert.ThrowsAsync<RefusedException>(() => stream.WaitAsync(cancellationToken));
        Assert.That(refused!.Reason, Is.EqualTo(ErrorReason.NodeStale));
        await Assert.ThrowsAsync<Core.Journal.StoreUnavailableException>(() => refreshing.WaitAsync(cancellationToken));
        gate.Clock.Advance(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAsync<Core.Journal.StoreUnavailableException>(() => waiting.WaitAsync(cancellationToken));
    }

    [Test, CancelAfter(10_000)]
    public async Task A_service_that_ends_quietly_when_cancelled_still_tells_the_reason(CancellationToken cancellationToken)
    {
        using var gate = await WithPartnersAsync();
        var stream = gate.StreamAsync(Gate.FollowChanges, "department", async context =>
        {
            var over = new TaskCompletionSource();
            await using var registration = context.CancellationToken.Register(over.SetResult);
            await over.Task;
        });

        gate.Lifetime.StopApplication();

        var refused = await Assert.ThrowsAsync<RefusedException>(() => stream.WaitAsync(cancellationToken));
        Assert.That(refused!.Reason, Is.EqualTo(ErrorReason.ShuttingDown));
    }

    [Test, CancelAfter(10_000)]
    public async Task A_stream_that_does_not_end_by_itself_is_cut_off(CancellationToken cancellationToken)
    {
        using var gate = await WithPartnersAsync();
        var release = new TaskCompletionSource();
        var call = new FakeCall(Gate.FollowChanges, Gate.KeyOf("department"));
        var stream = gate.StreamAsync(call, _ => release.Task);

        gate.Lifetime.StopApplication();
        gate.Clock.Advance(AccessInterceptor.EndWithin - TimeSpan.FromMilliseconds(1));
        Assert.That(call.Aborted.IsCompleted, Is.False);
        gate.Clock.Advance(TimeSpan.FromMilliseconds(1));

        await call.Aborted.WaitAsync(cancellationToken);
        release.SetResult();
        await Assert.ThrowsAsync<RefusedException>(() => stream.WaitAsync(cancellationToken));
    }

    [Test]
    public async Task A_stream_that_has_ended_or_was_refused_is_forgotten()
    {
        using var gate = await WithPartnersAsync();

        await gate.StreamAsync(Gate.FollowChanges, "department", _ => Task.CompletedTask);
        await Assert.ThrowsAsync<RefusedException>(() => gate.StreamAsync(Gate.FollowChanges, "bank", _ => Task.CompletedTask));

        Assert.That(gate.Registry.Find(Gate.KeyOf("department"))!.OpenStreams, Is.Zero);
        Assert.That(gate.Registry.Find(Gate.KeyOf("bank"))!.OpenStreams, Is.Zero);
    }

    [Test, CancelAfter(10_000)]
    public async Task A_partner_has_no_more_streams_open_than_it_may_and_takes_no_place_of_another(CancellationToken cancellationToken)
    {
        using var gate = new Gate(new AccessOptions { StreamsPerPartner = 2 });
        await gate.RegisterAsync(
            Gate.Partner("department", PartnerKind.Department, "creditshare.v1.FeedService/*"),
            Gate.Partner("other", PartnerKind.Department, "creditshare.v1.FeedService/*"));
        var release = new TaskCompletionSource();
        var open = Enumerable.Range(0, 2).Select(_ => gate.StreamAsync(Gate.FollowChanges, "department", _ => release.Task)).ToList();

        var refused = await Assert.ThrowsAsync<RefusedException>(
            () => gate.StreamAsync(Gate.FollowChanges, "department", _ => Task.CompletedTask));
        await gate.StreamAsync(Gate.FollowChanges, "other", _ => Task.CompletedTask);
        release.SetResult();
        await Task.WhenAll(open).WaitAsync(cancellationToken);
        await gate.StreamAsync(Gate.FollowChanges, "department", _ => Task.CompletedTask);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(refused!.Reason, Is.EqualTo(ErrorReason.QuotaExceeded));
            Assert.That(refused.RetryAfter, Is.GreaterThan(TimeSpan.Zero));
        }
    }

    private static async Task<Gate> WithPartnersAsync()
    {
        var gate = new Gate();
        await gate.RegisterAsync(
            Gate.Partner("bank", PartnerKind.Bank, "creditshare.v1.LookupService/*"),
            Gate.Partner("greedy", PartnerKind.Bank, "creditshare.v1.FeedService/*"),
            Gate.Partner("suspended", PartnerKind.Bank, "creditshare.v1.LookupService/*") with { Suspended = true },
            Gate.Partner("department", PartnerKind.Department, "creditshare.v1.FeedService/*") with
            {
                Views = [View.Public, View.Full],
                Purposes = [Purpose.Credit, Purpose.Bidding],
            });
        return gate;
    }

    private static async Task FollowAsync(Grpc.Core.ServerCallContext context, TaskCompletionSource open)
    {
        Assert.That(context.Caller.MaySee(View.Public) && context.Caller.MayAskFor(Purpose.Credit), Is.True);
        open.SetResult();
        await Task.Delay(Timeout.InfiniteTimeSpan, context.CancellationToken);
    }
}
