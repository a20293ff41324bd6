using CreditShare.Core.Numbers;

namespace CreditShare.Storage.Sealing;

/// <summary>The lookup keys of a command's documents, each computed once: it is asked for several times. One thread at a time.</summary>
internal sealed class LookupKeys(Keyring keys)
{
    // A handful at most, where a search in order is quicker than a table.
    private readonly List<(DocumentNumber Document, LookupKey Key)> _known = new(2);

    /// <summary>What stands for the document in the store.</summary>
    public LookupKey Of(DocumentNumber document)
    {
        foreach (var known in _known)
        {
            if (known.Document == document) return known.Key;
        }

        var key = keys.LookupKeyOf(document);
        _known.Add((document, key));
        return key;
    }
}
