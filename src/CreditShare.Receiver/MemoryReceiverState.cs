using System.Collections.Concurrent;
using CreditShare.V1;

namespace CreditShare.Receiver;

/// <summary>Remembers as long as the process lives: for tests, and for looking at what arrives.</summary>
public sealed class MemoryReceiverState : IReceiverState
{
    private readonly ConcurrentDictionary<(string Subscription, Lane Lane), Cursor> _cursors = new();
    private readonly ConcurrentDictionary<(string Subscription, string Listing), ListingMark> _marks = new();

    /// <inheritdoc/>
    public ValueTask<Cursor?> FindCursorAsync(string subscription, Lane lane, CancellationToken cancellationToken) =>
        new(_cursors.TryGetValue((subscription, lane), out var cursor) ? cursor.Clone() : null);

    /// <inheritdoc/>
    public ValueTask<ListingMark?> FindMarkAsync(string subscription, string listing, CancellationToken cancellationToken) =>
        new(_marks.TryGetValue((subscription, listing), out var mark) ? mark : null);

    /// <inheritdoc/>
    public ValueTask MarkAsync(string subscription, string listing, ListingMark mark, CancellationToken cancellationToken)
    {
        _marks[(subscription, listing)] = mark;
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask SaveAsync(string subscription, Lane lane, Cursor cursor, CancellationToken cancellationToken)
    {
        _cursors[(subscription, lane)] = cursor.Clone();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask ForgetAsync(string subscription, CancellationToken cancellationToken)
    {
        foreach (var key in _cursors.Keys.Where(key => key.Subscription == subscription)) _cursors.TryRemove(key, out _);
        foreach (var key in _marks.Keys.Where(key => key.Subscription == subscription)) _marks.TryRemove(key, out _);
        return ValueTask.CompletedTask;
    }
}
