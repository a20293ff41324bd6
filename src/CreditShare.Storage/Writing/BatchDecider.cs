using CreditShare.Core.Calendar;
using CreditShare.Core.Journal;
using CreditShare.Core.Listings;
using CreditShare.Storage.Codec;
using CreditShare.Storage.Sealing;

namespace CreditShare.Storage.Writing;

/// <summary>
/// Decides the commands of a batch in order, each against the state that those before it left, and collects what is to be written.
/// </summary>
internal sealed class BatchDecider
{
    // Most listings name one document, some two and their equivalents.
    private const int DocumentsEach = 2;

    private readonly Keyring _keys;
    private readonly EntryCodec _codec;
    private readonly ChangeSealer _sealer;
    private readonly BatchView _view;
    private readonly DateTimeOffset _now;
    private readonly DateOnly _today;
    private readonly NeighbourTable _neighbours;
    private readonly Dictionary<ListingId, Standing> _standings;
    private readonly Dictionary<(LookupKey Document, ListingId Listing), DocumentRow> _documents;
    private readonly Dictionary<RequestKey, KeptAnswer> _answers;
    private readonly List<NeighbourRow> _touched;
    private readonly List<JournalEntry> _entries;
    private readonly List<ChangeRow> _changes;
    private readonly List<RequestRow> _requests;
    private ReadOnlyMemory<byte> _hash;

    /// <param name="keys">The keys.</param>
    /// <param name="codec">Opens listings.</param>
    /// <param name="sealer">Seals changes.</param>
    /// <param name="view">What the store holds.</param>
    /// <param name="now">The moment at which all is recorded.</param>
    /// <param name="commands">How many commands will be decided.</param>
    public BatchDecider(Keyring keys, EntryCodec codec, ChangeSealer sealer, BatchView view, DateTimeOffset now, int commands)
    {
        _keys = keys;
        _codec = codec;
        _sealer = sealer;
        _view = view;
        // The store keeps milliseconds; an entry handed on now equals the one that is read back.
        _now = DateTimeOffset.FromUnixTimeMilliseconds(now.ToUnixTimeMilliseconds());
        _today = ChinaTime.DateOf(_now);
        _neighbours = new NeighbourTable(view.Neighbours, DocumentsEach * commands);
        _answers = view.Requests;
        _answers.EnsureCapacity(_answers.Count + commands);
        _standings = new(commands);
        _documents = new(DocumentsEach * commands);
        _touched = new(DocumentsEach * commands);
        _entries = new(commands);
        _changes = new(commands);
        _requests = new(commands);
        _hash = view.Head.Hash;
    }

    /// <summary>The moment at which all is recorded.</summary>
    public DateTimeOffset Now => _now;

    /// <summary>The head with all that was accepted so far.</summary>
    public JournalHead Head => new(_view.Head.Epoch, _view.Head.Sequence + _changes.Count, _hash);

    /// <summary>The changes accepted so far, in order.</summary>
    public IReadOnlyList<JournalEntry> Entries => _entries;

    /// <summary>What must be known to decide the commands.</summary>
    public static BatchQuery QueryFor(IReadOnlyCollection<PreparedAppend> commands)
    {
        var requestKeys = new HashSet<RequestKey>(commands.Count);
        var listings = new HashSet<ListingId>(commands.Count);
        var documents = new HashSet<LookupKey>(commands.Count);
        foreach (var command in commands)
        {
            if (command.Key is { } key) requestKeys.Add(key);
            // A publication's listing is a new one: its id was made for the command.
            if (command.Request.Command is not ListingCommand.Publish) listings.Add(command.Request.Command.Listing);
            documents.UnionWith(command.Claimed);
        }

        return new BatchQuery { Requests = [.. requestKeys], Listings = [.. listings], Documents = [.. documents] };
    }

    /// <summary>Decides one command.</summary>
    public AppendResult Decide(PreparedAppend prepared)
    {
        // Step 1: a request that was answered before is answered again, or refused if it is not the same.
        var request = prepared.Request;
        if (prepared.Key is { } asked && _answers.TryGetValue(asked, out var kept))
        {
            return kept.Digest == prepared.Digest
                ? new AppendResult.Appended(kept.Listing, kept.Version, kept.Epoch, kept.Sequence)
                : Refuse(RefusalReason.RequestIdReused);
        }

        // Step 2: the rules. A listing of another court does not exist for this one.
        var standing = StandingOf(request.Command.Listing);
        if ((standing.State?.Content.Court ?? ContentOf(request.Command)?.Court ?? request.Court) != request.Court)
        {
            return Refuse(RefusalReason.ListingNotFound);
        }

        var decision = Ask(prepared, standing);
        if (decision is not Decision.Accepted accepted) return new AppendResult.Refused(((Decision.Refused)decision).Violations);

        // Step 3: the change gets the next number and its place in the chain.
        var change = ReferenceEquals(decision, prepared.Alone)
            ? prepared.Sealed!
            : _sealer.Seal(standing.State, accepted, request, standing.DataKey, standing.WrappedKey, prepared.Lookups);
        var entry = Append(change);
        var answer = new KeptAnswer(prepared.Digest, entry.Listing.Id, entry.Listing.Version, entry.Epoch, entry.Sequence);
        if (prepared.Key is { } accepting)
        {
            _answers.Add(accepting, answer);
            _requests.Add(new RequestRow(accepting, answer, entry.RecordedAt.ToUnixTimeMilliseconds()));
        }

        // Step 4: what follows for the state, the documents and the neighbours.
        Take(standing, change, entry.Sequence);
        return new AppendResult.Appended(answer.Listing, answer.Version, answer.Epoch, answer.Sequence);
    }

