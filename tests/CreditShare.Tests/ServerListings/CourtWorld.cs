using CreditShare.Core.Listings;
using CreditShare.Server.Access;
using CreditShare.Server.Listings;
using CreditShare.Tests.Infrastructure;
using CreditShare.Tests.Listings;
using CreditShare.V1;
using Microsoft.Extensions.Time.Testing;

namespace CreditShare.Tests.ServerListings;

/// <summary>A node that serves a court from a store in memory.</summary>
internal sealed class CourtWorld : IAsyncDisposable
{
    public const string Parent = "courts/测01";

    private readonly Meters _meters = new();

    public CourtWorld(ListingsOptions? options = null)
    {
        Options = options ?? new ListingsOptions();
        Store = new MemoryStore(Clock);
        Node = new TestNode(Store, Clock);
        Court = Callers.Court(Sample.Court("测01"));
        var metrics = new ListingsMetrics(_meters);
        var intake = new ListingIntake(Callers.Courts, Microsoft.Extensions.Options.Options.Create(Options), Clock);
        Ledger = new ListingLedger(Store, Node.Barrier, metrics, Clock);
        Import = new ListingImport(Ledger, intake, metrics, Clock);
        Service = new Server.Listings.ListingService(intake, Ledger, Import, Store, Callers.Courts, Clock);
        Sweeper = SweeperOn(Log);
    }

    public FakeTimeProvider Clock { get; } = TestClocks.AtNoon();

    /// <summary>What courts may publish.</summary>
    public ListingsOptions Options { get; }

    public MemoryStore Store { get; }

    public MemoryJournal Journal => Store.Journal;

    public TestNode Node { get; }

    public Callers Callers { get; } = new();

    public Caller Court { get; }

    public LogBook Log { get; } = new();

    public ListingLedger Ledger { get; }

    public ListingImport Import { get; }

    public Server.Listings.ListingService Service { get; }

    public ListingSweeper Sweeper { get; }

    /// <summary>A sweeper of another node over the same store.</summary>
    public ListingSweeper SweeperOn(LogBook log) => new(
        Store,
        Microsoft.Extensions.Options.Options.Create(new Server.Journal.JournalOptions()),
        new ListingsMetrics(_meters),
        Clock,
        log.For<ListingSweeper>());

    public static PublishListingRequest Publication(ListingContent content, Guid? requestId = null) => new()
    {
        Parent = Parent,
        Listing = Wire.Of(content),
        RequestId = (requestId ?? Guid.NewGuid()).ToString(),
        Operator = "书记员",
    };

    public static ImportRow Row(long row, ListingContent content, Guid? requestId = null) => new()
    {
        Row = row,
        Parent = Parent,
        Listing = Wire.Of(content),
        RequestId = (requestId ?? Guid.NewGuid()).ToString(),
    };

    public FakeCall Call(CancellationToken cancellationToken = default) => new(Court, cancellationToken);

    public async Task<ListingReceipt> PublishAsync(ListingContent content) =>
        (await Service.PublishListing(Publication(content), Call())).Receipt;

    /// <summary>Has the tail take what is new and tell the others so.</summary>
    public void CatchUp()
    {
        while (Node.Tail.AppliedHead?.Sequence != Journal.Head.Sequence) Node.Step();
        Node.Beat();
    }

    public async ValueTask DisposeAsync()
    {
        Sweeper.Dispose();
        Import.Dispose();
        Node.Dispose();
        Callers.Dispose();
        _meters.Dispose();
        await Store.DisposeAsync();
    }
}
