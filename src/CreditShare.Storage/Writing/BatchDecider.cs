using System.Collections.Immutable;
using CreditShare.Core.Calendar;
using CreditShare.Core.Journal;
using CreditShare.Core.Listings;
using CreditShare.Core.Numbers;
using CreditShare.Storage.Codec;
using CreditShare.Storage.Sealing;

namespace CreditShare.Storage.Writing;

/// <summary>
/// Decides the commands of a batch in order, each against the state that those before it left, and collects what is to be written.
/// </summary>
internal sealed class BatchDecider
{
    private readonly Keyring _keys;
    private readonly LookupKeys _lookups;
    private readonly EntryCodec _codec;
    private readonly BatchView _view;
    private readonly DateTimeOffset _now;
    private readonly DateOnly _today;
    private readonly NeighbourTable _neighbours;
    private readonly Dictionary<ListingId, Standing> _standings = [];
    private readonly Dictionary<(LookupKey Document, ListingId Listing), DocumentRow> _documents = [];
    private readonly Dictionary<RequestKey, KeptAnswer> _answers;
    private readonly List<JournalEntry> _entries = [];
    private readonly List<ChangeRow> _changes = [];
    private readonly List<RequestRow> _requests = [];
    private ReadOnlyMemory<byte> _hash;

    public BatchDecider(Keyring keys, LookupKeys lookups, EntryCodec codec, BatchView view, DateTimeOffset now)
    {
        _keys = keys;
        _lookups = lookups;
        _codec = codec;
        _view = view;
        // The store keeps milliseconds; an entry handed on now equals the one that is read back.
        _now = DateTimeOffset.FromUnixTimeMilliseconds(now.ToUnixTimeMilliseconds());
        _today = ChinaTime.DateOf(_now);
        _neighbours = new NeighbourTable(view.Neighbours);
        _answers = new Dictionary<RequestKey, KeptAnswer>(view.Requests);
        _hash = view.Head.Hash;
    }

    /// <summary>The changes accepted so far, in order.</summary>
    public IReadOnlyList<JournalEntry> Entries => _entries;

    /// <summary>What must be known to decide the requests.</summary>
    public static BatchQuery QueryFor(IEnumerable<AppendRequest> requests, LookupKeys lookups)
    {
        var requestKeys = new HashSet<RequestKey>();
        var listings = new HashSet<ListingId>();
        var documents = new HashSet<LookupKey>();
        foreach (var request in requests)
        {
            if (KeyOf(request) is { } key) requestKeys.Add(key);
            listings.Add(request.Command.Listing);
            // The listing is not known yet, therefore all that the command names; what it claims anew is among them.
            foreach (var document in ListingRules.ClaimedDocuments(state: null, request.Command)) documents.Add(lookups.Of(document));
        }

        return new BatchQuery { Requests = [.. requestKeys], Listings = [.. listings], Documents = [.. documents] };
    }

    /// <summary>Decides one command.</summary>
    public AppendResult Decide(AppendRequest request)
    {
        // Step 1: a request that was answered before is answered again, or refused if it is not the same.
        var key = KeyOf(request);
        var digest = _keys.DigestOf(request.Digest.Span);
        if (key is { } asked && _answers.TryGetValue(asked, out var kept))
        {
            return kept.Digest == digest
                ? new AppendResult.Appended(kept.Listing, kept.Version, kept.Epoch, kept.Sequence)
                : Refuse(RefusalReason.RequestIdReused);
        }

        // Step 2: the rules. A listing of another court does not exist for this one.
        var standing = StandingOf(request.Command.Listing);
        if ((standing.State?.Content.Court ?? ContentOf(request.Command)?.Court ?? request.Court) != request.Court)
        {
            return Refuse(RefusalReason.ListingNotFound);
        }

        var decision = ListingRules.Decide(standing.State, request.Command, _today, NeighboursOf(request.Command, standing.State));
        if (decision is not Decision.Accepted accepted) return new AppendResult.Refused(((Decision.Refused)decision).Violations);

        // Step 3: the change gets the next number and its place in the chain.
        var entry = Append(request, accepted, standing);
        var answer = new KeptAnswer(digest, entry.Listing.Id, entry.Listing.Version, entry.Epoch, entry.Sequence);
        if (key is { } accepting)
        {
            _answers.Add(accepting, answer);
            _requests.Add(new RequestRow(accepting, answer, entry.RecordedAt.ToUnixTimeMilliseconds()));
        }

        // Step 4: what follows for the state, the documents and the neighbours.
        Follow(standing, accepted.After, entry.Sequence);
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
            Head = new JournalHead(_view.Head.Epoch, _view.Head.Sequence + _changes.Count, _hash),
        };

