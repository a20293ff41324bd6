using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace CreditShare.Server.Lookup;

/// <summary>The cache of document records. Leave the connection out, and lookups read the store instead.</summary>
internal sealed class RedisOptions : IValidatableObject
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

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        var (holdsPassword, problem) = Read();
        if (problem is not null)
        {
            yield return new ValidationResult(
                $"{Section}:{nameof(ConnectionString)} is no configuration of Redis: {problem}", [nameof(ConnectionString)]);
        }

        if (holdsPassword)
        {
            yield return new ValidationResult(
                $"{Section}:{nameof(ConnectionString)} holds a password; put it into a file and name that in {Section}:{nameof(PasswordFile)}.",
                [nameof(ConnectionString)]);
        }
    }

    private (bool HoldsPassword, string? Problem) Read()
    {
        if (string.IsNullOrEmpty(ConnectionString)) return (false, null);

        try
        {
            return (!string.IsNullOrEmpty(ConfigurationOptions.Parse(ConnectionString).Password), null);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or OverflowException)
        {
            return (false, e.Message);
        }
    }
}

/// <summary>Checks <see cref="RedisOptions"/> at start.</summary>
[OptionsValidator]
internal sealed partial class RedisOptionsValidator : IValidateOptions<RedisOptions>;
