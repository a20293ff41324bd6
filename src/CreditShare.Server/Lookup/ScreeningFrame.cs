namespace CreditShare.Server.Lookup;

/// <summary>A frame to be screened: its columns have been checked for their number and size, their values have not.</summary>
/// <param name="Columns">The frame.</param>
/// <param name="Inquiry">Who asks, as this frame or an earlier one says.</param>
/// <param name="View">How much of a hit is shown.</param>
internal sealed record ScreeningFrame(ScreeningColumns Columns, Inquiry Inquiry, Core.Access.View View)
{
    /// <summary>The most subjects of a frame.</summary>
    public const int MaxSubjects = 5_000;

    /// <summary>How many subjects it has.</summary>
    public int Count => Columns.NumberCount;
}
