using CreditShare.Core.Listings;
using CreditShare.V1;
using Grpc.Core;

namespace CreditShare.Server.Transport;

/// <summary>From what the rules say to what the contract says.</summary>
internal static class RefusalMapping
{
    /// <summary>The refusal for what the rules found.</summary>
    /// <param name="violations">At least one.</param>
    /// <param name="prefix">Where the listing stands in the request, such as <c>listing</c> or <c>items[3].listing</c>; empty if it is the request.</param>
    public static RefusedException ToRefused(IReadOnlyList<Violation> violations, string prefix) =>
        ToRefused([.. violations.Select(violation => new FieldProblem(Join(prefix, violation.Field), ToReason(violation.Reason), Detail: null))]);

    /// <summary>The refusal for fields that are wrong. A reason that is about the state and not about a field goes before the others: the caller
    /// must settle it first.</summary>
    /// <param name="problems">At least one.</param>
    public static RefusedException ToRefused(IReadOnlyList<FieldProblem> problems)
    {
        if (problems.Count == 0) throw new InvalidOperationException("Nothing is wrong.");

        var first = problems.FirstOrDefault(
            problem => StatusMapping.CodeFor(problem.Reason) != StatusCode.InvalidArgument, problems[0]);
        var isOne = StatusMapping.CodeFor(first.Reason) != StatusCode.InvalidArgument
            || problems.All(problem => problem.Reason == first.Reason);
        return new RefusedException(isOne ? first.Reason : ErrorReason.SeveralViolations)
        {
            Violations = [.. problems.Where(problem => problem.Field.Length > 0)],
            Detail = problems.Count == 1 ? first.Detail : null,
        };
    }

    /// <summary>The contract's word for a reason of the rules.</summary>
    public static ErrorReason ToReason(RefusalReason reason) => reason switch
    {
        RefusalReason.FieldRequired => ErrorReason.FieldRequired,
        RefusalReason.FieldTooLong => ErrorReason.FieldTooLong,
        RefusalReason.FieldInvalid => ErrorReason.FieldInvalid,
        RefusalReason.DateInvalid => ErrorReason.DateInvalid,
        RefusalReason.DateInFuture => ErrorReason.DateInFuture,
        RefusalReason.NumberLength => ErrorReason.NumberLength,
        RefusalReason.NumberCharacter => ErrorReason.NumberCharacter,
        RefusalReason.NumberCheckDigit => ErrorReason.NumberCheckDigit,
        RefusalReason.NumberDate => ErrorReason.NumberDate,
        RefusalReason.NumberForm => ErrorReason.NumberForm,
        RefusalReason.NumberCountry => ErrorReason.NumberCountry,
        RefusalReason.NameCharacter => ErrorReason.NameCharacter,
        RefusalReason.CaseNumberForm => ErrorReason.CaseNumberForm,
        RefusalReason.CaseNotImplementing => ErrorReason.CaseNotImplementing,
        RefusalReason.CaseOfOtherCourt => ErrorReason.CaseOfOtherCourt,
        RefusalReason.CourtUnknown => ErrorReason.CourtUnknown,
        RefusalReason.DocumentKind => ErrorReason.DocumentKind,
        RefusalReason.DocumentTwice => ErrorReason.DocumentTwice,
        RefusalReason.SubjectContradictsNumber => ErrorReason.SubjectContradictsNumber,
        RefusalReason.SubjectIsMinor => ErrorReason.SubjectIsMinor,
        RefusalReason.Article3NotDeclared => ErrorReason.Article3NotDeclared,
        RefusalReason.TermRequired => ErrorReason.TermRequired,
        RefusalReason.TermNotAllowed => ErrorReason.TermNotAllowed,
        RefusalReason.TermLength => ErrorReason.TermLength,
        RefusalReason.TermOver => ErrorReason.TermOver,
        RefusalReason.ExtensionReason => ErrorReason.ExtensionReason,
        RefusalReason.GraceLength => ErrorReason.GraceLength,
        RefusalReason.AlreadyPerformed => ErrorReason.AlreadyPerformed,
        RefusalReason.EndReasonNotAllowed => ErrorReason.EndReasonNotAllowed,
        RefusalReason.NotInThisState => ErrorReason.NotInThisState,
        RefusalReason.ListingEnded => ErrorReason.ListingEnded,
        RefusalReason.GraceNotOver => ErrorReason.GraceNotOver,
        RefusalReason.AlreadyListed => ErrorReason.AlreadyListed,
        RefusalReason.RelistingBarred => ErrorReason.RelistingBarred,
        RefusalReason.VersionMismatch => ErrorReason.VersionMismatch,
        RefusalReason.IdentityReplaced => ErrorReason.IdentityReplaced,
        RefusalReason.RequestIdReused => ErrorReason.RequestIdReused,
        RefusalReason.ListingNotFound => ErrorReason.ListingNotFound,
        RefusalReason.NothingChanged => ErrorReason.NothingChanged,
    };

    private static string Join(string prefix, string field) => (prefix.Length, field.Length) switch
    {
        (0, _) => field,
        (_, 0) => "",
        _ => $"{prefix}.{field}",
    };
}
