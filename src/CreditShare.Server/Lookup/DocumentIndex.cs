using CreditShare.Core.Journal;
using CreditShare.Core.Numbers;

namespace CreditShare.Server.Lookup;

/// <summary>
/// For every document how many published listings name it, and the last change that did: the part of a lookup that decides. Absent
/// means NOT_LISTED as of the node's applied sequence, which the reader takes before it probes.
/// </summary>
/// <remarks>
/// Any thread probes and waits for nobody; one thread at a time loads and applies. The fingerprint is keyed by a secret of the process,
/// so nobody outside can look for two numbers that share one; if two do by chance, their counts add up, and the reads that follow a
/// present fingerprint tell them apart. A count that is too high costs a read, so it may be; one that is too low would hide a
/// listing, so nothing can make it that.
/// </remarks>
internal sealed class DocumentIndex
{
    private readonly SipHash13 _hash;
    private FingerprintTable _table = new();

    /// <summary>An empty index under a fresh key.</summary>
    public DocumentIndex()
        : this(SipHash13.WithRandomKey())
    {
    }

    /// <summary>An empty index under a given key, for tests that need collisions or repetition.</summary>
    internal DocumentIndex(SipHash13 hash) => _hash = hash;

    /// <summary>Documents that at least one published listing names.</summary>
    public long Documents => Volatile.Read(ref _table).Entries;

    /// <summary>Bytes held for them.</summary>
    public long Bytes => Volatile.Read(ref _table).Bytes;

    /// <summary>The fingerprint of a document.</summary>
    /// <param name="key">The bytes that <see cref="CanonicalNumber"/> writes: type, 0x00, canonical number.</param>
    public ulong FingerprintOf(ReadOnlySpan<byte> key) => _hash.Hash(key);

    /// <summary>The fingerprint of a document.</summary>
    public ulong FingerprintOf(DocumentNumber document)
    {
        Span<byte> key = stackalloc byte[DocumentNumber.MaxKeyBytes];
        return _hash.Hash(key[..document.WriteKey(key)]);
    }

    /// <summary>
    /// The one fingerprint that decides whether a document or an equivalent of it is listed: for a social credit code that of the
    /// organisation code in it. A listing is indexed under all equivalents of what it names, so one that names the social credit
    /// code stands under the organisation code too, and nobody absent there can be present elsewhere. One probe also leaves no moment
    /// between two in which a change could slip through.
    /// </summary>
    /// <param name="key">The bytes that <see cref="CanonicalNumber"/> writes.</param>
    public ulong DecidingFingerprintOf(ReadOnlySpan<byte> key)
    {
        Span<byte> code = stackalloc byte[CanonicalNumber.MaxKeyBytes];
        return CanonicalNumber.TryWriteOrganisationCodeKey(key, code, out var written) ? _hash.Hash(code[..written]) : _hash.Hash(key);
    }

    /// <summary>What is known of the document with that fingerprint. Take the applied position first, then probe.</summary>
    public DocumentPresence Probe(ulong fingerprint) => Volatile.Read(ref _table).Find(fingerprint);

    /// <summary>What is known of many documents; faster than one probe after the other once the index outgrows the caches.</summary>
    public void ProbeMany(ReadOnlySpan<ulong> fingerprints, Span<DocumentPresence> found) =>
        Volatile.Read(ref _table).FindMany(fingerprints, found);

    /// <summary>Fills a new table from the store and puts it in the place of the old one, which answers until then.</summary>
    /// <returns>The head that the table stands for.</returns>
    public async Task<JournalHead> LoadAsync(IListingStore listings, CancellationToken cancellationToken)
    {
        using var load = new FingerprintLoad();
        var head = await listings.LoadDocumentsAsync(key => load.Add(FingerprintOf(key)), cancellationToken);

        // The rows do not say which change named a document last, so all count as named by the snapshot's head. That errs on the safe side:
        // a record in Redis that is older than the snapshot is read again from the store, once.
        Volatile.Write(ref _table, new FingerprintTable(load) { Floor = head.Sequence });
        return head;
    }

    /// <summary>Takes a change in. In the journal's order, each once, and before the node's applied position moves to it.</summary>
    /// <exception cref="InvalidOperationException">The index does not fit the journal; the node must load anew.</exception>
    public void Apply(JournalEntry entry)
    {
        var before = entry.IndexedBefore;
        var after = entry.Listing.IndexedDocuments;
        var table = _table;

        // Additions come first: whoever probes in between finds the listing by its old documents and by its new ones. Both are right: the
        // answer then stands for a moment before this change or after it, document by document.
        foreach (var document in after)
        {
            if (before.Contains(document)) table.Touch(FingerprintOf(document), entry.Sequence);
            else table.Add(FingerprintOf(document), entry.Sequence);
        }

        foreach (var document in before)
        {
            if (!after.Contains(document)) table.Remove(FingerprintOf(document), entry.Sequence);
        }
    }
}
