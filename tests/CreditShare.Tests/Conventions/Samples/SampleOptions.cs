using System.ComponentModel.DataAnnotations;

namespace CreditShare.Tests.Conventions.Samples;

/// <summary>Options of every kind that the catalogue must read.</summary>
internal sealed class SampleOptions
{
    public const string Section = "Sample";

    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan Wait { get; set; } = TimeSpan.FromMilliseconds(250);

    public TimeSpan Keep { get; set; } = TimeSpan.FromDays(1);

    [Range(1, 10_000)]
    public int Most { get; set; } = 5_000;

    public string? File { get; set; }
}
