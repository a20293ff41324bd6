using System.Collections.Immutable;
using CreditShare.V1;
using DeliveryOutcome = CreditShare.Core.Push.DeliveryOutcome;

namespace CreditShare.Server.Push;

/// <summary>What came of sending one message once.</summary>
internal sealed record DeliveryAnswer
{
    /// <summary>The longest Retry-After that is waited for within an attempt.</summary>
    public static readonly TimeSpan ShortWait = TimeSpan.FromSeconds(1);

    /// <summary>What came of it.</summary>
    public required DeliveryOutcome Outcome { get; init; }

    /// <summary>The HTTP status, or the name of gRPC's status code; empty without an answer.</summary>
    public string Status { get; init; } = "";

    /// <summary>What went wrong, for the partner to read; without personal data.</summary>
    public string Error { get; init; } = "";

    /// <summary>What the receiver asked for.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether the endpoint said that it is gone for good.</summary>
    public bool IsGone { get; init; }

    /// <summary>Whether the same message may well succeed in a moment.</summary>
    public bool MayPassSoon { get; init; }

    /// <summary>The answer's body; null if it is none.</summary>
    public ReceiveChangesResponse? Response { get; init; }

    /// <summary>How far the receiver has accepted, within the message's range.</summary>
    public long Accepted { get; init; }

    /// <summary>How far the receiver has applied; not past <see cref="Accepted"/>.</summary>
    public long Applied { get; init; }

    /// <summary>Changes of the message that were not taken.</summary>
    public ImmutableArray<Rejection> Rejections { get; init; } = [];

    /// <summary>What the receiver expects instead; set if <see cref="Outcome"/> is OUT_OF_ORDER.</summary>
    public Cursor? Expected { get; init; }

    /// <summary>Whether the receiver did not do its part.</summary>
    public bool IsFailure => Outcome is not (DeliveryOutcome.Accepted or DeliveryOutcome.PartlyAccepted or DeliveryOutcome.OutOfOrder);

    /// <summary>No connection, or it was lost.</summary>
    public static DeliveryAnswer Unreachable(string error) =>
        new() { Outcome = DeliveryOutcome.Unreachable, Error = Excerpt.Of(error), MayPassSoon = true };

    /// <summary>The endpoint must not be used.</summary>
    public static DeliveryAnswer Forbidden(string error) => new() { Outcome = DeliveryOutcome.Forbidden, Error = Excerpt.Of(error) };

    /// <summary>No answer in time.</summary>
    public static DeliveryAnswer TimedOut(string error) => new() { Outcome = DeliveryOutcome.TimedOut, Error = error };

    /// <summary>An answer that says no, or says nothing that can be read.</summary>
    public static DeliveryAnswer Refused(string status, string error) =>
        new() { Outcome = DeliveryOutcome.Refused, Status = status, Error = Excerpt.Of(error) };
}
