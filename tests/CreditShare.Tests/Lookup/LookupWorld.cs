using System.Buffers;
using System.Diagnostics.Metrics;
using CreditShare.Core.Access;
using CreditShare.Core.Calendar;
using CreditShare.Core.Listings;
using CreditShare.Server.Access;
using CreditShare.Server.Journal;
using CreditShare.Server.Lookup;
using CreditShare.Server.Transport;
using CreditShare.Tests.Access;
using CreditShare.Tests.Listings;
using CreditShare.V1;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using ChangeKind = CreditShare.Core.Listings.ChangeKind;
using EndReason = CreditShare.Core.Listings.EndReason;
using Listing = CreditShare.Core.Listings.Listing;
using ListingState = CreditShare.Core.Listings.ListingState;
using Partner = CreditShare.Core.Access.Partner;
using PartnerKind = CreditShare.Core.Access.PartnerKind;
using Purpose = CreditShare.Core.Access.Purpose;
using View = CreditShare.Core.Access.View;

namespace CreditShare.Tests.Lookup;

/// <summary>A node that answers lookups over a store in memory, with a bank that asks and courts that list.</summary>
internal sealed class LookupWorld : IDisposable
{
    private readonly Quotas _quotas = new(Options.Create(new AccessOptions { SubjectsPerSecond = 1_000_000 }), TimeProvider.System);
    private readonly MeterFactory _meters = new();
    private readonly SubjectLookup _lookup;
    private readonly ScreeningCall _screening;
    private int _applied;
    private int _listings;

    public LookupWorld(int recordMemoryMegabytes = 0)
    {
        Clock = new FakeTimeProvider(ChinaTime.StartOf(Sample.Today).AddHours(12));
        Node = new NodeInMemory(Store);
        var options = Options.Create(new LookupOptions { ScreeningFrames = 2, RecordMemoryMegabytes = recordMemoryMegabytes });
        Memory = new RecordMemory(options);
        Metrics = new LookupMetrics(_meters, Index);
        Ended = new EndedCalls(new TransportMetrics(_meters), Clock, NullLogger<EndedCalls>.Instance);
        Follower = new IndexFollower(Index, Memory, Store, NullLogger<IndexFollower>.Instance);
        Counts = new NotListedCounts(Store, Clock, options, NullLogger<NotListedCounts>.Instance);
        Records = new DocumentRecords(Store, Memory);
        _lookup = new SubjectLookup(Index, Records, Store, Node, Counts, Metrics, options, Clock);
        var screening = new FrameScreening(Index, _lookup, Node, Counts, Courts, Metrics, Clock);
        _screening = new ScreeningCall(screening, _lookup, options);
        Service = new Server.Lookup.LookupService(
            _lookup, new CandidateSearch(Store, _lookup, Node, Courts, Clock), Store, Courts, Metrics, Clock);
    }

    public FakeTimeProvider Clock { get; }

    public StoreInMemory Store { get; } = new();

    public NodeInMemory Node { get; }

    public DocumentIndex Index { get; } = new();

    /// <summary>Keeps nothing unless a test says so.</summary>
    public RecordMemory Memory { get; }

    public DocumentRecords Records { get; }

    public IndexFollower Follower { get; }

    public NotListedCounts Counts { get; }

    public LookupMetrics Metrics { get; }

    public IMeterFactory Meters => _meters;

    public EndedCalls Ended { get; }

    public CourtDirectory Courts { get; } = new();

    public Server.Lookup.LookupService Service { get; }

    public SubjectLookup Lookup => _lookup;

    /// <summary>The bank that asks; a test may change its rights.</summary>
    public Partner Bank { get; set; } = new()
    {
        Id = PartnerId.Restore("test-bank"),
        DisplayName = "测试银行",
        Kind = PartnerKind.Bank,
        Rpcs = ["creditshare.v1.LookupService/*"],
        Views = [View.Public, View.Status],
        Purposes = [Purpose.Credit, Purpose.MarketAccess],
        CreatedAt = DateTimeOffset.UnixEpoch,
        UpdatedAt = DateTimeOffset.UnixEpoch,
    };

