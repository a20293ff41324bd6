using CreditShare.Core.Journal;

namespace CreditShare.Server.Journal;

/// <summary>Something on this node that is kept up to date by the journal's tail, before <see cref="INodePosition.Applied"/> moves.</summary>
internal interface IJournalReader
{
    /// <summary>Drops what it holds and loads anew.</summary>
    /// <returns>The head that it has loaded; entries after it follow.</returns>
    Task<JournalHead> LoadAsync(CancellationToken cancellationToken);

    /// <summary>Takes the next entry. Called in order, by one thread.</summary>
    void Apply(JournalEntry entry);
}
