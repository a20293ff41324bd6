using CreditShare.Core.Journal;
using CreditShare.Storage.Codec;
using CreditShare.Storage.Sealing;
using CreditShare.Storage.Writing;

namespace CreditShare.Storage;

/// <summary>The journal over any engine.</summary>
internal sealed class StoreJournal : IJournal, IAsyncDisposable
{
    private const int MaxPage = 10_000;

    private readonly EntryCodec _codec;
    private readonly HeadSignal _signal;
    private readonly RecentCommits _recent = new();
    private readonly BatchWriter _writer;

    public StoreJournal(IJournalEngine engine, EntryCodec codec, Keyring keys, HeadSignal signal, StoreEnvironment environment)
    {
        Engine = engine;
        _codec = codec;
        _signal = signal;
        _writer = new BatchWriter(engine, codec, keys, signal, _recent, environment);
    }

    /// <summary>The engine, for those who look below the journal: the verifier, and the verb that raises the epoch.</summary>
    public IJournalEngine Engine { get; }

    public Task<AppendResult> AppendAsync(AppendRequest request, CancellationToken cancellationToken) =>
        _writer.AppendAsync(request, cancellationToken);

    public async Task<IReadOnlyList<AppendResult>> RehearseAsync(
        IReadOnlyList<AppendRequest> requests, CancellationToken cancellationToken)
    {
        PreparedAppend[] commands = [.. requests.Select(_writer.Prepare)];
        var decider = _writer.DeciderFor(await Engine.ReadViewAsync(BatchDecider.QueryFor(commands), cancellationToken));
        return [.. commands.Select(decider.Decide)];
    }

    public Task<JournalHead> ReadHeadAsync(CancellationToken cancellationToken) => Engine.ReadHeadAsync(cancellationToken);

    public async Task<IReadOnlyList<JournalEntry>> ReadAsync(long after, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(after);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MaxPage);
        var rows = await Engine.ReadChangesAsync(after, limit, cancellationToken);
        return [.. rows.Select(_codec.Open)];
    }

    public Task<IReadOnlyList<JournalEntry>> ReadWithdrawalsAsync(long after, int limit, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<long?> FindSequenceAsync(DateTimeOffset recordedFrom, CancellationToken cancellationToken) => throw new NotSupportedException();

    public async Task<ReadOnlyMemory<byte>?> ReadHashAsync(long sequence, CancellationToken cancellationToken)
    {
        if (sequence == 0) return ChainHash.Start;

        // Not an expression: the null of an array would become an empty memory.
        var hash = await Engine.ReadHashAsync(sequence, cancellationToken);
        if (hash is null) return null;
        return hash;
    }

    public Task<IReadOnlyList<JournalEpoch>> ReadEpochsAsync(CancellationToken cancellationToken) => Engine.ReadEpochsAsync(cancellationToken);

    public Task WaitForChangeAsync(long sequence, TimeSpan atMost, CancellationToken cancellationToken) =>
        _signal.WaitAsync(sequence, atMost, cancellationToken);

    public IReadOnlyList<JournalEntry>? TakeCommitted(long after) => _recent.Take(after);

    public ValueTask DisposeAsync() => _writer.DisposeAsync();
}
