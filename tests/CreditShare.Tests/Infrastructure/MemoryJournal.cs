using System.Security.Cryptography;
using System.Text;
using CreditShare.Core.Access;
using CreditShare.Core.Calendar;
using CreditShare.Core.Journal;
using CreditShare.Core.Listings;

namespace CreditShare.Tests.Infrastructure;

/// <summary>A journal in memory that decides by the rules of the law.</summary>
internal sealed class MemoryJournal(TimeProvider clock) : IJournal
{
    private readonly Lock _gate = new();
    private readonly List<JournalEntry> _entries = [];
    private readonly List<AppendRequest> _taken = [];
    private readonly List<JournalEpoch> _epochs = [new(1, 1, new byte[32])];
    private readonly Dictionary<(PartnerId, Guid), (string Digest, AppendResult.Appended Answer)> _answers = [];
    private uint _epoch = 1;
    private int _published;
    private TaskCompletionSource _appends = Completed();

    /// <summary>Whether every call fails as if the store could not be reached.</summary>
    public bool IsDown { get; set; }

    /// <summary>Whether appends fail because too many wait.</summary>
    public bool IsOverloaded { get; set; }

    /// <summary>The listing whose record does not open any more.</summary>
    public ListingId? Damaged { get; set; }

    /// <summary>How often changes were read.</summary>
    public int Reads { get; private set; }

    /// <summary>The requests in the order in which they were taken.</summary>
    public IReadOnlyList<AppendRequest> Taken
    {
        get
        {
            lock (_gate) return [.. _taken];
        }
    }

    /// <summary>All changes.</summary>
    public IReadOnlyList<JournalEntry> Entries
    {
        get
        {
            lock (_gate) return [.. _entries];
        }
    }

    public JournalHead Head
    {
        get
        {
            lock (_gate) return new JournalHead(_epoch, _entries.Count, HashAt(_entries.Count));
        }
    }

    /// <summary>Every listing as it stands, with its last change.</summary>
    public IReadOnlyList<JournalEntry> Latest => [.. Entries.GroupBy(entry => entry.Listing.Id).Select(changes => changes.Last())];

    /// <summary>Takes a command that must be accepted, as the system.</summary>
    public JournalEntry Take(ListingCommand command)
    {
        var result = Append(RequestOf(command));
        return result.Match(done => Entries[(int)done.Sequence - 1], refused => throw new InvalidOperationException(string.Join(", ", refused.Violations)));
    }

    /// <summary>Publishes, or begins a period of grace. Names ascend.</summary>
    public JournalEntry Publish(ListingContent content) =>
        Take(new ListingCommand.Publish(new ListingId(new Guid(0x0197a1b2, 0, 0x7000, 0x80, 0, 0, 0, 0, 0, (byte)(++_published >> 8), (byte)_published)), content));

    /// <summary>Takes a listing off the list, by whatever way the law has for it.</summary>
    public JournalEntry Withdraw(JournalEntry listed)
    {
        var reason = listed.Listing.Content.Term is null ? EndReason.Performed : EndReason.EarlyDeletion;
        return Take(new ListingCommand.Withdraw(listed.Listing.Id, listed.Listing.Version, reason, "", EventDate: null));
    }

    /// <summary>Repeats a change so many times, as if it had been another listing's each time.</summary>
    public void Repeat(JournalEntry entry, int times)
    {
        lock (_gate)
        {
            for (var i = 0; i < times; i++)
            {
                var sequence = _entries.Count + 1L;
                var hash = SHA256.HashData([.. HashAt(sequence - 1).Span, .. Encoding.UTF8.GetBytes($"{sequence}")]);
                _entries.Add(entry with { Epoch = _epoch, Sequence = sequence, Hash = hash });
            }
        }
    }

    /// <summary>Promotes a standby that had not received the last changes, and begins a new life.</summary>
    public void FailOver(int losing)
    {
        lock (_gate)
        {
            _entries.RemoveRange(_entries.Count - losing, losing);
            _epoch++;
            _epochs.Add(new JournalEpoch(_epoch, _entries.Count + 1, HashAt(_entries.Count)));
        }
    }

