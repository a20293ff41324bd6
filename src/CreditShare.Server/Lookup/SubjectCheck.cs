using CreditShare.Core.Access;
using CreditShare.Server.Journal;

namespace CreditShare.Server.Lookup;

/// <summary>A question about one subject, checked.</summary>
/// <param name="Query">Who is asked about.</param>
/// <param name="Inquiry">Who asks.</param>
/// <param name="View">How much of a listing is shown; one that was granted.</param>
/// <param name="AtLeast">The position from which on the answer is wanted; null for any.</param>
internal sealed record SubjectCheck(SubjectQuery Query, Inquiry Inquiry, View View, JournalPosition? AtLeast);
