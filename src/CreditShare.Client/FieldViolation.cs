using CreditShare.V1;

namespace CreditShare.Client;

/// <summary>What is wrong with one field of a request.</summary>
/// <param name="Field">The path in the contract's words, such as <c>listing.subject.documents[1].number</c>.</param>
/// <param name="Reason">Why; <see cref="ErrorReason.Unspecified"/> if the server sent a reason this client does not know yet.</param>
/// <param name="Message">An English sentence for people; never to be parsed.</param>
/// <param name="LocalMessage">The same in Chinese where the server gave it, else null.</param>
public sealed record FieldViolation(string Field, ErrorReason Reason, string Message, string? LocalMessage);