    /// <summary>The subject of <see cref="Sample.Person"/>, asked about as one should.</summary>
    public static CheckSubjectRequest AboutTheMan => new()
    {
        Document = new IdentityDocument { Type = V1.DocumentType.ResidentId, Number = Sample.Man },
        Name = "测试甲",
        Purpose = V1.Purpose.Credit,
        Reference = "贷-1",
        Operator = "柜员7",
    };

    /// <summary>The subject of <see cref="Sample.Organisation"/>.</summary>
    public static CheckSubjectRequest AboutTheCompany => new()
    {
        Document = new IdentityDocument { Type = V1.DocumentType.Uscc, Number = Sample.SocialCreditCode },
        Purpose = V1.Purpose.Credit,
        Reference = "贷-2",
        Operator = "柜员7",
    };

    /// <summary>A bank that may ask for credit, in the public view.</summary>
    public static Partner Asker(string id) => Gate.Partner(id, PartnerKind.Bank, "creditshare.v1.LookupService/*") with
    {
        Views = [View.Public],
        Purposes = [Purpose.Credit],
    };

    /// <summary>A court publishes, and the node applies it.</summary>
    public Listing Publish(ListingContent content)
    {
        var listing = PublishUnseen(content);
        CatchUp();
        return listing;
    }

    /// <summary>A court publishes, and the node has not applied it yet.</summary>
    public Listing PublishUnseen(ListingContent content)
    {
        var listing = new Listing
        {
            Id = new ListingId(new Guid(++_listings, 0, 0, [0, 0, 0, 0, 0, 0, 0, 1])),
            Version = 1,
            State = ListingState.Published,
            Content = content,
            PublishedOn = Sample.Today,
        };
        Store.Append(ChangeKind.Published, listing);
        return listing;
    }

    /// <summary>A court corrects, and the node applies it.</summary>
    public Listing Correct(Listing listing, Func<ListingContent, ListingContent> change)
    {
        var after = listing with { Version = listing.Version + 1, Content = change(listing.Content) };
        Store.Append(ChangeKind.Corrected, after);
        CatchUp();
        return after;
    }

    /// <summary>A court withdraws, and the node applies it.</summary>
    public void Withdraw(Listing listing)
    {
        WithdrawUnseen(listing);
        CatchUp();
    }

    /// <summary>A court withdraws, and the node has not applied it yet.</summary>
    public void WithdrawUnseen(Listing listing) => Store.Append(ChangeKind.Withdrawn, listing with
    {
        Version = listing.Version + 1,
        State = ListingState.Withdrawn,
        Ending = new Core.Listings.Ending { Reason = EndReason.EarlyDeletion, EventDate = Sample.Today, EndDate = Sample.Today },
    });

    /// <summary>The node applies what it has not.</summary>
    public void CatchUp()
    {
        for (; _applied < Store.Entries.Count; _applied++)
        {
            Follower.Apply(Store.Entries[_applied]);
            Node.Move(new JournalPosition(Store.Entries[_applied].Epoch, Store.Entries[_applied].Sequence));
        }
    }

    public Caller NewCaller() =>
        new(new Registration(Bank), new string('0', 64), "/creditshare.v1.LookupService/CheckSubject", Courts, _quotas);

    /// <summary>A call of the bank's.</summary>
    public LookupCall NewCall(DateTime? deadline = null) => new(NewCaller(), deadline ?? DateTime.MaxValue, CancellationToken.None);

    public Task<CheckSubjectResponse> CheckAsync(CheckSubjectRequest request) => Service.CheckSubject(request, NewCall());

    /// <summary>Screens frames and gives the answers; whatever ended the call is thrown once they are in the list.</summary>
    public async Task ScreenAsync(IEnumerable<ScreenSubjectsRequest> frames, List<ScreenSubjectsResponse> answers) =>
        await _screening.RunAsync(new FrameReader(frames), new AnswerWriter(answers), NewCall());

