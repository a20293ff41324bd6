using CreditShare.V1;

namespace CreditShare.Server.Transport;

/// <summary>One field that is wrong.</summary>
/// <param name="Field">Its path in the request, such as <c>subject.documents[0].number</c>; empty when it is the request as a whole.</param>
/// <param name="Reason">What is wrong with it.</param>
/// <param name="Detail">More in English, for people; never an identity number, never what the caller sent.</param>
internal readonly record struct FieldProblem(string Field, ErrorReason Reason, string? Detail);
