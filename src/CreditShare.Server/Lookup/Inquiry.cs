using CreditShare.Core.Access;

namespace CreditShare.Server.Lookup;

/// <summary>Who asks, why, and under which marks of its own; what the ledger keeps of an answer that discloses something.</summary>
/// <param name="Partner">Who asks.</param>
/// <param name="Purpose">Why; one that was granted.</param>
/// <param name="Reference">The partner's own file number.</param>
/// <param name="Operator">Who asks there, a pseudonym.</param>
internal sealed record Inquiry(PartnerId Partner, Purpose Purpose, string Reference, string Operator)
{
    /// <summary>The most characters of a reference and of an operator.</summary>
    public const int MaxTextLength = 200;
}
