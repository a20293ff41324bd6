using CreditShare.Core.Journal;
using CreditShare.IntegrationTests.Infrastructure;
using CreditShare.V1;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace CreditShare.IntegrationTests.MainJob;

/// <summary>A running server and those who deal with it, in their own words.</summary>
internal sealed class Scene : IAsyncDisposable
{
    private readonly bool _ownsSetting;

    private Scene(Setting setting, TestServer server, bool ownsSetting)
    {
        // A setting that was not understood would leave the server on SQLite, and every test would still pass.
        var engine = server.Services.GetRequiredService<IStore>().GetType().Name;
        Assert.That(engine, Is.EqualTo(setting.Engine));

        _ownsSetting = ownsSetting;
        Setting = setting;
        Server = server;
        Court = new ListingService.ListingServiceClient(server.As("court"));
        Bank = new LookupService.LookupServiceClient(server.As("bank"));
        Department = new FeedService.FeedServiceClient(server.As("department"));
    }

    public Setting Setting { get; }

    public TestServer Server { get; }

    public ListingService.ListingServiceClient Court { get; }

    public LookupService.LookupServiceClient Bank { get; }

    public FeedService.FeedServiceClient Department { get; }

    public static async Task<Scene> OpenAsync(string setting, CancellationToken cancellationToken, params string[] settings) =>
        await OpenAsync(await Setting.CreateAsync(setting, cancellationToken), cancellationToken, settings);

    /// <summary>A server on a setting, which goes with it.</summary>
    public static async Task<Scene> OpenAsync(Setting setting, CancellationToken cancellationToken, params string[] settings)
    {
        try
        {
            return new Scene(setting, await StartAsync(setting, settings, beside: null, cancellationToken), ownsSetting: true);
        }
        catch
        {
            await setting.DisposeAsync();
            throw;
        }
    }

    /// <summary>Another server over the same store, with the same keys and identities. What it sets itself counts before the setting.</summary>
    public async Task<Scene> BesideAsync(CancellationToken cancellationToken, params string[] settings) =>
        new(Setting, await StartAsync(Setting, settings, Server, cancellationToken), ownsSetting: false);

    public async Task<ListingReceipt> PublishAsync(Listing listing, string court, CancellationToken cancellationToken)
    {
        var response = await Court.PublishListingAsync(
            new PublishListingRequest { Parent = $"courts/{court}", Listing = listing, RequestId = Cast.NewId(), Operator = "书记员" },
            cancellationToken: cancellationToken);
        return response.Receipt;
    }

    public async Task<ListingReceipt> WithdrawAsync(ListingReceipt listing, EndReason reason, CancellationToken cancellationToken)
    {
        var response = await Court.WithdrawListingAsync(
            new WithdrawListingRequest
            {
                Name = listing.Name,
                ExpectedVersion = listing.Version,
                RequestId = Cast.NewId(),
                Operator = "书记员",
                Reason = reason,
            },
            cancellationToken: cancellationToken);
        return response.Receipt;
    }

    public async Task<CheckSubjectResponse> CheckAsync(string number, string name, Position? atLeast, CancellationToken cancellationToken) =>
        await Bank.CheckSubjectAsync(
            new CheckSubjectRequest
            {
                Document = new IdentityDocument { Type = DocumentType.ResidentId, Number = number },
                Name = name,
                Purpose = Purpose.Credit,
                Reference = "贷款-1",
                Operator = "柜员-7",
                AtLeast = atLeast,
            },
            cancellationToken: cancellationToken);

    /// <summary>Everything from the beginning to the head as it is now, in the FULL view, proved contiguous.</summary>
    public async Task<List<Change>> FollowToHeadAsync(Cursor from, CancellationToken cancellationToken)
    {
        var head = (await Department.GetHeadAsync(new GetHeadRequest(), cancellationToken: cancellationToken)).Head.Sequence;
        using var call = Department.FollowChanges(new FollowChangesRequest { From = from, View = View.Full }, cancellationToken: cancellationToken);
        List<Change> changes = [];
        for (var at = from.Sequence; at < head;)
        {
            if (!await call.ResponseStream.MoveNext(cancellationToken)) throw new InvalidOperationException("The feed ended.");

            var frame = call.ResponseStream.Current;
            if (frame.FromSequence != at) throw new InvalidOperationException($"A frame from {frame.FromSequence} after {at}.");
            changes.AddRange(frame.Changes);
            at = frame.ToSequence;
        }

        return changes;
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        if (_ownsSetting) await Setting.DisposeAsync();
    }

    private static Task<TestServer> StartAsync(Setting setting, string[] settings, TestServer? beside, CancellationToken cancellationToken) =>
        TestServer.StartAsync(new TestServerSetup { Settings = [.. setting.Settings, .. settings], Beside = beside }, cancellationToken);
}
