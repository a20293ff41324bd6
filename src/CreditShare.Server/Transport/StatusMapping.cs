using System.Collections.Frozen;
using CreditShare.V1;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using RpcStatus = Google.Rpc.Status;

namespace CreditShare.Server.Transport;

/// <summary>From a refusal to <c>google.rpc.Status</c>, the same for a call and for a row within a stream.</summary>
internal static class StatusMapping
{
    /// <summary>The domain of every <c>ErrorInfo</c>.</summary>
    public const string Domain = "creditshare";

    private const string Locale = "zh-CN";

    private static readonly TimeSpan Moments = TimeSpan.FromMilliseconds(500);

    private static readonly FrozenDictionary<ErrorReason, string> WireNames = ErrorsReflection.Descriptor.EnumTypes
        .Single(type => type.Name == nameof(ErrorReason)).Values
        .ToFrozenDictionary(value => (ErrorReason)value.Number, value => value.Name["ERROR_REASON_".Length..]);

    /// <summary>The reason as it is sent: the contract's value without its prefix.</summary>
    public static string WireName(ErrorReason reason) => WireNames[reason];

    /// <summary>The exception that answers a call with this reason alone.</summary>
    public static RpcException For(ErrorReason reason) => ToStatus(new RefusedException(reason)).ToRpcException();

    /// <summary>The refusal of bytes that are no message of the contract.</summary>
    public static RefusedException Unreadable => new(ErrorReason.FieldInvalid) { Detail = "The message cannot be read." };

    /// <summary>The status of a refusal, with all its details.</summary>
    public static RpcStatus ToStatus(RefusedException refused)
    {
        var text = ReasonTexts.Of(refused.Reason);
        var status = new RpcStatus
        {
            Code = (int)CodeFor(refused.Reason),
            Message = refused.Detail is null ? text.English : $"{text.English} {refused.Detail}",
        };
        var info = new ErrorInfo { Reason = WireName(refused.Reason), Domain = Domain };
        foreach (var (key, value) in refused.Metadata) info.Metadata.Add(key, value);
        status.Details.Add(Any.Pack(info));

        if (refused.Violations.Count > 0) status.Details.Add(Any.Pack(ToBadRequest(refused.Violations)));
        if ((refused.RetryAfter ?? UsualWait(refused.Reason)) is { } delay)
        {
            status.Details.Add(Any.Pack(new RetryInfo { RetryDelay = Duration.FromTimeSpan(delay) }));
        }

        status.Details.Add(Any.Pack(Localized(text.Chinese)));
        return status;
    }

