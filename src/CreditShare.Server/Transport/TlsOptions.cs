using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace CreditShare.Server.Transport;

/// <summary>Who the server is and whose certificates it accepts. All three files or, in development only, none.</summary>
internal sealed class TlsOptions : IValidatableObject
{
    /// <summary>The section of the settings.</summary>
    public const string Section = "Tls";

    /// <summary>The server's certificate, PEM, with its intermediate certificates behind it.</summary>
    public string? CertificateFile { get; set; }

    /// <summary>The server's private key, PEM, without a pass phrase.</summary>
    public string? KeyFile { get; set; }

    /// <summary>The authorities that issue partners' certificates, PEM, one or several; those of any other authority fail the handshake.</summary>
    public string? ClientAuthorityFile { get; set; }

    /// <summary>Whether the files are named.</summary>
    public bool IsSet => CertificateFile is not null;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (CertificateFile is null == KeyFile is null && KeyFile is null == ClientAuthorityFile is null) yield break;

        yield return new ValidationResult(
            $"{Section}:{nameof(CertificateFile)}, {Section}:{nameof(KeyFile)} and {Section}:{nameof(ClientAuthorityFile)} belong together: set all three.",
            [nameof(CertificateFile), nameof(KeyFile), nameof(ClientAuthorityFile)]);
    }
}

/// <summary>Checks <see cref="TlsOptions"/> at start.</summary>
[OptionsValidator]
internal sealed partial class TlsOptionsValidator : IValidateOptions<TlsOptions>;
