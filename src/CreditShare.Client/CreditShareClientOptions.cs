using System.Net;

namespace CreditShare.Client;

/// <summary>How a client reaches the service. Immutable; <c>with</c> makes variants.</summary>
public sealed record CreditShareClientOptions
{
    /// <summary>Where the service is, such as <c>https://creditshare.example:7443</c>. A name with several addresses is dialled one by one.</summary>
    public required Uri Address { get; init; }

    /// <summary>The partner's certificate and the authority it trusts. Null presents no certificate, which only a test server accepts.</summary>
    public PartnerIdentity? Identity { get; init; }

    /// <summary>How long one call may take in all, its repetitions included. Default 30 s. Streams have no such limit: see
    /// <see cref="AnswerTimeout"/>.</summary>
    public TimeSpan Deadline { get; init => field = Positive(value); } = TimeSpan.FromSeconds(30);

    /// <summary>How long a stream waits for the answer to a frame, or for a sign of life, before the connection counts as lost. Default 30 s;
    /// an idle feed gives a sign of life every 5 s.</summary>
    public TimeSpan AnswerTimeout { get; init => field = Positive(value); } = TimeSpan.FromSeconds(30);

    /// <summary>How long to wait for a connection. Default 5 s.</summary>
    public TimeSpan ConnectTimeout { get; init => field = Positive(value); } = TimeSpan.FromSeconds(5);

    /// <summary>How often an idle connection is tested. Default 20 s.</summary>
    public TimeSpan KeepAliveInterval { get; init => field = Positive(value); } = TimeSpan.FromSeconds(20);

    /// <summary>How long the test of a connection may take before the connection counts as lost. Default 10 s.</summary>
    public TimeSpan KeepAliveTimeout { get; init => field = Positive(value); } = TimeSpan.FromSeconds(10);

    /// <summary>How often a call is tried in all, and how often a stream is resumed without any progress before it gives up: 1 to 100.
    /// Default 5. Only what is safe is repeated: readings, and commands that carry a request id.</summary>
    public int MaxAttempts
    {
        get;
        init => field = value is >= 1 and <= 100 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "1 to 100.");
    } = 5;

    /// <summary>The wait before the second attempt; it doubles up to <see cref="MaxBackoff"/>, with jitter of a fifth. Default 200 ms.</summary>
    public TimeSpan FirstBackoff { get; init => field = Positive(value); } = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest wait between attempts. Default 5 s. A longer wait that the server asks for is honoured up to a minute.</summary>
    public TimeSpan MaxBackoff { get; init => field = Positive(value); } = TimeSpan.FromSeconds(5);

    /// <summary>A proxy that passes TLS through, or null for none. Settings of the environment are not read.</summary>
    public IWebProxy? Proxy { get; init; }

    /// <summary>The clock for waits and deadlines.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    private static TimeSpan Positive(TimeSpan value) =>
        value > TimeSpan.Zero ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "A time must be positive.");
}
