using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace CreditShare.Server.Feed;

/// <summary>How changes are streamed.</summary>
internal sealed class FeedOptions
{
    public const string Section = "Feed";

    /// <summary>Changes in a frame at most. Default 500.</summary>
    [Range(1, 1_000)]
    public int FrameChanges { get; set; } = 500;

    /// <summary>Bytes in a frame at most, unless one change alone is larger. Default 256 KiB.</summary>
    [Range(16 << 10, 1 << 20)]
    public int FrameBytes { get; set; } = 256 << 10;

    /// <summary>How long a feed stays silent before it sends an empty frame. Default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan IdleInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a follower may leave a frame unread before it is cut off. Default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan WriteTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Followers of one node at most. Default 5,000.</summary>
    [Range(1, 100_000)]
    public int MaxFollowers { get; set; } = 5_000;
}

[OptionsValidator]
internal sealed partial class FeedOptionsValidator : IValidateOptions<FeedOptions>;
