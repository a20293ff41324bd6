using System.ComponentModel.DataAnnotations;
using System.Net;
using Microsoft.Extensions.Options;

namespace CreditShare.Server.Transport;

/// <summary>Where the server listens, and what it takes from one connection.</summary>
internal sealed class TransportOptions : IValidatableObject
{
    /// <summary>The section of the settings.</summary>
    public const string Section = "Listen";

    /// <summary>The address that stands for every interface.</summary>
    public const string AnyAddress = "any";

    /// <summary>The address that stands for this machine alone.</summary>
    public const string LoopbackAddress = "loopback";

    /// <summary>The port for partners: gRPC over HTTP/2 and TLS, client certificate required. 0 takes a free one. Default 7443.</summary>
    [Range(0, 65_535)]
    public int Port { get; set; } = 7443;

    /// <summary>The interface for partners: <c>any</c>, <c>loopback</c> or an IP address. Default <c>any</c> in production, <c>loopback</c> in
    /// development.</summary>
    public string? Address { get; set; }

    /// <summary>The port for health and metrics: plain HTTP/1.1, no certificate. 0 takes a free one. Default 7444.</summary>
    [Range(0, 65_535)]
    public int ManagementPort { get; set; } = 7444;

    /// <summary>The interface for health and metrics: <c>any</c>, <c>loopback</c> or an IP address. Default <c>loopback</c>; another one only
    /// where the network keeps strangers away.</summary>
    [Required]
    public string ManagementAddress { get; set; } = LoopbackAddress;

    /// <summary>Connections at once; more are closed. Default 10,000.</summary>
    [Range(1, 1_000_000)]
    public int MaxConnections { get; set; } = 10_000;

    /// <summary>How long a caller may leave an answer, or a part of one, unread before its call is reset; a connection that takes nothing has
    /// twice that time. Default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan WriteTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Time that calls under way get when the server stops. Default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan StopWithin { get; set; } = TimeSpan.FromSeconds(10);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var (name, value) in new[] { (nameof(Address), Address), (nameof(ManagementAddress), ManagementAddress) })
        {
            if (value is not (null or AnyAddress or LoopbackAddress) && !IPAddress.TryParse(value, out _))
            {
                yield return new ValidationResult($"{Section}:{name} is neither 'any' nor 'loopback' nor an IP address.", [name]);
            }
        }
    }
}

/// <summary>Checks <see cref="TransportOptions"/> at start.</summary>
[OptionsValidator]
internal sealed partial class TransportOptionsValidator : IValidateOptions<TransportOptions>;
