using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace CreditShare.Server.Push;

/// <summary>How changes are delivered to receivers.</summary>
internal sealed class PushOptions : IValidatableObject
{
    public const string Section = "Push";

    /// <summary>Subscriptions that one node delivers to at most. Default 10,000.</summary>
    [Range(1, 100_000)]
    public int MaxSubscriptions { get; set; } = 10_000;

    /// <summary>How long a node may deliver to a subscription without renewing its lease. Default 15 s.</summary>
    [Range(typeof(TimeSpan), "00:00:02", "00:05:00")]
    public TimeSpan LeaseLength { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How often leases are renewed. Default 5 s; below <see cref="LeaseLength"/>.</summary>
    [Range(typeof(TimeSpan), "00:00:00.500", "00:01:00")]
    public TimeSpan LeaseRenewal { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How often a node looks for subscriptions that nobody delivers to. Default 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan LeasePoll { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Changes in a frame at most. Default 500.</summary>
    [Range(1, 500)]
    public int FrameChanges { get; set; } = 500;

    /// <summary>Bytes in a frame at most, unless one change alone is larger. Default 256 KiB.</summary>
    [Range(16 << 10, 256 << 10)]
    public int FrameBytes { get; set; } = 256 << 10;

    /// <summary>How long a receiver may take to answer a message. Default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a message may take with its quick retries. Default 20 s; not below <see cref="AttemptTimeout"/>.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan TotalTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How long a receiver that keeps failing is left alone on the ordered lane. Default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan BreakDuration { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether endpoints may lie on this machine. Default: in development only.</summary>
    public bool? AllowLoopback { get; set; }

    /// <summary>Authorities, PEM, whose certificates webhook endpoints may have besides those that the machine trusts.</summary>
    public string? AuthorityFile { get; set; }

    /// <summary>How long delivery attempts are kept. Default 30 d.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "3650.00:00:00")]
    public TimeSpan KeepAttempts { get; set; } = TimeSpan.FromDays(30);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (LeaseRenewal >= LeaseLength)
        {
            yield return new ValidationResult($"{Section}:{nameof(LeaseRenewal)} must be below {Section}:{nameof(LeaseLength)}.", [nameof(LeaseRenewal)]);
        }

        if (TotalTimeout < AttemptTimeout)
        {
            yield return new ValidationResult($"{Section}:{nameof(TotalTimeout)} must not be below {Section}:{nameof(AttemptTimeout)}.", [nameof(TotalTimeout)]);
        }
    }
}

[OptionsValidator]
internal sealed partial class PushOptionsValidator : IValidateOptions<PushOptions>;