    /// <summary>The gRPC code of a reason, as <c>errors.proto</c> documents it.</summary>
    public static StatusCode CodeFor(ErrorReason reason) => reason switch
    {
        // Never sent on purpose, so whoever sends it has a fault.
        ErrorReason.Unspecified => StatusCode.Internal,

        ErrorReason.SeveralViolations => StatusCode.InvalidArgument,
        ErrorReason.FieldRequired => StatusCode.InvalidArgument,
        ErrorReason.FieldTooLong => StatusCode.InvalidArgument,
        ErrorReason.FieldInvalid => StatusCode.InvalidArgument,
        ErrorReason.DateInvalid => StatusCode.InvalidArgument,
        ErrorReason.DateInFuture => StatusCode.InvalidArgument,
        ErrorReason.NumberLength => StatusCode.InvalidArgument,
        ErrorReason.NumberCharacter => StatusCode.InvalidArgument,
        ErrorReason.NumberCheckDigit => StatusCode.InvalidArgument,
        ErrorReason.NumberDate => StatusCode.InvalidArgument,
        ErrorReason.NumberForm => StatusCode.InvalidArgument,
        ErrorReason.NumberCountry => StatusCode.InvalidArgument,
        ErrorReason.BirthDateRequired => StatusCode.InvalidArgument,
        ErrorReason.NameCharacter => StatusCode.InvalidArgument,
        ErrorReason.CaseNumberForm => StatusCode.InvalidArgument,
        ErrorReason.CaseNotImplementing => StatusCode.InvalidArgument,
        ErrorReason.CaseOfOtherCourt => StatusCode.InvalidArgument,
        ErrorReason.CourtUnknown => StatusCode.InvalidArgument,
        ErrorReason.NameForm => StatusCode.InvalidArgument,
        ErrorReason.PageTokenInvalid => StatusCode.InvalidArgument,
        ErrorReason.MaskInvalid => StatusCode.InvalidArgument,
        ErrorReason.DocumentKind => StatusCode.InvalidArgument,
        ErrorReason.DocumentTwice => StatusCode.InvalidArgument,
        ErrorReason.SubjectContradictsNumber => StatusCode.InvalidArgument,
        ErrorReason.SubjectIsMinor => StatusCode.InvalidArgument,
        ErrorReason.Article3NotDeclared => StatusCode.InvalidArgument,
        ErrorReason.TermRequired => StatusCode.InvalidArgument,
        ErrorReason.TermNotAllowed => StatusCode.InvalidArgument,
        ErrorReason.TermLength => StatusCode.InvalidArgument,
        ErrorReason.TermOver => StatusCode.InvalidArgument,
        ErrorReason.ExtensionReason => StatusCode.InvalidArgument,
        ErrorReason.GraceLength => StatusCode.InvalidArgument,
        ErrorReason.AlreadyPerformed => StatusCode.InvalidArgument,
        ErrorReason.EndReasonNotAllowed => StatusCode.InvalidArgument,
        ErrorReason.FrameOutOfOrder => StatusCode.InvalidArgument,
        ErrorReason.RpcNotGrantable => StatusCode.InvalidArgument,
        ErrorReason.CourtTableInvalid => StatusCode.InvalidArgument,
        ErrorReason.EndpointNotAllowed => StatusCode.InvalidArgument,
        ErrorReason.SecretInvalid => StatusCode.InvalidArgument,
        ErrorReason.MeasureCodeUnknown => StatusCode.InvalidArgument,

        ErrorReason.NotInThisState => StatusCode.FailedPrecondition,
        ErrorReason.ListingEnded => StatusCode.FailedPrecondition,
        ErrorReason.GraceNotOver => StatusCode.FailedPrecondition,
        ErrorReason.RelistingBarred => StatusCode.FailedPrecondition,
        ErrorReason.IdentityReplaced => StatusCode.FailedPrecondition,
        ErrorReason.NothingChanged => StatusCode.FailedPrecondition,
        ErrorReason.FeedDiverged => StatusCode.FailedPrecondition,
        ErrorReason.TooManyKeys => StatusCode.FailedPrecondition,
        ErrorReason.WouldLockOut => StatusCode.FailedPrecondition,
        ErrorReason.SubscriptionState => StatusCode.FailedPrecondition,

        ErrorReason.AlreadyListed => StatusCode.AlreadyExists,
        ErrorReason.RequestIdReused => StatusCode.AlreadyExists,
        ErrorReason.PartnerExists => StatusCode.AlreadyExists,
        ErrorReason.KeyExists => StatusCode.AlreadyExists,
        ErrorReason.SubscriptionExists => StatusCode.AlreadyExists,
        ErrorReason.MeasureReferenceUsed => StatusCode.AlreadyExists,

        ErrorReason.ListingNotFound => StatusCode.NotFound,
        ErrorReason.AnswerNotFound => StatusCode.NotFound,
        ErrorReason.PartnerNotFound => StatusCode.NotFound,
        ErrorReason.KeyNotFound => StatusCode.NotFound,
        ErrorReason.SubscriptionNotFound => StatusCode.NotFound,
        ErrorReason.MeasureNotFound => StatusCode.NotFound,

        ErrorReason.VersionMismatch => StatusCode.Aborted,
        ErrorReason.CursorAhead => StatusCode.OutOfRange,
        ErrorReason.CursorBehind => StatusCode.OutOfRange,
        ErrorReason.PositionNotReached => StatusCode.DeadlineExceeded,

        ErrorReason.CallerUnknown => StatusCode.Unauthenticated,
        ErrorReason.PartnerSuspended => StatusCode.PermissionDenied,
        ErrorReason.RpcNotGranted => StatusCode.PermissionDenied,
        ErrorReason.ViewNotGranted => StatusCode.PermissionDenied,
        ErrorReason.PurposeNotGranted => StatusCode.PermissionDenied,
        ErrorReason.CourtNotYours => StatusCode.PermissionDenied,
        ErrorReason.PartnerNotYours => StatusCode.PermissionDenied,

        ErrorReason.QuotaExceeded => StatusCode.ResourceExhausted,
        ErrorReason.FollowerTooSlow => StatusCode.ResourceExhausted,
        ErrorReason.MessageTooLarge => StatusCode.ResourceExhausted,
        ErrorReason.Overloaded => StatusCode.ResourceExhausted,
        ErrorReason.TooManySubscriptions => StatusCode.ResourceExhausted,

        ErrorReason.NodeStale => StatusCode.Unavailable,
        ErrorReason.StoreUnavailable => StatusCode.Unavailable,
        ErrorReason.WithdrawalNotConfirmed => StatusCode.Unavailable,
        ErrorReason.ShuttingDown => StatusCode.Unavailable,
        ErrorReason.OutcomeUnknown => StatusCode.Unknown,
        ErrorReason.Internal => StatusCode.Internal,
    };

    // Wherever they are raised: such a state lasts for moments, or another node takes the call.
    private static TimeSpan? UsualWait(ErrorReason reason) => reason is ErrorReason.NodeStale or ErrorReason.ShuttingDown ? Moments : null;

    private static BadRequest ToBadRequest(IReadOnlyList<FieldProblem> problems)
    {
        var badRequest = new BadRequest();
        foreach (var problem in problems)
        {
            var text = ReasonTexts.Of(problem.Reason);
            badRequest.FieldViolations.Add(new BadRequest.Types.FieldViolation
            {
                Field = problem.Field,
                Description = problem.Detail is null ? text.English : $"{text.English} {problem.Detail}",
                Reason = WireName(problem.Reason),
                LocalizedMessage = Localized(text.Chinese),
            });
        }

        return badRequest;
    }

    private static LocalizedMessage Localized(string message) => new() { Locale = Locale, Message = message };
}
