using System.Runtime.CompilerServices;
using CreditShare.V1;

namespace CreditShare.Client;

/// <content>Standing wishes for changes. What sets something is harmless when it is sent twice, so it is repeated like a reading.</content>
public sealed partial class CreditShareClient
{
    /// <summary>Makes a subscription.</summary>
    /// <returns>The subscription, and the secret if one was made because none was given. It is told only here, so this is sent once.</returns>
    public Task<CreateSubscriptionResponse> CreateSubscriptionAsync(
        CreateSubscriptionRequest request, CancellationToken cancellationToken = default) =>
        SendOnceAsync(_subscriptions.CreateSubscriptionAsync, request, cancellationToken);

    /// <summary>Reads a subscription.</summary>
    /// <param name="name"><c>partners/{id}/subscriptions/{id}</c>.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<Subscription> GetSubscriptionAsync(string name, CancellationToken cancellationToken = default)
    {
        var request = new GetSubscriptionRequest { Name = name };
        return (await SendAsync(_subscriptions.GetSubscriptionAsync, request, cancellationToken).ConfigureAwait(false)).Subscription;
    }

    /// <summary>Reads subscriptions by partner and id, page by page as they are consumed.</summary>
    /// <param name="parent"><c>partners/{id}</c>; an operator may ask for all with <c>partners/-</c>.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async IAsyncEnumerable<Subscription> ListSubscriptionsAsync(
        string parent, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var page = new ListSubscriptionsRequest { Parent = parent };
        do
        {
            var response = await SendAsync(_subscriptions.ListSubscriptionsAsync, page, cancellationToken).ConfigureAwait(false);
            foreach (var subscription in response.Subscriptions)
            {
                yield return subscription;
            }

            page.PageToken = response.NextPageToken;
        }
        while (page.PageToken.Length > 0);
    }

    /// <summary>Changes a subscription; a new endpoint must answer a challenge before anything is delivered to it.</summary>
    public async Task<Subscription> UpdateSubscriptionAsync(UpdateSubscriptionRequest request, CancellationToken cancellationToken = default) =>
        (await SendAsync(_subscriptions.UpdateSubscriptionAsync, request, cancellationToken).ConfigureAwait(false)).Subscription;

    /// <summary>Stops deliveries, withdrawals too.</summary>
    /// <param name="name"><c>partners/{id}/subscriptions/{id}</c>.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<Subscription> PauseSubscriptionAsync(string name, CancellationToken cancellationToken = default)
    {
        var request = new PauseSubscriptionRequest { Name = name };
        return (await SendAsync(_subscriptions.PauseSubscriptionAsync, request, cancellationToken).ConfigureAwait(false)).Subscription;
    }

    /// <summary>Goes on at once, whatever the subscription waits for; an endpoint that has not answered its challenge is asked again.</summary>
    /// <param name="name"><c>partners/{id}/subscriptions/{id}</c>.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<Subscription> ResumeSubscriptionAsync(string name, CancellationToken cancellationToken = default)
    {
        var request = new ResumeSubscriptionRequest { Name = name };
        return (await SendAsync(_subscriptions.ResumeSubscriptionAsync, request, cancellationToken).ConfigureAwait(false)).Subscription;
    }

    /// <summary>Sets the ordered lane back, to deliver once more what comes after a place.</summary>
    public async Task<Subscription> ReplaySubscriptionAsync(ReplaySubscriptionRequest request, CancellationToken cancellationToken = default) =>
        (await SendAsync(_subscriptions.ReplaySubscriptionAsync, request, cancellationToken).ConfigureAwait(false)).Subscription;

    /// <summary>Ends a subscription for good.</summary>
    /// <param name="name"><c>partners/{id}/subscriptions/{id}</c>.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<Subscription> DeleteSubscriptionAsync(string name, CancellationToken cancellationToken = default)
    {
        var request = new DeleteSubscriptionRequest { Name = name };
        return (await SendAsync(_subscriptions.DeleteSubscriptionAsync, request, cancellationToken).ConfigureAwait(false)).Subscription;
    }

    /// <summary>Sends the endpoint a test message, once.</summary>
    /// <param name="name"><c>partners/{id}/subscriptions/{id}</c>.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>What came of it.</returns>
    public async Task<DeliveryAttempt> TestSubscriptionAsync(string name, CancellationToken cancellationToken = default)
    {
        var request = new TestSubscriptionRequest { Name = name };
        return (await SendOnceAsync(_subscriptions.TestSubscriptionAsync, request, cancellationToken).ConfigureAwait(false)).Attempt;
    }

    /// <summary>Reads a subscription's attempts, newest first, page by page as they are consumed.</summary>
    /// <param name="parent"><c>partners/{id}/subscriptions/{id}</c>.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async IAsyncEnumerable<DeliveryAttempt> ListDeliveryAttemptsAsync(
        string parent, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var page = new ListDeliveryAttemptsRequest { Parent = parent };
        do
        {
            var response = await SendAsync(_subscriptions.ListDeliveryAttemptsAsync, page, cancellationToken).ConfigureAwait(false);
            foreach (var attempt in response.Attempts)
            {
                yield return attempt;
            }

            page.PageToken = response.NextPageToken;
        }
        while (page.PageToken.Length > 0);
    }
}