    /// <summary>Lets appends be taken, but not answered.</summary>
    public void HoldAppends() => _appends = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Answers what was held.</summary>
    public void ReleaseAppends() => _appends.TrySetResult();

    public Task<AppendResult> AppendAsync(AppendRequest request, CancellationToken cancellationToken)
    {
        if (IsDown) return Task.FromException<AppendResult>(Unreachable());
        if (IsOverloaded) return Task.FromException<AppendResult>(new StoreOverloadedException("Too many wait."));

        if (request.Command.Listing == Damaged) return Task.FromException<AppendResult>(new InvalidDataException("It does not open under its key."));

        AppendResult result;
        lock (_gate)
        {
            // Imports append from threads of their own.
            _taken.Add(request);
            result = Append(request);
        }

        return _appends.Task.IsCompleted ? Task.FromResult(result) : HeldAsync(_appends.Task);

        async Task<AppendResult> HeldAsync(Task release)
        {
            await release.WaitAsync(cancellationToken);
            return result;
        }
    }

    public Task<IReadOnlyList<AppendResult>> RehearseAsync(IReadOnlyList<AppendRequest> requests, CancellationToken cancellationToken)
    {
        if (IsDown) throw Unreachable();
        lock (_gate)
        {
            var (count, answers) = (_entries.Count, _answers.ToList());
            AppendResult[] results = [.. requests.Select(Append)];
            _entries.RemoveRange(count, _entries.Count - count);
            _answers.Clear();
            foreach (var (key, value) in answers) _answers.Add(key, value);
            return Task.FromResult<IReadOnlyList<AppendResult>>(results);
        }
    }

    public Task<IReadOnlyList<AppendResult.Appended?>> FindAnswersAsync(
        PartnerId partner, IReadOnlyList<(Guid RequestId, ReadOnlyMemory<byte> Digest)> requests, CancellationToken cancellationToken) =>
        Answer<IReadOnlyList<AppendResult.Appended?>>(() =>
        {
            lock (_gate)
            {
                return
                [
                    .. requests.Select(request =>
                        _answers.TryGetValue((partner, request.RequestId), out var kept) && kept.Digest == Convert.ToHexString(request.Digest.Span)
                            ? kept.Answer
                            : null),
                ];
            }
        });

    public Task<JournalHead> ReadHeadAsync(CancellationToken cancellationToken) => Answer(() => Head);

    public Task<IReadOnlyList<JournalEntry>> ReadAsync(long after, int limit, CancellationToken cancellationToken) =>
        Answer<IReadOnlyList<JournalEntry>>(() =>
        {
            Reads++;
            return [.. Entries.Skip((int)after).Take(limit)];
        });

    public Task<IReadOnlyList<JournalEntry>> ReadWithdrawalsAsync(long after, int limit, CancellationToken cancellationToken) =>
        Answer<IReadOnlyList<JournalEntry>>(() => [.. Entries
            .Where(entry => entry.Sequence > after && (entry.Kind is ChangeKind.Withdrawn or ChangeKind.Revoked or ChangeKind.Expired))
            .Take(limit)]);

    public Task<long?> FindSequenceAsync(DateTimeOffset recordedFrom, CancellationToken cancellationToken) =>
        Answer<long?>(() => Entries.FirstOrDefault(entry => entry.RecordedAt >= recordedFrom)?.Sequence);

    public Task<ReadOnlyMemory<byte>?> ReadHashAsync(long sequence, CancellationToken cancellationToken) =>
        Answer(() =>
        {
            lock (_gate) return sequence <= _entries.Count ? HashAt(sequence) : (ReadOnlyMemory<byte>?)null;
        });

