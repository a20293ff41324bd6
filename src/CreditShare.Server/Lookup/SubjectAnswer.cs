using CreditShare.Server.Journal;

namespace CreditShare.Server.Lookup;

/// <summary>How fresh an answer is, and how long it may be acted on.</summary>
/// <param name="AsOf">Every change up to here is in it.</param>
/// <param name="Time">When it was made.</param>
/// <param name="ValidUntil">Until when the partner may act on it.</param>
internal readonly record struct AnswerTimes(JournalPosition AsOf, DateTimeOffset Time, DateTimeOffset ValidUntil);

/// <summary>An answer about one subject.</summary>
/// <param name="Id">Its id; the ledger knows it if it disclosed anything.</param>
/// <param name="Judgement">What is said.</param>
/// <param name="Times">How fresh it is.</param>
internal sealed record SubjectAnswer(Guid Id, SubjectJudgement Judgement, AnswerTimes Times);
