namespace CreditShare.Server.Journal;

/// <summary>A place in the journal; positions of different lives are ordered by the life first.</summary>
internal readonly record struct JournalPosition(uint Epoch, long Sequence)
{
    /// <summary>Whether everything up to <paramref name="other"/> is covered.</summary>
    public bool Covers(JournalPosition other) =>
        Epoch > other.Epoch || (Epoch == other.Epoch && Sequence >= other.Sequence);
}
