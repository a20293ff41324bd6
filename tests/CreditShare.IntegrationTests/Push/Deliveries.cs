using CreditShare.IntegrationTests.Infrastructure;
using CreditShare.IntegrationTests.MainJob;
using CreditShare.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace CreditShare.IntegrationTests.Push;

/// <summary>A department with many subscriptions, and a court that gives it something to receive.</summary>
internal sealed class Deliveries(GrpcChannel department, GrpcChannel court)
{
    private const int AtOnce = 8;
    private const int RowsOfFrame = 500;
    private const int Retries = 30;

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
                var wish = new CreateSubscriptionRequest
                {
                    Parent = "partners/dev-department",
                    SubscriptionId = $"all-{number:000}",
                    Subscription = partner.Wish(number),
                    Start = new Cursor(),
                };
                var made = await PatientlyAsync(
                    async () => await _subscriptions.CreateSubscriptionAsync(wish, cancellationToken: token), token);
                names[number] = made.Subscription.Name;
            });
        await Shell.WaitUntilAsync(
            async token => (await ReadAsync(token)).Values.All(subscription => subscription.State != SubscriptionState.PendingVerification),
            "the endpoints to be verified",
            cancellationToken);
        return names;
    }

    /// <summary>Publishes listings in bulk.</summary>
    /// <param name="from">How many were published before.</param>
    /// <param name="count">How many.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<IReadOnlyList<ListingReceipt>> PublishAsync(int from, int count, CancellationToken cancellationToken)
    {
        List<ListingReceipt> receipts = [];
        foreach (var numbers in Enumerable.Range(from, count).Chunk(RowsOfFrame))
        {
            var rows = numbers.Select(number => new ImportRow
            {
                Row = number + 1,
                RequestId = Cast.NewId(),
                Parent = $"courts/{Cast.Court}",
                Listing = Cast.ListingOf("测试卯", Cast.Court, Cast.Resident(300_000 + number)),
            });
            var frame = new ImportListingsRequest { Operator = "书记员", Rows = { rows } };

            receipts.AddRange(await PatientlyAsync(() => ImportAsync(frame, cancellationToken), cancellationToken));
        }

        return receipts;
    }

    /// <summary>Withdraws listings.</summary>
    public async Task WithdrawAsync(IEnumerable<ListingReceipt> listings, CancellationToken cancellationToken)
    {
        foreach (var listing in listings)
        {
            var withdrawal = new WithdrawListingRequest
            {
                Name = listing.Name,
                ExpectedVersion = listing.Version,
                RequestId = Cast.NewId(),
                Operator = "书记员",
                Reason = EndReason.Performed,
            };
            await PatientlyAsync(
                async () => await _court.WithdrawListingAsync(withdrawal, cancellationToken: cancellationToken), cancellationToken);
        }
    }

    /// <summary>The head's number.</summary>
    public async Task<long> HeadAsync(CancellationToken cancellationToken) =>
        (await _feed.GetHeadAsync(new GetHeadRequest(), cancellationToken: cancellationToken)).Head.Sequence;

    /// <summary>Each subscription as it stands.</summary>
    public async Task<IReadOnlyDictionary<string, Subscription>> ReadAsync(CancellationToken cancellationToken) =>
        (await PatientlyAsync(
            async () => await _subscriptions.ListSubscriptionsAsync(
                new ListSubscriptionsRequest { Parent = "partners/dev-department", PageSize = 1_000 }, cancellationToken: cancellationToken),
            cancellationToken))
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

    /// <summary>Waits until every subscription has applied everything on both lanes, the last of it a withdrawal. What was sent is on record then.</summary>
    public async Task<IReadOnlyDictionary<string, Subscription>> UntilAppliedAsync(long head, CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<string, Subscription> stored = new Dictionary<string, Subscription>();
        await Shell.WaitUntilAsync(
            async token =>
            {
                stored = await ReadAsync(token);
                return stored.Values.All(subscription => subscription.Withdrawals.AppliedSequence == head && subscription.Ordered.AppliedSequence == head);
            },
            "both lanes to be at the head",
            cancellationToken);
        return stored;
    }

    /// <summary>The attempts that a subscription has on record, newest first.</summary>
    public async Task<IReadOnlyList<DeliveryAttempt>> ListAttemptsAsync(string subscription, CancellationToken cancellationToken)
    {
        List<DeliveryAttempt> attempts = [];
        var request = new ListDeliveryAttemptsRequest { Parent = subscription, PageSize = 1_000 };
        do
        {
            var page = await PatientlyAsync(
                async () => await _subscriptions.ListDeliveryAttemptsAsync(request, cancellationToken: cancellationToken), cancellationToken);
            attempts.AddRange(page.Attempts);
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);
        return attempts;
    }

    /// <summary>Calls again what a server that is too busy has put off. Every call here may be repeated, and is carried out once.</summary>
    private static async Task<T> PatientlyAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        for (var again = 0; ; again++)
        {
            try
            {
                return await call();
            }
            catch (RpcException e) when (e.StatusCode == StatusCode.Unavailable && again < Retries)
            {
                await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
            }
        }
    }

    private async Task<IReadOnlyList<ListingReceipt>> ImportAsync(ImportListingsRequest frame, CancellationToken cancellationToken)
    {
        using var import = _court.ImportListings(cancellationToken: cancellationToken);
        await import.RequestStream.WriteAsync(frame, cancellationToken);
        await import.RequestStream.CompleteAsync();
        List<ListingReceipt> receipts = [];
        await foreach (var answer in import.ResponseStream.ReadAllAsync(cancellationToken))
        {
            receipts.AddRange(answer.Results.Select(row => row.Receipt ?? throw new InvalidOperationException($"{row}")));
        }

        return receipts;
    }

    private async Task<(long Least, long Sum)> SumAsync(CancellationToken cancellationToken)
    {
        var places = (await ReadAsync(cancellationToken)).Values.Select(subscription => subscription.Ordered.Accepted.Sequence).ToList();
        return (places.Min(), places.Sum());
    }
}
