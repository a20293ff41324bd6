using System.Diagnostics;
using CreditShare.Client;
using CreditShare.Core.Numbers;
using CreditShare.V1;
using Google.Type;
using DocumentType = CreditShare.V1.DocumentType;

namespace CreditShare.Benchmarks.Push;

/// <summary>A server in a process of its own, a court that publishes and a department that subscribes.</summary>
internal sealed class PushScene : IAsyncDisposable
{
    public const string Secret = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    private const string Court = "测0101";
    private const string Department = "partners/dev-department";
    private const int AtOnce = 8;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(20);

    private readonly PartnerIdentity _courtIdentity;
    private readonly PartnerIdentity _departmentIdentity;
    private readonly CreditShareClient _court;
    private readonly CreditShareClient _department;
    private int _published;

    private PushScene(MeasuredServer server)
    {
        Server = server;
        _courtIdentity = PartnerIdentity.FromFolder(Path.Combine(server.Folder, "identities", "court"));
        _departmentIdentity = PartnerIdentity.FromFolder(Path.Combine(server.Folder, "identities", "department"));
        _court = new CreditShareClient(new CreditShareClientOptions { Address = server.Address, Identity = _courtIdentity });
        _department = new CreditShareClient(new CreditShareClientOptions { Address = server.Address, Identity = _departmentIdentity });
    }

    public MeasuredServer Server { get; }

    public static async Task<PushScene> StartAsync(string folder, params string[] settings) =>
        new(await MeasuredServer.StartAsync(folder, ["--Subscriptions:PerPartner=1000", "--Push:LeasePoll=00:00:00.200", .. settings]));

