using CreditShare.Core.Push;

namespace CreditShare.Server.Push;

/// <summary>Sends a receiver one message without changes, now, past every schedule.</summary>
internal interface IDeliveryProbe
{
    /// <summary>Sends it and records the attempt.</summary>
    /// <param name="subscription">Where to; need not be what is stored. Not a pull subscription.</param>
    /// <param name="purpose">VERIFICATION, TEST or PURGE.</param>
    /// <param name="cancellationToken">Stops the waiting; the message may have been sent.</param>
    /// <returns>What came of it; <see cref="DeliveryOutcome.Accepted"/> only if the answer is what the purpose asks for.</returns>
    Task<DeliveryAttempt> ProbeAsync(Subscription subscription, DeliveryPurpose purpose, CancellationToken cancellationToken);
}
