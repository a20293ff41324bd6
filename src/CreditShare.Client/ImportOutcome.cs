using CreditShare.V1;

namespace CreditShare.Client;

/// <summary>What became of one row of an import: it was published, now or by an earlier attempt, or refused.</summary>
/// <param name="Row">The row, as it was given.</param>
/// <param name="Receipt">The receipt; null if the row was refused. Without a position when rows were only checked.</param>
/// <param name="Refusal">Why it was refused, or null.</param>
public sealed record ImportOutcome(ImportRow Row, ListingReceipt? Receipt, Refusal? Refusal);
