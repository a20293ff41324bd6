using CreditShare.IntegrationTests.Infrastructure;
using CreditShare.IntegrationTests.MainJob;
using CreditShare.V1;
using Grpc.Net.Client;

namespace CreditShare.IntegrationTests.Push;

/// <summary>A department with many subscriptions, and a court that gives it something to receive.</summary>
internal sealed class Deliveries(GrpcChannel department, GrpcChannel court)
{
    private const int AtOnce = 8;

    private readonly SubscriptionService.SubscriptionServiceClient _subscriptions = new(department);
    private readonly FeedService.FeedServiceClient _feed = new(department);
    private readonly ListingService.ListingServiceClient _court = new(court);

    /// <summary>Subscribes to everything from the beginning of the journal.</summary>
    /// <returns>The subscriptions' names, in order.</returns>
    public async Task<IReadOnlyList<string>> SubscribeAsync(Partner partner, int count, CancellationToken cancellationToken)
    {
        var owner = (await _subscriptions.ListSubscriptionsAsync(
            new ListSubscriptionsRequest { Parent = "partners/dev-department" }, cancellationToken: cancellationToken)).Subscriptions;
        if (owner.Count > 0) throw new InvalidOperationException("There are subscriptions already.");

        var names = new string[count];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, count),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (number, token) =>
            {
                var made = await _subscriptions.CreateSubscriptionAsync(
                    new CreateSubscriptionRequest
                    {
                        Parent = "partners/dev-department",
                        SubscriptionId = $"all-{number:000}",
                        Subscription = partner.Wish(number),
                        Start = new Cursor(),
                    },
                    cancellationToken: token);
                names[number] = made.Subscription.Name;
            });
        await Shell.WaitUntilAsync(
            async token => (await ReadAsync(token)).Values.All(subscription => subscription.State != SubscriptionState.PendingVerification),
            "the endpoints to be verified",
            cancellationToken);
        return names;
    }

    /// <summary>Publishes listings in one stream.</summary>
    public async Task<IReadOnlyList<ListingReceipt>> PublishAsync(int count, CancellationToken cancellationToken)
    {
        const int Rows = 100;
        using var import = _court.ImportListings(cancellationToken: cancellationToken);
        List<ListingReceipt> receipts = [];
        for (var first = 0; first < count; first += Rows)
        {
            var rows = Enumerable.Range(first, Math.Min(Rows, count - first)).Select(number => new ImportRow
            {
                Row = number + 1,
                RequestId = Cast.NewId(),
                Parent = $"courts/{Cast.Court}",
                Listing = Cast.ListingOf("测试卯", Cast.Court, Cast.Resident(300_000 + number)),
            });
            await import.RequestStream.WriteAsync(new ImportListingsRequest { Operator = "书记员", Rows = { rows } }, cancellationToken);
            if (!await import.ResponseStream.MoveNext(cancellationToken)) throw new InvalidOperationException("The import ended.");
            receipts.AddRange(import.ResponseStream.Current.Results.Select(row => row.Receipt ?? throw new InvalidOperationException($"{row}")));
        }

        await import.RequestStream.CompleteAsync();
        return receipts;
    }

    /// <summary>Withdraws listings.</summary>
    public async Task WithdrawAsync(IEnumerable<ListingReceipt> listings, CancellationToken cancellationToken)
    {
        foreach (var listing in listings)
        {
            await _court.WithdrawListingAsync(
                new WithdrawListingRequest
                {
                    Name = listing.Name,
                    ExpectedVersion = listing.Version,
                    RequestId = Cast.NewId(),
                    Operator = "书记员",
                    Reason = EndReason.Performed,
                },
                cancellationToken: cancellationToken);
        }
    }

    /// <summary>The head's number.</summary>
    public async Task<long> HeadAsync(CancellationToken cancellationToken) =>
        (await _feed.GetHeadAsync(new GetHeadRequest(), cancellationToken: cancellationToken)).Head.Sequence;

    /// <summary>Each subscription as it stands.</summary>
    public async Task<IReadOnlyDictionary<string, Subscription>> ReadAsync(CancellationToken cancellationToken) =>
        (await _subscriptions.ListSubscriptionsAsync(
            new ListSubscriptionsRequest { Parent = "partners/dev-department", PageSize = 1_000 }, cancellationToken: cancellationToken))
        .Subscriptions.ToDictionary(subscription => subscription.Name);

    /// <summary>Waits until every subscription has accepted everything in order, a minute without progress at most.</summary>
    public async Task UntilCaughtUpAsync(long head, CancellationToken cancellationToken)
    {
        while (true)
        {
            var before = await SumAsync(cancellationToken);
            if (before.Least >= head) return;

            await Shell.WaitUntilAsync(async token => (await SumAsync(token)).Sum > before.Sum, "deliveries to go on", cancellationToken);
        }
    }

    /// <summary>The attempts that a subscription has on record.</summary>
    public async Task<IReadOnlyList<DeliveryAttempt>> AttemptsAsync(string subscription, CancellationToken cancellationToken)
    {
        List<DeliveryAttempt> attempts = [];
        var request = new ListDeliveryAttemptsRequest { Parent = subscription, PageSize = 1_000 };
        do
        {
            var page = await _subscriptions.ListDeliveryAttemptsAsync(request, cancellationToken: cancellationToken);
            attempts.AddRange(page.Attempts);
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);
        return attempts;
    }

    private async Task<(long Least, long Sum)> SumAsync(CancellationToken cancellationToken)
    {
        var places = (await ReadAsync(cancellationToken)).Values.Select(subscription => subscription.Ordered.Accepted.Sequence).ToList();
        return (places.Min(), places.Sum());
    }
}
