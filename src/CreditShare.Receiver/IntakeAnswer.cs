using CreditShare.V1;

namespace CreditShare.Receiver;

/// <summary>What became of a message. Closed: the cases below are all there are.</summary>
internal abstract record IntakeAnswer
{
    private IntakeAnswer()
    {
    }

    /// <summary>It is answered.</summary>
    public sealed record Answered(ReceiveChangesResponse Response) : IntakeAnswer;

    /// <summary>It is no message of the contract; to send it again would not help.</summary>
    public sealed record Malformed(string Reason) : IntakeAnswer;

    /// <summary>It could not be taken now, not even a part.</summary>
    public sealed record Failed(string Reason) : IntakeAnswer;

    /// <summary>The subscription has ended and what was received of it is erased.</summary>
    public sealed record Gone(string Reason) : IntakeAnswer;
}
