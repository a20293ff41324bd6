using CreditShare.V1;
using StatusCode = Grpc.Core.StatusCode;

namespace CreditShare.Client;

/// <summary>A call that did not succeed. Catch this type for all of them, or one of its leaves, which tell what to do.</summary>
public abstract class CreditShareException : Exception
{
    private protected CreditShareException(Refusal refusal, Exception? inner)
        : base(refusal.Message, inner) => Refusal = refusal;

    /// <summary>All that the server said.</summary>
    public Refusal Refusal { get; }

    /// <summary>Why; <see cref="ErrorReason.Unspecified"/> if no server said why. Switch on this, never on the message.</summary>
    public ErrorReason Reason => Refusal.Reason;

    /// <summary>All that is wrong with the request's fields; empty for other reasons.</summary>
    public IReadOnlyList<FieldViolation> FieldViolations => Refusal.Violations;

    /// <summary>How long to wait before another attempt, where the server said so.</summary>
    public TimeSpan? RetryAfter => Refusal.RetryAfter;

    private protected static Refusal Local(StatusCode code, string message) =>
        new() { Code = code, Reason = ErrorReason.Unspecified, Message = message };
}

/// <summary>The request is wrong in itself: <see cref="CreditShareException.FieldViolations"/> says where. Repeating it does not help.</summary>
public sealed class RequestInvalidException : CreditShareException
{
    internal RequestInvalidException(Refusal refusal, Exception? inner)
        : base(refusal, inner)
    {
    }
}

/// <summary>The request is well formed, but the state of things does not allow it: listed already, ended, another version and so on.</summary>
public sealed class RequestRefusedException : CreditShareException
{
    internal RequestRefusedException(Refusal refusal, Exception? inner)
        : base(refusal, inner)
    {
    }
}

/// <summary>There is no such listing, partner or answer, or it is not the caller's.</summary>
public sealed class NotFoundException : CreditShareException
{
    internal NotFoundException(Refusal refusal, Exception? inner)
        : base(refusal, inner)
    {
    }
}

/// <summary>The caller is not registered, is suspended, or was not granted what it asked for.</summary>
public sealed class AccessDeniedException : CreditShareException
{
    internal AccessDeniedException(Refusal refusal, Exception? inner)
        : base(refusal, inner)
    {
    }
}

/// <summary>A quota or a size was exceeded, or the server has too much to do; <see cref="CreditShareException.RetryAfter"/> says when to come back.</summary>
public sealed class LimitExceededException : CreditShareException
{
    internal LimitExceededException(Refusal refusal, Exception? inner)
        : base(refusal, inner)
    {
    }
}

/// <summary>No server could be reached, or the one reached cannot answer now. Nothing was changed.</summary>
public sealed class ServiceUnavailableException : CreditShareException
{
    internal ServiceUnavailableException(Refusal refusal, Exception? inner)
        : base(refusal, inner)
    {
    }

    internal ServiceUnavailableException(string message, Exception? inner)
        : base(Local(StatusCode.Unavailable, message), inner)
    {
    }
}

/// <summary>The answer did not come in time. A command may have been carried out: repeat it with the same request id.</summary>
public sealed class TimedOutException : CreditShareException
{
    internal TimedOutException(Refusal refusal, Exception? inner)
        : base(refusal, inner)
    {
    }
}

/// <summary>The command may or may not have been carried out, or not every node knows of it yet: repeat it with the same request id.</summary>
public sealed class OutcomeUnknownException : CreditShareException
{
    internal OutcomeUnknownException(Refusal refusal, Exception? inner)
        : base(refusal, inner)
    {
    }
}

/// <summary>The cursor is of a life or a history that the journal does not know: take a new export.</summary>
public sealed class FeedDivergedException : CreditShareException
{
    internal FeedDivergedException(Refusal refusal, Exception? inner)
        : base(refusal, inner)
    {
    }

    /// <summary>The last point in common, where the server knows one; discard what came after it.</summary>
    public Position? LastCommon =>
        Refusal.Metadata.TryGetValue("epoch", out var epoch)
        && Refusal.Metadata.TryGetValue("sequence", out var sequence)
        && uint.TryParse(epoch, out var e)
        && long.TryParse(sequence, out var s)
            ? new Position { Epoch = e, Sequence = s }
            : null;
}

/// <summary>A frame of the feed does not follow the one before it: changes are missing. Take a new export.</summary>
public sealed class FeedGapException : CreditShareException
{
    internal FeedGapException(Position expected, Position actual, string message)
        : base(Local(StatusCode.DataLoss, message), inner: null)
    {
        Expected = expected;
        Actual = actual;
    }

    /// <summary>Where the frame had to begin.</summary>
    public Position Expected { get; }

    /// <summary>Where it began, or what in it was out of place.</summary>
    public Position Actual { get; }
}

/// <summary>A fault of the server, or an answer that breaks the contract. The message names the incident where the server gave one.</summary>
public sealed class ServerFaultException : CreditShareException
{
    internal ServerFaultException(Refusal refusal, Exception? inner)
        : base(refusal, inner)
    {
    }

    internal ServerFaultException(string message)
        : base(Local(StatusCode.Internal, message), inner: null)
    {
    }
}
