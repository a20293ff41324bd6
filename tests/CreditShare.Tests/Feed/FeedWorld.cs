using CreditShare.Core.Journal;
using CreditShare.Server.Changes;
using CreditShare.Server.Feed;
using CreditShare.Server.Mapping;
using CreditShare.Tests.Infrastructure;
using CreditShare.V1;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using View = CreditShare.Core.Access.View;

namespace CreditShare.Tests.Feed;

/// <summary>A node that serves a department's feed from a store in memory.</summary>
internal sealed class FeedWorld : IAsyncDisposable
{
    private readonly Meters _meters = new();
    private readonly IOptions<FeedOptions> _options;

    public FeedWorld(FeedOptions? options = null)
    {
        _options = Options.Create(options ?? new FeedOptions());
        Store = new MemoryStore(Clock);
        Node = new TestNode(Store, Clock);
        Metrics = new FeedMetrics(_meters);
        Source = new ChangeSource(Store, Node.Tail, Callers.Courts, Clock);
        var readers = new FeedReaders(Store, Clock);
        Follower = new Follower(Source, Node.Tail, readers, Metrics, _options, Clock);
        Export = new ListingExport(Store, readers, Callers.Courts, _options, Clock);
        Service = new Server.Feed.FeedService(
            Source, Follower, Export, readers, new Acknowledgement(Source, Store, Clock), Store, Callers.Courts, _options, Clock);
    }

    public FakeTimeProvider Clock { get; } = TestClocks.AtNoon();

    public MemoryStore Store { get; }

    public MemoryJournal Journal => Store.Journal;

    public TestNode Node { get; }

    public FeedMetrics Metrics { get; }

    public ChangeSource Source { get; }

    public Follower Follower { get; }

    public ListingExport Export { get; }

    public Server.Feed.FeedService Service { get; }

    public Callers Callers { get; } = new();

    /// <summary>The journal's beginning, as a place.</summary>
    public static JournalHead Beginning => new(1, 0, new byte[32]);

    public static FeedQuery Query(long after = 0, ListingFilter? filter = null, View view = View.Public) =>
        new(new Cursor { Sequence = after }, filter ?? new ListingFilter(), view);

    /// <summary>Has the tail take what is new, so that memory holds it.</summary>
    public void CatchUp()
    {
        while (Node.Tail.AppliedHead?.Sequence != Journal.Head.Sequence) Node.Step();
    }

    public Task<ChangeRun> ReadAsync(long after, FeedQuery? query = null, int limit = 500)
    {
        var place = after == 0 ? Beginning : PlaceOf(Journal.Entries[(int)after - 1]);
        return Source.ReadAsync(place, query ?? Query(), limit, _options.Value.FrameBytes, CancellationToken.None);
    }

    /// <summary>Follows until the token is cancelled.</summary>
    public Task FollowAsync(FeedQuery query, FrameLog<FollowChangesResponse> frames, CancellationToken cancellationToken) =>
        Follower.RunAsync(query, new ParsedFrames(frames), Callers.Department(View.Public), cancellationToken);

    public static JournalHead PlaceOf(JournalEntry entry) => new(entry.Epoch, entry.Sequence, entry.Hash);

    public static Cursor CursorOf(JournalEntry entry) => PlaceOf(entry).ToProto();

    public async ValueTask DisposeAsync()
    {
        Node.Dispose();
        Callers.Dispose();
        _meters.Dispose();
        await Store.DisposeAsync();
    }
}
