using CreditShare.Core.Access;
using CreditShare.Core.Journal;
using CreditShare.Storage.Codec;
using CreditShare.Storage.Sealing;
using CreditShare.Storage.Writing;

namespace CreditShare.Storage;

/// <summary>The journal over any engine.</summary>
internal sealed class StoreJournal : IJournal, IAsyncDisposable
{
    private const int MaxPage = 10_000;
    private const int MaxAnswers = 1_000;

    // Twice what a node's clock may be wrong by.
    private static readonly TimeSpan s_clocksDiffer = TimeSpan.FromSeconds(10);

    private readonly EntryCodec _codec;
    private readonly Keyring _keys;
    private readonly HeadSignal _signal;
    private readonly RecentCommits _recent = new();
    private readonly BatchWriter _writer;

    public StoreJournal(IJournalEngine engine, EntryCodec codec, Keyring keys, HeadSignal signal, StoreEnvironment environment)
    {
        Engine = engine;
        _codec = codec;
        _keys = keys;
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
        var decider = _writer.DeciderFor(await Engine.ReadViewAsync(BatchDecider.QueryFor(commands), cancellationToken), commands.Length);
        return [.. commands.Select(decider.Decide)];
    }

    public async Task<IReadOnlyList<AppendResult.Appended?>> FindAnswersAsync(
        PartnerId partner, IReadOnlyList<(Guid RequestId, ReadOnlyMemory<byte> Digest)> requests, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(requests.Count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(requests.Count, MaxAnswers);
        var keys = requests.Select(request => new RequestKey(partner.Value, request.RequestId)).ToList();
        var query = new BatchQuery { Requests = [.. keys.Distinct()], Listings = [], Documents = [] };
        var view = await Engine.ReadViewAsync(query, cancellationToken);
        return
        [
            .. keys.Zip(requests, (key, request) =>
                view.Requests.TryGetValue(key, out var kept) && kept.Digest == _keys.DigestOf(request.Digest.Span)
                    ? new AppendResult.Appended(kept.Listing, kept.Version, kept.Epoch, kept.Sequence)
                    : null),
        ];
    }

    public Task<JournalHead> ReadHeadAsync(CancellationToken cancellationToken) => Engine.ReadHeadAsync(cancellationToken);

    public Task<IReadOnlyList<JournalEntry>> ReadAsync(long after, int limit, CancellationToken cancellationToken) =>
        ReadPageAsync(Engine.ReadChangesAsync, after, limit, cancellationToken);

    public Task<IReadOnlyList<JournalEntry>> ReadNextAsync(long after, int limit, CancellationToken cancellationToken) =>
        ReadPageAsync(Engine.ReadNextChangesAsync, after, limit, cancellationToken);

    public Task<IReadOnlyList<JournalEntry>> ReadWithdrawalsAsync(long after, int limit, CancellationToken cancellationToken) =>
        ReadPageAsync(Engine.ReadWithdrawalsAsync, after, limit, cancellationToken);

    public async Task<long?> FindSequenceAsync(DateTimeOffset recordedFrom, CancellationToken cancellationToken)
    {
        // Step 1: halve the journal down to where it passes an instant before the one that is asked for. Numbers have no gap, and times
        // ascend with them but for the nodes' clocks: what lies before that place was recorded too early by any clock.
        var wanted = recordedFrom.ToUnixTimeMilliseconds();
        var surelyBefore = (recordedFrom - s_clocksDiffer).ToUnixTimeMilliseconds();
        var low = 1L;
        var high = (await Engine.ReadHeadAsync(cancellationToken)).Sequence + 1;
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            if (await Engine.ReadRecordedAtAsync(middle, cancellationToken) < surelyBefore) low = middle + 1;
            else high = middle;
        }

        // Step 2: read on from there.
        return await Engine.FindRecordedAsync(low, wanted, cancellationToken);
    }

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

    public IReadOnlyList<JournalEntry>? TakeCommitted(long after, uint epoch) => _recent.Take(after, epoch);

    public ValueTask DisposeAsync() => _writer.DisposeAsync();

    private async Task<IReadOnlyList<JournalEntry>> ReadPageAsync(
        Func<long, int, CancellationToken, Task<IReadOnlyList<ChangeRow>>> readRows, long after, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(after);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MaxPage);
        var rows = await readRows(after, limit, cancellationToken);
        return [.. rows.Select(_codec.Open)];
    }
}
