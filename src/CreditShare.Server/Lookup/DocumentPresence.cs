namespace CreditShare.Server.Lookup;

/// <summary>What the index knows of a document. The default value says that no active listing names it.</summary>
/// <param name="Listings">How many published listings name it: exact but for two cases in which it is too high, a collision of
/// fingerprints and saturation at <see cref="FingerprintTable.MaxCount"/>. Never too low.</param>
/// <param name="Sequence">The number of the last change that named it, or a higher one; 0 if <paramref name="Listings"/> is.</param>
internal readonly record struct DocumentPresence(int Listings, long Sequence)
{
    /// <summary>Whether no published listing names the document: the answer is NOT_LISTED.</summary>
    public bool IsAbsent => Listings == 0;
}
