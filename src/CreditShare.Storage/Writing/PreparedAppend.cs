using CreditShare.Core.Journal;
using CreditShare.Core.Listings;
using CreditShare.Storage.Sealing;

namespace CreditShare.Storage.Writing;

/// <summary>A command with all that can be computed for it before the head is locked; the lock is held by one for all.</summary>
/// <remarks>
/// Most commands are publications, and most publications are accepted: what would be written is decided and sealed in advance, as if the
/// listing had no neighbours. With its batch the neighbours are asked; if the day has changed by then, all is decided anew.
/// </remarks>
internal sealed class PreparedAppend
{
    private PreparedAppend(AppendRequest request, Keyring keys, ChangeSealer sealer, DateOnly today)
    {
        Request = request;
        Key = request.RequestId is { } id ? new RequestKey(request.Partner.Value, id) : null;
        Digest = keys.DigestOf(request.Digest.Span);
        Lookups = new LookupKeys(keys);
        Today = today;

        // The listing is not known yet, therefore all that the command names; what it claims anew is among them.
        Claimed = [.. ListingRules.ClaimedDocuments(state: null, request.Command).Select(Lookups.Of)];
        if (request.Command is not ListingCommand.Publish publish) return;

        Alone = ListingRules.Decide(state: null, publish, today);
        if (Alone is Decision.Accepted accepted)
        {
            Sealed = sealer.Seal(before: null, accepted, request, dataKey: null, wrappedKey: null, Lookups);
        }
    }

    public AppendRequest Request { get; }

    /// <summary>Under which its answer is kept; null for the system's own.</summary>
    public RequestKey? Key { get; }

    public LookupKey Digest { get; }

    /// <summary>Lookup keys of the documents that the command names.</summary>
    public LookupKey[] Claimed { get; }

    /// <summary>The lookup keys computed so far. One thread at a time.</summary>
    public LookupKeys Lookups { get; }

    /// <summary>The day for which <see cref="Alone"/> was decided.</summary>
    public DateOnly Today { get; }

    /// <summary>For a publication, what the rules say without regard to other listings; otherwise null.</summary>
    public Decision? Alone { get; }

    /// <summary>What is written if <see cref="Alone"/> accepts and stands; otherwise null.</summary>
    public SealedChange? Sealed { get; }

    /// <summary>Prepares a command on the caller's thread.</summary>
    /// <param name="request">The command.</param>
    /// <param name="keys">The keys.</param>
    /// <param name="sealer">Seals what a publication would write.</param>
    /// <param name="today">The day in UTC+8.</param>
    public static PreparedAppend From(AppendRequest request, Keyring keys, ChangeSealer sealer, DateOnly today) =>
        new(request, keys, sealer, today);
}
