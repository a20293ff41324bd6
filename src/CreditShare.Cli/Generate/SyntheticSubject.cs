namespace CreditShare.Cli.Generate;

/// <summary>What kind of subject is made up.</summary>
internal enum SyntheticKind
{
    /// <summary>A person with a resident number.</summary>
    Person,

    /// <summary>An organisation with a social credit code.</summary>
    Organisation,

    /// <summary>An organisation of which only the old code is known.</summary>
    OldOrganisation,
}

/// <summary>Somebody who does not exist.</summary>
/// <param name="Index">Which one.</param>
/// <param name="Kind">What kind.</param>
/// <param name="Name">The name; many share one.</param>
/// <param name="Number">The resident number, or the organisation code.</param>
internal sealed record SyntheticSubject(long Index, SyntheticKind Kind, string Name, string Number)
{
    /// <summary>A travel permit of the same person; null for most.</summary>
    internal string? TravelPermit { get; init; }

    /// <summary>The synthetic passport of the same person; null for most.</summary>
    internal string? Passport { get; init; }

    internal string SocialCredit => SyntheticNumbers.SocialCredit(Number);

    internal bool IsMale => ((Number[16] - '0') & 1) == 1;

    internal DateOnly Birth => DateOnly.ParseExact(Number.AsSpan(6, 8), "yyyyMMdd");
}