    /// <summary>Waits until something is so; twenty minutes at most.</summary>
    public static async Task UntilAsync(Func<Task<bool>> isSo, string what)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await isSo())
        {
            if (Stopwatch.GetElapsedTime(started) > Patience) throw new TimeoutException($"Waited in vain for {what}.");
            await Task.Delay(20);
        }
    }

    /// <inheritdoc cref="UntilAsync(Func{Task{bool}}, string)"/>
    public static Task UntilAsync(Func<bool> isSo, string what) => UntilAsync(() => Task.FromResult(isSo()), what);

    /// <summary>Publishes listings in one stream.</summary>
    /// <returns>The receipts of the last <paramref name="keep"/>.</returns>
    public async Task<IReadOnlyList<ListingReceipt>> PublishAsync(int count, int keep = 0)
    {
        Queue<ListingReceipt> kept = [];
        await foreach (var outcome in _court.ImportAsync(RowsAsync(count), new ImportOptions { Operator = "书记员" }))
        {
            kept.Enqueue(outcome.Receipt ?? throw new InvalidOperationException($"Refused: {outcome.Refusal}"));
            if (kept.Count > keep) kept.Dequeue();
        }

        return [.. kept];
    }

    /// <summary>Publishes one listing.</summary>
    public Task<ListingReceipt> PublishOneAsync()
    {
        var row = Row();
        return _court.PublishAsync(new PublishListingRequest { Parent = row.Parent, Listing = row.Listing, RequestId = row.RequestId, Operator = "书记员" });
    }

    /// <summary>Withdraws a listing.</summary>
    public Task<ListingReceipt> WithdrawAsync(ListingReceipt listing) => _court.WithdrawAsync(new WithdrawListingRequest
    {
        Name = listing.Name,
        ExpectedVersion = listing.Version,
        RequestId = Guid.NewGuid().ToString(),
        Operator = "书记员",
        Reason = EndReason.Performed,
    });

    /// <summary>Makes subscriptions to everything, and waits until their endpoints are verified.</summary>
    /// <param name="prefix">Of their ids.</param>
    /// <param name="addresses">An endpoint for each.</param>
    /// <param name="start">Behind which change they begin.</param>
    /// <returns>Their names, in order.</returns>
    public async Task<IReadOnlyList<string>> SubscribeAsync(string prefix, IReadOnlyList<string> addresses, Cursor start)
    {
        var names = new string[addresses.Count];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, addresses.Count),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce },
            async (number, token) => names[number] = (await _department.CreateSubscriptionAsync(
                new CreateSubscriptionRequest
                {
                    Parent = Department,
                    SubscriptionId = $"{prefix}-{number:0000}",
                    Subscription = new Subscription { Webhook = new WebhookDelivery { Url = addresses[number], Secrets = { Secret } } },
                    Start = start,
                },
                token)).Subscription.Name);
        await UntilAsync(
            async () => (await ReadAsync()).Values.All(subscription => subscription.State != SubscriptionState.PendingVerification),
            "the endpoints to be verified");
        return names;
    }

    /// <summary>Each subscription as it stands.</summary>
    public async Task<IReadOnlyDictionary<string, Subscription>> ReadAsync()
    {
        Dictionary<string, Subscription> found = [];
        await foreach (var subscription in _department.ListSubscriptionsAsync(Department)) found.Add(subscription.Name, subscription);
        return found;
    }

    /// <summary>Has subscriptions delivered to from the journal's beginning once more.</summary>
    public Task ReplayAsync(IEnumerable<string> names) => ForEachAsync(
        names, name => _department.ReplaySubscriptionAsync(new ReplaySubscriptionRequest { Name = name, AfterSequence = 0 }));

    public Task PauseAsync(IEnumerable<string> names) => ForEachAsync(names, name => _department.PauseSubscriptionAsync(name));

    public Task ResumeAsync(IEnumerable<string> names) => ForEachAsync(names, name => _department.ResumeSubscriptionAsync(name));

    /// <summary>The attempts of a subscription, newest first.</summary>
    public async Task<IReadOnlyList<DeliveryAttempt>> ReadAttemptsAsync(string name, int most)
    {
        List<DeliveryAttempt> attempts = [];
        await foreach (var attempt in _department.ListDeliveryAttemptsAsync(name))
        {
            attempts.Add(attempt);
            if (attempts.Count == most) break;
        }

        return attempts;
    }

    public async Task<Cursor> ReadHeadAsync() => (await _department.GetHeadAsync()).Head;

    public async ValueTask DisposeAsync()
    {
        _court.Dispose();
        _department.Dispose();
        _courtIdentity.Dispose();
        _departmentIdentity.Dispose();
        await Server.DisposeAsync();
    }

    private static Task ForEachAsync(IEnumerable<string> names, Func<string, Task> act) => Parallel.ForEachAsync(
        names, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (name, _) => await act(name));

    // People that nobody real can be: area codes ending in 0000, courts of the region 测.
    private static string Resident(int number)
    {
        var birth = new DateOnly(1950, 1, 1).AddDays(number / 500 % 18_000);
        var digits = $"{11 + (number % 5)}0000{birth:yyyyMMdd}{(number % 500) + 1:000}";
        return digits + CheckDigits.Citizen(digits);
    }

    private static Date Day(int year, int month, int day) => new() { Year = year, Month = month, Day = day };

    private async IAsyncEnumerable<ImportRow> RowsAsync(int count)
    {
        await Task.CompletedTask;
        for (var row = 1; row <= count; row++)
        {
            var made = Row();
            made.Row = row;
            yield return made;
        }
    }

    private ImportRow Row()
    {
        var number = Interlocked.Increment(ref _published);
        return new ImportRow
        {
            RequestId = Guid.NewGuid().ToString(),
            Parent = $"courts/{Court}",
            Listing = new Listing
            {
                Subject = new Subject
                {
                    Kind = SubjectKind.Person,
                    Name = "测试卯",
                    Documents = { new IdentityDocument { Type = DocumentType.ResidentId, Number = Resident(number) } },
                },
                CaseNumber = $"（2026）{Court}执{number}号",
                FilingDate = Day(2026, 1, 5),
                Grounds = { Ground.RefusesThoughAble },
                Article3Checked = true,
                Basis = new EnforcementBasis { Type = BasisType.CivilJudgment, Number = "（2025）测0101民初9号", Maker = "测试法院" },
                Obligation = "支付货款",
                Performance = new Performance { State = PerformanceState.None },
                Decision = new Decision { Number = "决1号", Date = Day(2026, 3, 2), SignerRole = SignerRole.CourtPresident, Signer = "测试院长" },
                Origin = Origin.ExOfficio,
            },
        };
    }
}
