using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace CreditShare.Server.Store;

/// <summary>The key under which personal data is sealed.</summary>
internal sealed class KeysOptions
{
    /// <summary>The section of the settings.</summary>
    public const string Section = "Keys";

    /// <summary>The master key: a file of 32 random bytes with mode 0600. Required outside of development, where one is made in the data
    /// folder. Whoever loses it loses every listing.</summary>
    [MinLength(1)]
    public string? MasterKeyFile { get; set; }
}

/// <summary>Checks <see cref="KeysOptions"/> at start.</summary>
[OptionsValidator]
internal sealed partial class KeysOptionsValidator : IValidateOptions<KeysOptions>;
