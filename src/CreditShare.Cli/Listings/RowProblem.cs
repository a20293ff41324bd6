using CreditShare.V1;

namespace CreditShare.Cli.Listings;

/// <summary>Why a row cannot be imported.</summary>
/// <param name="Field">The column, or the field of the contract where no column stands for it.</param>
/// <param name="Reason">The contract's reason.</param>
/// <param name="Message">A sentence for people; never with an identity number.</param>
internal sealed record RowProblem(string Field, string Reason, string Message)
{
    internal RowProblem(string field, ErrorReason reason, string message)
        : this(field, Client.ReasonNames.Of(reason), message)
    {
    }
}
