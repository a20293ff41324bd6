using CreditShare.Core.Numbers;

namespace CreditShare.Storage.Sealing;

/// <summary>The lookup keys of the documents of a batch, each computed once: a batch asks for each several times. One thread at a time.</summary>
internal sealed class LookupKeys(Keyring keys)
{
    private readonly Dictionary<DocumentNumber, LookupKey> _known = [];

    /// <summary>What stands for the document in the store.</summary>
    public LookupKey Of(DocumentNumber document)
    {
        if (_known.TryGetValue(document, out var key)) return key;

        key = keys.LookupKeyOf(document);
        _known.Add(document, key);
        return key;
    }
}