    public void Dispose()
    {
        _quotas.Dispose();
        _meters.Dispose();
        Counts.Dispose();
        Records.Dispose();
        Memory.Dispose();
    }

    private sealed class MeterFactory : IMeterFactory
    {
        private readonly List<Meter> _meters = [];

        public Meter Create(MeterOptions options)
        {
            _meters.Add(new Meter(options));
            return _meters[^1];
        }

        public void Dispose() => _meters.ForEach(meter => meter.Dispose());
    }

    private sealed class FrameReader(IEnumerable<ScreenSubjectsRequest> frames) : IAsyncStreamReader<ScreeningColumns>
    {
        private readonly IEnumerator<ScreenSubjectsRequest> _frames = frames.GetEnumerator();

        // As it comes over the wire.
        public ScreeningColumns Current => ScreeningColumns.Read(new ReadOnlySequence<byte>(_frames.Current.ToByteArray()));

        public Task<bool> MoveNext(CancellationToken cancellationToken) => Task.FromResult(_frames.MoveNext());
    }

    private sealed class AnswerWriter(List<ScreenSubjectsResponse> answers) : IServerStreamWriter<ScreenSubjectsResponse>
    {
        public WriteOptions? WriteOptions { get; set; }

        public Task WriteAsync(ScreenSubjectsResponse message)
        {
            answers.Add(message);
            return Task.CompletedTask;
        }

        public Task WriteAsync(ScreenSubjectsResponse message, CancellationToken cancellationToken) => WriteAsync(message);
    }
}

/// <summary>A node's place in the journal, moved by the test.</summary>
internal sealed class NodeInMemory(StoreInMemory store) : INodePosition
{
    private TaskCompletionSource _moved = new();

    public JournalPosition Applied { get; private set; } = new(store.Epoch, 0);

    public bool HasLease { get; set; } = true;

    /// <summary>Runs whenever the lease is looked at, with how often it was so far.</summary>
    public Action<int>? WhileChecking { get; set; }

    /// <summary>How often the lease was looked at.</summary>
    public int LeaseChecks { get; private set; }

    public void Move(JournalPosition position)
    {
        Applied = position;
        var moved = _moved;
        _moved = new TaskCompletionSource();
        moved.SetResult();
    }

    public bool IsFresh
    {
        get
        {
            LeaseChecks++;
            WhileChecking?.Invoke(LeaseChecks);
            return HasLease;
        }
    }

    public void EnsureFresh()
    {
        if (!IsFresh) throw new RefusedException(ErrorReason.NodeStale);
    }

    public async Task WaitForAsync(JournalPosition position, CancellationToken cancellationToken)
    {
        while (!Applied.Covers(position)) await _moved.Task.WaitAsync(cancellationToken);
    }
}

/// <summary>A call as the service sees it once access control has let it in.</summary>
internal sealed class LookupCall(Caller caller, DateTime deadline, CancellationToken cancellationToken) : ServerCallContext
{
    protected override string MethodCore => "/creditshare.v1.LookupService/CheckSubject";

    protected override string HostCore => "localhost";

    protected override string PeerCore => "ipv4:127.0.0.1";

    protected override DateTime DeadlineCore => deadline;

    protected override Metadata RequestHeadersCore { get; } = [];

    protected override CancellationToken CancellationTokenCore => cancellationToken;

    protected override Metadata ResponseTrailersCore { get; } = [];

    protected override Status StatusCore { get; set; }

    protected override WriteOptions? WriteOptionsCore { get; set; }

    protected override AuthContext AuthContextCore { get; } = new(null, []);

    protected override IDictionary<object, object> UserStateCore { get; } = new Dictionary<object, object> { [typeof(Caller)] = caller };

    protected override Task WriteResponseHeadersAsyncCore(Metadata responseHeaders) => Task.CompletedTask;

    protected override ContextPropagationToken CreatePropagationTokenCore(ContextPropagationOptions? options) => throw new NotSupportedException();
}
