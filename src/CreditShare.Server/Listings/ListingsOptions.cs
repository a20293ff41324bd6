using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace CreditShare.Server.Listings;

/// <summary>What courts may publish.</summary>
internal sealed class ListingsOptions
{
    /// <summary>The section of the settings.</summary>
    public const string Section = "Listings";

    /// <summary>The types of cases since 2016 in which somebody may be listed, separated by spaces: 执, 执恢, 执他. Default 执 执恢.</summary>
    [Required]
    [RegularExpression("^(执|执恢|执他)( (执|执恢|执他))*$")]
    public string CaseTypes { get; set; } = "执 执恢";
}

/// <summary>Checks <see cref="ListingsOptions"/> at start.</summary>
[OptionsValidator]
internal sealed partial class ListingsOptionsValidator : IValidateOptions<ListingsOptions>;
