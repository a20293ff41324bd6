namespace CreditShare.Server.Access;

/// <summary>How long a partner may act on an answer to a lookup, unless a term ends before; whoever gives answers sets it.</summary>
/// <param name="Length">From the answer on.</param>
internal sealed record AnswerValidity(TimeSpan Length);
