using CreditShare.Core.Journal;
using CreditShare.Core.Push;
using Microsoft.Extensions.Options;

namespace CreditShare.Server.Push;

/// <summary>Sends one message without changes, now, once.</summary>
internal sealed class DeliveryProbe(IStore store, IReceiverLinks links, Courier courier, IOptions<PushOptions> options) : IDeliveryProbe
{
    /// <summary>No lease has this number, so the attempt alone is written.</summary>
    private const long NoFence = 0;

    public async Task<DeliveryAttempt> ProbeAsync(Subscription subscription, DeliveryPurpose purpose, CancellationToken cancellationToken)
    {
        using var link = links.Open(subscription);
        var request = ErrandDelivery.RequestOf(subscription, purpose);
        var attempt = await courier.SendOnceAsync(link, request, options.Value.AttemptTimeout, cancellationToken);

        // Not to be called off: the receiver has had the message.
        await store.Subscriptions.RecordAsync(new DeliveryRecord { Id = subscription.Id, Fence = NoFence, Attempt = attempt }, CancellationToken.None);
        return attempt;
    }
}
