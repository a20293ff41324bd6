using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace CreditShare.Server.Journal;

/// <summary>How a node reads the journal and keeps its lease.</summary>
internal sealed class JournalOptions
{
    public const string Section = "Journal";

    /// <summary>How often the tail looks for changes when nobody woke it. Default 250 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:01")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How many bytes of recent changes the tail keeps for followers. Default 64 MiB.</summary>
    [Range(1 << 20, 1 << 30)]
    public int RingBytes { get; set; } = 64 << 20;

    /// <summary>How often the node writes its heartbeat. Default 500 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:00:01")]
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a court's command waits for all nodes to apply a change that frees somebody. Default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:03", "00:01:00")]
    public TimeSpan BarrierTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often the sweeper looks for terms and periods of grace that are over. Default 1 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromMinutes(1);
}

[OptionsValidator]
internal sealed partial class JournalOptionsValidator : IValidateOptions<JournalOptions>;