    /// <summary>What is to be written; null if nothing was accepted.</summary>
    public BatchRows? ToRows() => _changes.Count == 0
        ? null
        : new BatchRows
        {
            Changes = _changes,
            Listings = [.. _standings.Values.Where(standing => standing.Row is not null).Select(standing => standing.Row!)],
            Documents = _documents.Values,
            Requests = _requests,
            Behind = _view.Head,
            Head = Head,
        };

    /// <summary>
    /// Brings a view that was read without the lock, while this batch was written, to what a view behind this batch would show.
    /// </summary>
    /// <remarks>Whether one of its statements saw this batch already does not matter: what the batch touched is told by the batch.</remarks>
    /// <param name="view">What was read.</param>
    /// <param name="query">What was asked.</param>
    /// <returns>The view; null if it was begun at any other state than that before or behind this batch.</returns>
    public BatchView? Follow(BatchView view, BatchQuery query)
    {
        if (view.Head != _view.Head && view.Head != Head) return null;

        foreach (var key in query.Requests)
        {
            if (_answers.TryGetValue(key, out var answer)) view.Requests[key] = answer;
        }

        if (query.Listings.Length > 0)
        {
            var listings = query.Listings.ToHashSet();
            foreach (var change in _changes)
            {
                if (listings.Contains(change.Listing)) view.Listings[change.Listing] = change;
            }
        }

        // Those that come later count.
        var documents = query.Documents.ToHashSet();
        view.Neighbours.AddRange(_touched.Where(row => documents.Contains(row.Document)));
        return view with { Head = Head };
    }

    private static AppendResult.Refused Refuse(RefusalReason reason) => new([new Violation("", reason)]);

    private static ListingContent? ContentOf(ListingCommand command) => command is ListingCommand.Publish publish ? publish.Content : null;

    private Standing StandingOf(ListingId id)
    {
        if (_standings.TryGetValue(id, out var standing)) return standing;

        standing = new Standing();
        if (_view.Listings.TryGetValue(id, out var row))
        {
            standing.State = _codec.OpenListing(row).Listing;
            standing.WrappedKey = row.WrappedKey;
            standing.DataKey = _keys.Unwrap(row.WrappedKey, id);
        }

        _standings.Add(id, standing);
        return standing;
    }

    private Decision Ask(PreparedAppend prepared, Standing standing)
    {
        var command = prepared.Request.Command;
        if (standing.State is null && prepared.Alone is { } alone && prepared.Today == _today)
        {
            return prepared.Sealed is { } publication
                ? ListingRules.AmongNeighbours(
                    alone, _today, _neighbours.Of(command.Listing, publication.Listing.Case, prepared.Claimed))
                : alone;
        }

        return ListingRules.Decide(standing.State, command, _today, NeighboursOf(prepared, standing.State));
    }

    private Neighbours NeighboursOf(PreparedAppend prepared, Listing? state)
    {
        var command = prepared.Request.Command;
        var content = state?.Content ?? ContentOf(command);
        if (content?.Case is not { } number) return Neighbours.None;

        var claimed = ListingRules.ClaimedDocuments(state, command);
        return claimed.IsEmpty
            ? Neighbours.None
            : _neighbours.Of(command.Listing, _keys.CaseKeyOf(content.Court, number), claimed.Select(prepared.Lookups.Of));
    }

    private JournalEntry Append(SealedChange change)
    {
        var row = change.Change with
        {
            Epoch = _view.Head.Epoch,
            Sequence = _view.Head.Sequence + _changes.Count + 1,
            RecordedAt = _now.ToUnixTimeMilliseconds(),
        };
        var hash = ChainHash.Next(_hash.Span, row);
        _hash = hash;
        _changes.Add(row with { Hash = hash });
        var entry = change.Entry with { Epoch = row.Epoch, Sequence = row.Sequence, RecordedAt = _now, Hash = hash };
        _entries.Add(entry);
        return entry;
    }

    private void Take(Standing standing, SealedChange change, long sequence)
    {
        var after = change.Entry.Listing;
        standing.State = after;
        standing.DataKey = change.DataKey;
        standing.WrappedKey = change.Listing.WrappedKey;
        standing.Row = change.Listing with { Sequence = sequence };

        var isLive = after.State is ListingState.Published or ListingState.Grace;
        foreach (var document in change.Documents)
        {
            _documents[(document.Document, after.Id)] = document;
            var row = new NeighbourRow(
                document.Document,
                change.Listing.Case,
                after.Id,
                isLive && document.IsNamed,
                document.IsNamed ? change.Listing.BarredUntil : null);
            _neighbours.Set(row);
            _touched.Add(row);
        }
    }

    /// <summary>A listing while the batch is decided.</summary>
    private sealed class Standing
    {
        public Listing? State { get; set; }

        public byte[]? DataKey { get; set; }

        public byte[]? WrappedKey { get; set; }

        /// <summary>Its row as it is to be written; null while nothing was accepted.</summary>
        public ListingRow? Row { get; set; }
    }
}
