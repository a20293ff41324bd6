using System.Net;

namespace CreditShare.Cli.Subscriptions;

/// <summary>How to listen.</summary>
internal sealed record ListenWish
{
    internal required IPEndPoint Endpoint { get; init; }

    internal required string[] Secrets { get; init; }

    internal required string[] CallerKeys { get; init; }

    /// <summary>The server's certificate; null for one that is made.</summary>
    internal required string? CertificateFile { get; init; }

    internal required string? KeyFile { get; init; }

    /// <summary>Where to remember; null for memory.</summary>
    internal required string? StateFile { get; init; }

    internal required bool Fails { get; init; }

    internal required bool Hangs { get; init; }

    /// <summary>The wait before each answer.</summary>
    internal required TimeSpan Delay { get; init; }
}