    public Task<IReadOnlyList<JournalEpoch>> ReadEpochsAsync(CancellationToken cancellationToken) =>
        Answer<IReadOnlyList<JournalEpoch>>(() =>
        {
            lock (_gate) return [.. _epochs];
        });

    public async Task WaitForChangeAsync(long sequence, TimeSpan atMost, CancellationToken cancellationToken)
    {
        if (IsDown) throw Unreachable();
        await Task.Delay(atMost, clock, cancellationToken);
    }

    public IReadOnlyList<JournalEntry>? TakeCommitted(long after, uint epoch) => null;

    private static TaskCompletionSource Completed()
    {
        var source = new TaskCompletionSource();
        source.SetResult();
        return source;
    }

    private static StoreUnavailableException Unreachable() => new("The store cannot be reached.", innerException: null);

    private static AppendRequest RequestOf(ListingCommand command) => new()
    {
        Partner = PartnerId.System,
        RequestId = null,
        Digest = default,
        Operator = "",
        Court = command is ListingCommand.Publish publish ? publish.Content.Court : default,
        Command = command,
    };

    private Task<T> Answer<T>(Func<T> read) => IsDown ? Task.FromException<T>(Unreachable()) : Task.FromResult(read());

    private ReadOnlyMemory<byte> HashAt(long sequence) => sequence == 0 ? new byte[32] : _entries[(int)sequence - 1].Hash;

    private AppendResult Append(AppendRequest request)
    {
        lock (_gate)
        {
            var digest = Convert.ToHexString(request.Digest.Span);
            if (request.RequestId is { } id && _answers.TryGetValue((request.Partner, id), out var kept))
            {
                return kept.Digest == digest ? kept.Answer : Refuse(RefusalReason.RequestIdReused);
            }

            var state = _entries.LastOrDefault(entry => entry.Listing.Id == request.Command.Listing)?.Listing;
            if (state is not null && request.Court != default && state.Content.Court != request.Court) return Refuse(RefusalReason.ListingNotFound);

            var decision = ListingRules.Decide(state, request.Command, clock.Today(), NeighboursOf(state, request.Command));
            if (decision is not Decision.Accepted accepted) return new AppendResult.Refused(((Decision.Refused)decision).Violations);

            var answer = Write(request, state, accepted);
            if (request.RequestId is { } given) _answers.Add((request.Partner, given), (digest, answer));
            return answer;
        }
    }

    private AppendResult.Appended Write(AppendRequest request, Listing? state, Decision.Accepted accepted)
    {
        var sequence = _entries.Count + 1L;
        var text = $"{_epoch} {sequence} {accepted.Kind} {accepted.After.Id} {accepted.After.Version}";
        _entries.Add(new JournalEntry
        {
            Epoch = _epoch,
            Sequence = sequence,
            Hash = SHA256.HashData([.. HashAt(sequence - 1).Span, .. Encoding.UTF8.GetBytes(text)]),
            Kind = accepted.Kind,
            Listing = ListingRules.Apply(state, accepted),
            IndexedBefore = state?.IndexedDocuments ?? [],
            Partner = request.Partner,
            Operator = request.Operator,
            RecordedAt = clock.GetUtcNow(),
        });
        return new AppendResult.Appended(accepted.After.Id, accepted.After.Version, _epoch, sequence);
    }

    private Neighbours NeighboursOf(Listing? state, ListingCommand command)
    {
        var claimed = ListingRules.ClaimedDocuments(state, command);
        var number = (state?.Content ?? (command as ListingCommand.Publish)?.Content)?.Case;
        var others = _entries.Select(entry => entry.Listing).GroupBy(listing => listing.Id).Select(changes => changes.Last())
            .Where(other => other.Id != command.Listing && other.Content.Case == number && other.AllDocuments.Any(claimed.Contains))
            .ToList();
        return new Neighbours(others.Exists(other => !ListingRules.IsEnd(other.State)), others.Max(ListingRules.BarredUntil));
    }

    private static AppendResult.Refused Refuse(RefusalReason reason) => new([new Violation("", reason)]);
}
