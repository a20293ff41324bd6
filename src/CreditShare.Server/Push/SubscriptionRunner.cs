using CreditShare.Core.Journal;
using CreditShare.Core.Push;

namespace CreditShare.Server.Push;

/// <summary>Makes runners.</summary>
internal sealed class SubscriptionRunners(IStore store, IReceiverLinks links, PushPipelines pipelines, DeliveryTools tools)
{
    public SubscriptionRunner Make(LeasedSubscription leased) => new(leased, store.Subscriptions, links, pipelines, tools);
}

/// <summary>Delivers to one subscription under one lease: first what its beginning or end needs, then both lanes beside each other.</summary>
internal sealed class SubscriptionRunner(
    LeasedSubscription leased, ISubscriptionStore store, IReceiverLinks links, PushPipelines pipelines, DeliveryTools tools)
{
    /// <summary>Runs until the lease is lost, all is done, or cancelled.</summary>
    /// <exception cref="StoreUnavailableException">What the receiver accepted could not be written; begin anew from what is stored.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await DeliverAsync(cancellationToken);
        }
        finally
        {
            // Nothing is kept back any more, and what comes next here is tried.
            await pipelines.CloseBreakersAsync(leased.Stored.Subscription.Id, CancellationToken.None);
        }
    }

    private async Task DeliverAsync(CancellationToken cancellationToken)
    {
        var (subscription, ordered, withdrawals, _) = leased.Stored;
        var rejected = await store.ListRejectedAsync(subscription.Id, RejectedChange.MaxPerSubscription, cancellationToken);
        var standing = new Standing(subscription, new RejectedBook(rejected));
        using var link = links.Open(subscription);

        if (subscription.State is SubscriptionState.PendingVerification or SubscriptionState.Revoked)
        {
            var errand = new ErrandDelivery(standing, ordered, link, Writer(), tools);
            await LoopAsync(errand.StepAsync, standing, cancellationToken);
            if (standing.Subscription.State is SubscriptionState.PendingVerification or SubscriptionState.Revoked) return;
            ordered = errand.State;
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task[] lanes =
        [
            DeliverAsync(standing, ordered, tools.Frames.Ordered(subscription, ordered.Accepted), link, either.Token),
            DeliverAsync(standing, withdrawals, tools.Frames.Withdrawals(subscription, withdrawals.Accepted), link, either.Token),
        ];
        var first = await Task.WhenAny(lanes);
        await either.CancelAsync();
        await Task.WhenAll(lanes).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first;
    }

    private DeliveryWriter Writer() => new(store, leased.Stored.Subscription.Id, leased.Fence);

    private async Task DeliverAsync(
        Standing standing, LaneState lane, ILaneFrames frames, IReceiverLink link, CancellationToken cancellationToken)
    {
        var writer = Writer();
        var delivery = new LaneDelivery(standing, lane, frames, link, writer, tools);
        try
        {
            await LoopAsync(delivery.StepAsync, standing, cancellationToken);
        }
        finally
        {
            // Whatever ended the loop is what counts; what was on its way is only seen to its end.
            await writer.FlushAsync().ContinueWith(static _ => { }, TaskScheduler.Default);
        }
    }

    private async Task LoopAsync(Func<CancellationToken, Task<LaneStep>> step, Standing standing, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            var news = standing.News;
            var next = await step(cancellationToken);
            if (next.IsOver) return;
            if (next != LaneStep.Again) await WaitAsync(next, news, cancellationToken);
        }
    }

    private async Task WaitAsync(LaneStep next, Task news, CancellationToken cancellationToken)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        List<Task> waits = [news];
        if (next.Until is { } until)
        {
            var wait = until - tools.Timing.Now;
            if (wait <= TimeSpan.Zero) return;
            waits.Add(Task.Delay(wait, tools.Timing.Clock, enough.Token));
        }

        if (next.Past is { } past) waits.Add(tools.Frames.WaitPastAsync(past, enough.Token));
        await Task.WhenAny(waits);
        await enough.CancelAsync();
    }
}
