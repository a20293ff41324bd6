namespace CreditShare.Receiver;

/// <summary>What a partner does with what it is told. The one method to write is <see cref="ApplyAsync"/>.</summary>
/// <remarks>
/// Changes of one listing come one after the other, each with a higher version than the one before it; changes of different listings may
/// come at once, since withdrawals overtake. After a crash, or when the answer was lost, the last changes may come again: what is applied
/// must therefore be set, not added.
/// </remarks>
public interface IChangeHandler
{
    /// <summary>Acts on a change: stores <see cref="ReceivedChange.Listing"/>, or removes the listing if <see cref="ReceivedChange.HasEnded"/>.
    /// On return it counts as acted on, so it must be durable by then.</summary>
    /// <param name="change">The change.</param>
    /// <param name="cancellationToken">The sender no longer waits, or the process ends.</param>
    /// <returns>Whether it was taken. A rejection is for a change that will never be taken as it is; a publication then waits for a newer
    /// version, a withdrawal is sent again and again.</returns>
    /// <exception cref="Exception">It could not be taken now: it is sent again later, and what comes after it on its lane waits.</exception>
    Task<ChangeOutcome> ApplyAsync(ReceivedChange change, CancellationToken cancellationToken);

    /// <summary>Erases everything that was received of a subscription, which has ended.</summary>
    /// <param name="subscription">The subscription's name.</param>
    /// <param name="cancellationToken">The sender no longer waits, or the process ends.</param>
    /// <returns>Whether all is erased. If not, as by default, the order is not confirmed and comes again.</returns>
    Task<bool> PurgeAsync(string subscription, CancellationToken cancellationToken) => Task.FromResult(false);
}
