using CreditShare.V1;

namespace CreditShare.Client;

/// <summary>What became of one query of several: exactly one of the two is set.</summary>
/// <param name="Answer">The answer, or null.</param>
/// <param name="Refusal">Why there is none, or null. A refused query is in doubt, which is not NOT_LISTED.</param>
public sealed record CheckOutcome(CheckSubjectResponse? Answer, Refusal? Refusal);
