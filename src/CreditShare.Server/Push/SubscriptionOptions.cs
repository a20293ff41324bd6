using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace CreditShare.Server.Push;

/// <summary>What partners may wish for.</summary>
internal sealed class SubscriptionOptions
{
    public const string Section = "Subscriptions";

    /// <summary>Subscriptions of one partner that have not ended, at most. Default 20.</summary>
    [Range(1, 1_000)]
    public int PerPartner { get; set; } = 20;
}

[OptionsValidator]
internal sealed partial class SubscriptionOptionsValidator : IValidateOptions<SubscriptionOptions>;
