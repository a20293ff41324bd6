using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace CreditShare.Server.Lookup;

/// <summary>How lookups are answered.</summary>
internal sealed class LookupOptions
{
    /// <summary>The section of the settings.</summary>
    public const string Section = "Lookup";

    /// <summary>How long a partner may act on an answer, unless a term ends before. Default 24 h.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "7.00:00:00")]
    public TimeSpan AnswerValidity { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How long an answer waits for the position asked for by <c>at_least</c>, if the call's deadline leaves that much. Default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan PositionPatience { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often the counts of answers that disclosed nothing are written down; what a killed node has not written is lost.
    /// Default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan CountInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Frames of one screening call that are worked on at once, most of them waiting until what they disclose is written down.
    /// Default 8.</summary>
    [Range(1, 64)]
    public int ScreeningFrames { get; set; } = 8;

    /// <summary>Megabytes of opened records that a node keeps in memory, so that who is listed and often asked about is not read and opened
    /// each time; 0 for none. Default 64.</summary>
    [Range(0, 65_536)]
    public int RecordMemoryMegabytes { get; set; } = 64;
}

/// <summary>Checks <see cref="LookupOptions"/> at start.</summary>
[OptionsValidator]
internal sealed partial class LookupOptionsValidator : IValidateOptions<LookupOptions>;
