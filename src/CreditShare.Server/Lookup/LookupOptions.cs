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

    /// <summary>Frames of one screening call that are worked on at once; 0 for as many as the machine has cores. Default 0.</summary>
    [Range(0, 64)]
    public int ScreeningFrames { get; set; }
}

/// <summary>Checks <see cref="LookupOptions"/> at start.</summary>
[OptionsValidator]
internal sealed partial class LookupOptionsValidator : IValidateOptions<LookupOptions>;
