using System.Collections.Concurrent;
using CreditShare.Receiver;

namespace CreditShare.Tests.Receiver;

/// <summary>A department that keeps what it was handed, and answers as the test has it.</summary>
internal sealed class ScriptedHandler : IChangeHandler
{
    private readonly ConcurrentQueue<ReceivedChange> _handed = new();

    /// <summary>Every change that was handed over, in order.</summary>
    public IReadOnlyList<ReceivedChange> Handed => [.. _handed];

    /// <summary>Their listings and versions.</summary>
    public IEnumerable<(string Listing, long Version)> Versions => _handed.Select(each => (each.ListingName, each.Change.Version));

    /// <summary>What it answers; applied by default.</summary>
    public Func<ReceivedChange, Task<ChangeOutcome>> Answer { get; set; } = _ => Task.FromResult(ChangeOutcome.Applied);

    /// <summary>Whether it can erase.</summary>
    public bool CanPurge { get; set; } = true;

    public Task<ChangeOutcome> ApplyAsync(ReceivedChange change, CancellationToken cancellationToken)
    {
        _handed.Enqueue(change);
        return Answer(change);
    }

    public Task<bool> PurgeAsync(string subscription, CancellationToken cancellationToken) => Task.FromResult(CanPurge);
}
