namespace CreditShare.Receiver;

/// <summary>What became of a change. Closed: the cases below are all there are.</summary>
public abstract record ChangeOutcome
{
    /// <summary>The most characters of a reason that are told.</summary>
    public const int MaxReason = 500;

    private ChangeOutcome()
    {
    }

    /// <summary>It is acted on, durably.</summary>
    public static ChangeOutcome Applied { get; } = new Taken();

    /// <summary>It will not be taken as it is.</summary>
    /// <param name="reason">Why, for the other side's operators: without personal data, cut at <see cref="MaxReason"/> characters.</param>
    public static ChangeOutcome Rejected(string reason)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        return new Refused(reason.Length <= MaxReason ? reason : reason[..MaxReason]);
    }

    internal sealed record Taken : ChangeOutcome;

    internal sealed record Refused(string Reason) : ChangeOutcome;
}
