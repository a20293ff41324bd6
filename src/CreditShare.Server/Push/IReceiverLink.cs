using CreditShare.V1;
using Subscription = CreditShare.Core.Push.Subscription;

namespace CreditShare.Server.Push;

/// <summary>The way to one receiver.</summary>
/// <remarks>Safe for concurrent callers.</remarks>
internal interface IReceiverLink : IDisposable
{
    /// <summary>Sends a message once.</summary>
    /// <returns>What came of it, not yet held against the message.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled; the message may have arrived.</exception>
    Task<DeliveryAnswer> SendAsync(ReceiveChangesRequest request, CancellationToken cancellationToken);
}

/// <summary>Opens ways to receivers.</summary>
internal interface IReceiverLinks
{
    /// <summary>Opens the way to a subscription's receiver; connects with the first message.</summary>
    /// <exception cref="ArgumentException">The subscription is pulled.</exception>
    IReceiverLink Open(Subscription subscription);
}
