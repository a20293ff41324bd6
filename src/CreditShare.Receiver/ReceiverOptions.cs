namespace CreditShare.Receiver;

/// <summary>What a receiver trusts, and how long it works on one message.</summary>
public sealed class ReceiverOptions
{
    /// <summary>The most bytes of a webhook's body, and of a message by gRPC: 4 MiB. A frame has at most 256 KiB before it is put into JSON.</summary>
    public const int MaxMessageBytes = 4 * 1024 * 1024;

    /// <summary>How far the time of a webhook may lie from this machine's, either way: five minutes, as the specification has it.</summary>
    public static readonly TimeSpan TimestampTolerance = TimeSpan.FromMinutes(5);

    /// <summary>The secrets of webhooks, <c>whsec_…</c>: one, or two while rotating. Either may have signed. Without any, every webhook is refused.</summary>
    public IList<string> Secrets { get; } = [];

    /// <summary>For gRPC: SHA-256 of the subject public key info of CreditShare's certificates, 64 hexadecimal digits each. Whoever calls with
    /// another key, or with none, is refused; so is everybody while this is empty.</summary>
    public IList<string> CallerSpkiSha256 { get; } = [];

    /// <summary>For gRPC: takes messages from whoever connects. For development, and where a proxy in front has verified the certificate.</summary>
    public bool TrustsEveryCaller { get; set; }

    /// <summary>For how long changes of one message are worked on before the answer says how far that came; the rest is sent again at once.
    /// Default 6 s; the sender waits 10 s. One change alone may take longer.</summary>
    public TimeSpan AnswerWithin
    {
        get;
        set => field = value > TimeSpan.Zero ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "Above zero.");
    } = TimeSpan.FromSeconds(6);
}
