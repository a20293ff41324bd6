using CreditShare.V1;

namespace CreditShare.Receiver;

/// <summary>What was applied last of a listing. Marks of what has ended stay, as tombstones: an older change must not bring it back.</summary>
/// <param name="Epoch">The journal's life of the change.</param>
/// <param name="Version">The listing's version.</param>
/// <param name="HasEnded">Whether the listing is no longer on the list.</param>
public readonly record struct ListingMark(uint Epoch, long Version, bool HasEnded)
{
    /// <summary>Whether a change is newer than this.</summary>
    public bool IsBefore(Change change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return change.Epoch > Epoch || (change.Epoch == Epoch && change.Version > Version);
    }
}

/// <summary>What a receiver must remember: how far each lane is, and the version of each listing. It holds no personal data.</summary>
/// <remarks>
/// Safe for concurrent callers; a listing is marked by one at a time. Whoever loses this state loses the proof that nothing was missed:
/// the subscription must be replayed from where its copy is known to be right.
/// </remarks>
public interface IReceiverState
{
    /// <summary>How far a lane is; null before its first message.</summary>
    /// <param name="subscription">The subscription's name.</param>
    /// <param name="lane">The lane.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    ValueTask<Cursor?> FindCursorAsync(string subscription, Lane lane, CancellationToken cancellationToken);

    /// <summary>What was applied last of a listing; null for one that is new.</summary>
    /// <param name="subscription">The subscription's name.</param>
    /// <param name="listing">The listing's name.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    ValueTask<ListingMark?> FindMarkAsync(string subscription, string listing, CancellationToken cancellationToken);

    /// <summary>Notes what was applied: seen by the next reading, and durable once a following <see cref="SaveAsync"/> has returned.</summary>
    /// <param name="subscription">The subscription's name.</param>
    /// <param name="listing">The listing's name.</param>
    /// <param name="mark">What was applied.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    ValueTask MarkAsync(string subscription, string listing, ListingMark mark, CancellationToken cancellationToken);

    /// <summary>Moves a lane, and makes every mark so far durable with it, as one.</summary>
    /// <param name="subscription">The subscription's name.</param>
    /// <param name="lane">The lane.</param>
    /// <param name="cursor">Its new place.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    ValueTask SaveAsync(string subscription, Lane lane, Cursor cursor, CancellationToken cancellationToken);

    /// <summary>Forgets a subscription that has ended; durable on return.</summary>
    /// <param name="subscription">The subscription's name.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    ValueTask ForgetAsync(string subscription, CancellationToken cancellationToken);
}
