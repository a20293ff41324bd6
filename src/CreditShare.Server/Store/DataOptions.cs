using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace CreditShare.Server.Store;

/// <summary>Where the server keeps its own files.</summary>
internal sealed class DataOptions
{
    /// <summary>The section of the settings.</summary>
    public const string Section = "Data";

    /// <summary>The data folder: the embedded database, in development also keys and identities. Relative to the current folder.
    /// Default <c>creditshare-data</c>.</summary>
    [Required]
    public string Folder { get; set; } = "creditshare-data";

    /// <summary>The folder's full path.</summary>
    public string FullPath => Path.GetFullPath(Folder);
}

/// <summary>Checks <see cref="DataOptions"/> at start.</summary>
[OptionsValidator]
internal sealed partial class DataOptionsValidator : IValidateOptions<DataOptions>;
