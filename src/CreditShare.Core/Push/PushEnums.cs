namespace CreditShare.Core.Push;

// Small closed vocabularies, read together; their numbers are those of the contract and of the stored format.

/// <summary>How a subscription stands.</summary>
public enum SubscriptionState
{
    /// <summary>Not given.</summary>
    None = 0,

    /// <summary>Its endpoint has not answered the challenge yet.</summary>
    PendingVerification = 1,

    /// <summary>Deliveries succeed.</summary>
    Active = 2,

    /// <summary>The last attempt failed; the next one is scheduled.</summary>
    Retrying = 3,

    /// <summary>Nothing succeeded for <see cref="PushSchedule.DegradedAfter"/>.</summary>
    Degraded = 4,

    /// <summary>Nothing succeeded for <see cref="PushSchedule.SuspendedAfter"/>, or the endpoint is gone; withdrawals are still tried.</summary>
    Suspended = 5,

    /// <summary>After an outage: deliveries succeed again, and the ordered lane has not reached the head yet.</summary>
    CatchingUp = 6,

    /// <summary>Stopped by the partner.</summary>
    Paused = 7,

    /// <summary>Ended for good.</summary>
    Revoked = 8,
}

/// <summary>The two ways on which a subscription's changes travel.</summary>
public enum Lane
{
    /// <summary>None: a message that carries no changes.</summary>
    None = 0,

    /// <summary>Every change, in the order of the journal, in contiguous frames.</summary>
    Ordered = 1,

    /// <summary>Withdrawals alone, at once.</summary>
    Withdrawals = 2,
}

/// <summary>What came of an attempt.</summary>
public enum DeliveryOutcome
{
    /// <summary>Not given.</summary>
    None = 0,

    /// <summary>The receiver accepted what it was sent, or had it already.</summary>
    Accepted = 1,

    /// <summary>The receiver accepted a part, or rejected single changes.</summary>
    PartlyAccepted = 2,

    /// <summary>The receiver expects another cursor.</summary>
    OutOfOrder = 3,

    /// <summary>The receiver answered with an error, or with what is no answer.</summary>
    Refused = 4,

    /// <summary>No answer in time.</summary>
    TimedOut = 5,

    /// <summary>No connection, or it was lost.</summary>
    Unreachable = 6,

    /// <summary>The endpoint's address is not allowed, or its key is not the pinned one.</summary>
    Forbidden = 7,

    /// <summary>Not sent: the circuit breaker was open.</summary>
    Broken = 8,

    /// <summary>The partner of a pull subscription acknowledged.</summary>
    Acknowledged = 9,
}

/// <summary>What a message was for.</summary>
public enum DeliveryPurpose
{
    /// <summary>Not given.</summary>
    None = 0,

    /// <summary>To deliver changes.</summary>
    Changes = 1,

    /// <summary>To verify the endpoint.</summary>
    Verification = 2,

    /// <summary>To test, on the partner's wish.</summary>
    Test = 3,

    /// <summary>To order a purge after the subscription's end.</summary>
    Purge = 4,
}
