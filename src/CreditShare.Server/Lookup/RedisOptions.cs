using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace CreditShare.Server.Lookup;

/// <summary>The cache of document records. Leave the connection out, and lookups read the store instead.</summary>
internal sealed class RedisOptions
{
    /// <summary>The section of the settings.</summary>
    public const string Section = "Redis";

    /// <summary>Redis or Valkey, alone, with Sentinel or as a cluster, in StackExchange.Redis's form; empty for none. Default empty.</summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>The file that holds the password; empty for none. Default empty.</summary>
    public string PasswordFile { get; set; } = "";

    /// <summary>How long Redis may take for an answer before the store is read instead. Default 50 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:05")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>How long Redis is left alone after half of its answers failed. Default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan BreakDuration { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a record stays in Redis. Default 6 h.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "7.00:00:00")]
    public TimeSpan RecordLifetime { get; set; } = TimeSpan.FromHours(6);

    /// <summary>Records that may wait to be written to Redis, and documents that may wait to be refreshed there; more are dropped.
    /// Default 4,096.</summary>
    [Range(16, 1_000_000)]
    public int QueueLength { get; set; } = 4_096;
}

/// <summary>Checks <see cref="RedisOptions"/> at start.</summary>
[OptionsValidator]
internal sealed partial class RedisOptionsValidator : IValidateOptions<RedisOptions>;
