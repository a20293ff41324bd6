using System.Security.Cryptography;
using CreditShare.Core.Journal;
using CreditShare.Core.Push;
using CreditShare.Server.Transport;
using CreditShare.V1;
using Microsoft.Extensions.Options;
using DeliveryOutcome = CreditShare.Core.Push.DeliveryOutcome;
using DeliveryPurpose = CreditShare.Core.Push.DeliveryPurpose;
using Subscription = CreditShare.Core.Push.Subscription;
using SubscriptionState = CreditShare.Core.Push.SubscriptionState;

namespace CreditShare.Server.Push;

/// <summary>What a change by the owner makes of a subscription.</summary>
/// <param name="Subscription">The wish after it.</param>
/// <param name="Ordered">The ordered lane after it; null leaves it.</param>
/// <param name="Withdrawals">The lane of withdrawals after it; null leaves it.</param>
/// <param name="ForgetRejected">Whether rejected publications no longer wait.</param>
internal sealed record SubscriptionChange(
    Subscription Subscription, LaneState? Ordered = null, LaneState? Withdrawals = null, bool ForgetRejected = false);

/// <summary>Reads and changes subscriptions in the store; whoever delivers notices by the lease that a change takes away.</summary>
internal sealed class SubscriptionBook(
    IStore store, IDeliveryProbe probe, IOptions<SubscriptionOptions> options, TimeProvider clock, ILogger<SubscriptionBook> logger)
{
    private const string SecretPrefix = "whsec_";
    private const int SecretBytes = 32;

    // A partner seldom changes one subscription at once; whoever loses this often has met a fault.
    private const int Attempts = 5;

    // More than any partner may have.
    private const int AllOfPartner = 10_000;

    /// <summary>Reads one.</summary>
    /// <exception cref="RefusedException">There is none.</exception>
    public async Task<StoredSubscription> GetAsync(SubscriptionId id, CancellationToken cancellationToken) =>
        await store.Subscriptions.FindAsync(id, cancellationToken) ?? throw new RefusedException(ErrorReason.SubscriptionNotFound);

    /// <summary>Makes a subscription, or finds the same one made before; then asks its endpoint to prove itself.</summary>
    /// <returns>The subscription, and the secret if one was made now.</returns>
    public async Task<(StoredSubscription Stored, string GeneratedSecret)> CreateAsync(
        SubscriptionId id, SubscriptionWish wish, JournalHead? start, CancellationToken cancellationToken)
    {
        if (await store.Subscriptions.FindAsync(id, cancellationToken) is { } earlier) return (SameOr(earlier, wish, start), "");

        var others = await store.Subscriptions.ListAsync(id.Partner, after: null, AllOfPartner, cancellationToken);
        if (others.Count(other => other.Subscription.State != SubscriptionState.Revoked) >= options.Value.PerPartner)
        {
            throw new RefusedException(ErrorReason.TooManySubscriptions);
        }

        var (delivery, secret) = WithSecret(wish.Delivery!);
        var head = await store.Journal.ReadHeadAsync(cancellationToken);
        var now = clock.GetUtcNow();
        var subscription = new Subscription
        {
            Id = id,
            DisplayName = wish.DisplayName,
            Filter = wish.Filter,
            View = wish.View,
            Delivery = delivery,
            State = delivery is Delivery.Pull ? SubscriptionState.Active : SubscriptionState.PendingVerification,
            StateSince = now,
            Start = start ?? head,
            StartGiven = start is not null,
            WithdrawalsStart = head.Sequence,
            CreatedAt = now,
        };
        if (!await store.Subscriptions.CreateAsync(
            subscription, LaneAt(Core.Push.Lane.Ordered, subscription.Start), LaneAt(Core.Push.Lane.Withdrawals, head), cancellationToken))
        {
            return (SameOr(await GetAsync(id, cancellationToken), wish, start), "");
        }

        logger.SubscriptionMade(id);
        return (await VerifyAsync(await GetAsync(id, cancellationToken), cancellationToken), secret);
    }

    /// <summary>Changes a subscription: reads it, decides, stores; anew if somebody came between.</summary>
    /// <param name="id">Which.</param>
    /// <param name="decide">Decides; may be asked several times. Null changes nothing.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>The subscription after it.</returns>
    /// <exception cref="RefusedException">There is none, or the change is refused.</exception>
    public async Task<StoredSubscription> ChangeAsync(
        SubscriptionId id, Func<StoredSubscription, SubscriptionChange?> decide, CancellationToken cancellationToken)
    {
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            var stored = await GetAsync(id, cancellationToken);
            if (decide(stored) is not { } change) return stored;
            if (!await store.Subscriptions.PutAsync(
                change.Subscription, change.Ordered, change.Withdrawals, change.ForgetRejected, cancellationToken))
            {
                continue;
            }

            logger.SubscriptionChanged(id, change.Subscription.State);
            return await GetAsync(id, cancellationToken);
        }

        throw new RefusedException(ErrorReason.Overloaded) { RetryAfter = TimeSpan.FromSeconds(1) };
    }

    /// <summary>Asks the endpoint of a subscription that waits for it to answer the challenge; one that does makes it active.</summary>
    public async Task<StoredSubscription> VerifyAsync(StoredSubscription stored, CancellationToken cancellationToken)
    {
        var subscription = stored.Subscription;
        if (subscription.State != SubscriptionState.PendingVerification || !await ProvesItselfAsync(subscription, cancellationToken)) return stored;

        // What an old endpoint failed at is no matter of the new one. The challenge that the delivery sends may be answered at the same time,
        // and then the lanes move already.
        return await ChangeAsync(
            subscription.Id,
            present => present.Subscription.State == SubscriptionState.PendingVerification
                && IsSamePlace(present.Subscription.Delivery, subscription.Delivery)
                    ? new SubscriptionChange(InState(present.Subscription, SubscriptionState.Active), FreshIfFailing(present.Ordered), FreshIfFailing(present.Withdrawals))
                    : null,
            cancellationToken);
    }

    /// <summary>Whether the endpoint answers the challenge now.</summary>
    public async Task<bool> ProvesItselfAsync(Subscription subscription, CancellationToken cancellationToken) =>
        (await probe.ProbeAsync(subscription, DeliveryPurpose.Verification, cancellationToken)).Outcome == DeliveryOutcome.Accepted;

    /// <summary>The subscription in another state from now on.</summary>
    public Subscription InState(Subscription subscription, SubscriptionState state) =>
        subscription.State == state ? subscription : subscription with { State = state, StateSince = clock.GetUtcNow() };

    /// <summary>The lane without its failures, so that the next attempt is made at once.</summary>
    public static LaneState Fresh(LaneState lane) => lane with { Failures = 0, FailingSince = null, NextAttemptAt = null, LastError = "" };

    /// <summary>The same if it has failures, else null, which leaves it: a lane that works may be moving on, and must not be set back.</summary>
    public static LaneState? FreshIfFailing(LaneState lane) => lane.Failures > 0 ? Fresh(lane) : null;

    /// <summary>Whether two ways of delivery lead to the same receiver, whatever secrets they sign with.</summary>
    public static bool IsSamePlace(Delivery one, Delivery other) => (one, other) switch
    {
        (Delivery.Webhook a, Delivery.Webhook b) => a.Endpoint == b.Endpoint,
        _ => one == other,
    };

    private static LaneState LaneAt(Core.Push.Lane lane, JournalHead place) => new() { Lane = lane, Accepted = place, Applied = place.Sequence };

    private static (Delivery Delivery, string Secret) WithSecret(Delivery delivery)
    {
        if (delivery is not Delivery.Webhook { Secrets.IsEmpty: true } webhook) return (delivery, "");

        var secret = SecretPrefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(SecretBytes));
        return (webhook with { Secrets = [secret] }, secret);
    }

    /// <summary>What exists, if it is what is wished; an ended one never is.</summary>
    private static StoredSubscription SameOr(StoredSubscription earlier, SubscriptionWish wish, JournalHead? start)
    {
        var subscription = earlier.Subscription;
        var isSame = subscription.State != SubscriptionState.Revoked
            && subscription.DisplayName == wish.DisplayName
            && subscription.View == wish.View
            && subscription.Filter.SubjectKind == wish.Filter.SubjectKind
            && subscription.Filter.Courts.SequenceEqual(wish.Filter.Courts)
            && subscription.Filter.Regions.SequenceEqual(wish.Filter.Regions)
            && IsSamePlace(subscription.Delivery, wish.Delivery!)
            && HasSecrets(subscription.Delivery, wish.Delivery!)
            && subscription.StartGiven == start is not null
            && (start is null || start.Sequence == subscription.Start.Sequence);
        return isSame ? earlier : throw new RefusedException(ErrorReason.SubscriptionExists);
    }

    // Without secrets in the wish one was made, and told to whoever asked first.
    private static bool HasSecrets(Delivery stored, Delivery wished) =>
        (stored, wished) is not (Delivery.Webhook has, Delivery.Webhook { Secrets.IsEmpty: false } wants)
        || has.Secrets.SequenceEqual(wants.Secrets, StringComparer.Ordinal);
}