    private static AppendResult.Refused Refuse(RefusalReason reason) => new([new Violation("", reason)]);

    private static RequestKey? KeyOf(AppendRequest request) =>
        request.RequestId is { } id ? new RequestKey(request.Partner.Value, id) : null;

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

    private Neighbours NeighboursOf(ListingCommand command, Listing? state)
    {
        var content = state?.Content ?? ContentOf(command);
        if (content?.Case is not { } number) return Neighbours.None;

        var claimed = ListingRules.ClaimedDocuments(state, command);
        return claimed.IsEmpty
            ? Neighbours.None
            : _neighbours.Of(command.Listing, _keys.CaseKeyOf(content.Court, number), claimed.Select(_lookups.Of));
    }

    private JournalEntry Append(AppendRequest request, Decision.Accepted accepted, Standing standing)
    {
        if (standing.DataKey is null)
        {
            standing.DataKey = Keyring.NewDataKey();
            standing.WrappedKey = _keys.Wrap(standing.DataKey, accepted.After.Id);
        }

        var entry = new JournalEntry
        {
            Epoch = _view.Head.Epoch,
            Sequence = _view.Head.Sequence + _changes.Count + 1,
            Hash = default,
            Kind = accepted.Kind,
            Listing = accepted.After,
            IndexedBefore = standing.State?.IndexedDocuments ?? [],
            Partner = request.Partner,
            Operator = request.Operator,
            RecordedAt = _now,
        };
        var row = _codec.Seal(entry, standing.DataKey, standing.WrappedKey!, _lookups);
        var hash = ChainHash.Next(_hash.Span, row);
        _hash = hash;
        _changes.Add(row with { Hash = hash });
        entry = entry with { Hash = hash };
        _entries.Add(entry);
        return entry;
    }

    private void Follow(Standing standing, Listing after, long sequence)
    {
        ImmutableArray<DocumentNumber> before = standing.State?.AllDocuments ?? [];
        standing.State = after;
        var content = after.Content;
        var subject = content.Subject!;
        var caseKey = _keys.CaseKeyOf(content.Court, content.Case!);
        var barredUntil = ListingRules.BarredUntil(after);
        standing.Row = new ListingRow
        {
            Id = after.Id,
            Court = content.Court.Value,
            Region = content.Court.Region,
            State = after.State,
            Version = after.Version,
            Sequence = sequence,
            SubjectKind = subject.Kind,
            Case = caseKey,
            Name = _keys.NameKeyOf(subject.Name),
            NameAndYear = subject.BirthDate is { } date ? _keys.NameKeyOf(subject.Name, date.Year) : null,
            LastDay = after.LastDay,
            GraceUntil = content.GraceUntil,
            BarredUntil = barredUntil,
            WrappedKey = standing.WrappedKey!,
        };

        var isLive = after.State is ListingState.Published or ListingState.Grace;
        var isActive = after.State == ListingState.Published;
        var now = after.AllDocuments;
        foreach (var document in now) Put(document, isNamed: true, isActive, isLive, barredUntil);
        foreach (var document in before.Except(now)) Put(document, isNamed: false, isActive: false, isLive: false, barredUntil: null);

        void Put(DocumentNumber document, bool isNamed, bool isActive, bool isLive, DateOnly? barredUntil)
        {
            var key = _lookups.Of(document);
            var place = (key, after.Id);
            var number = _documents.TryGetValue(place, out var earlier)
                ? earlier.SealedNumber
                : _keys.SealDocument(document, key, after.Id);
            _documents[place] = new DocumentRow(key, after.Id, number, isNamed, isActive);
            _neighbours.Set(new NeighbourRow(key, caseKey, after.Id, isLive, barredUntil));
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
