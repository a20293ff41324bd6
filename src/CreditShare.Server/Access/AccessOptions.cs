using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace CreditShare.Server.Access;

/// <summary>What partners may ask of a node when their registration names no limit of their own.</summary>
internal sealed class AccessOptions
{
    /// <summary>The section of the settings.</summary>
    public const string Section = "Access";

    /// <summary>Calls a second of one partner; a second's worth may come at once. Default 20,000.</summary>
    [Range(1, 10_000_000)]
    public int CallsPerSecond { get; set; } = 20_000;

    /// <summary>Subjects a second that one partner asks about, over all calls. Default 2,000,000.</summary>
    [Range(1, 100_000_000)]
    public int SubjectsPerSecond { get; set; } = 2_000_000;

    /// <summary>Streams of one partner that a node has open at once, so that nobody takes the places of the others. Default 500.</summary>
    [Range(1, 100_000)]
    public int StreamsPerPartner { get; set; } = 500;
}

/// <summary>Checks <see cref="AccessOptions"/> at start.</summary>
[OptionsValidator]
internal sealed partial class AccessOptionsValidator : IValidateOptions<AccessOptions>;
