using CreditShare.Client;
using CreditShare.V1;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using NUnit.Framework;

namespace CreditShare.Tests.Client;

[CancelAfter(20_000)]
internal sealed class ImportTests
{
    private readonly ScriptedService _service = new();
    private readonly ImportOptions _options = new() { Operator = "o" };

    [Test]
    public async Task Rows_are_answered_in_order_each_on_its_own(CancellationToken cancellationToken)
    {
        _service.Stream = AnswerAllAsync;
        using var client = _service.Client();

        var outcomes = await client.ImportAsync(Rows(1_234), _options, cancellationToken).ToListAsync(cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(outcomes.Select(o => o.Row.Row), Is.EqualTo(Enumerable.Range(1, 1_234).Select(i => (long)i)));
            Assert.That(outcomes.Where(o => o.Refusal is not null).Select(o => o.Row.Row), Is.EqualTo(new[] { 500L, 1_000 }));
            Assert.That(outcomes[499].Refusal!.Reason, Is.EqualTo(ErrorReason.AlreadyListed));
        }
    }

    [Test]
    public async Task Frames_hold_at_most_500_rows_and_2000_rows_are_in_flight(CancellationToken cancellationToken)
    {
        var sizes = new List<int>();
        var open = new TaskCompletionSource();
        _service.Stream = async (_, requests, answer) =>
        {
            var held = new List<ImportListingsRequest>();
            await foreach (var request in requests.Cast<ImportListingsRequest>())
            {
                sizes.Add(request.Rows.Count);
                held.Add(request);
                if (held.Sum(h => h.Rows.Count) == ImportOptions.MaxRowsInFlight) open.TrySetResult();
                if (!open.Task.IsCompleted) continue;

                foreach (var frame in held)
                {
                    await answer(Answer(frame));
                }

                held.Clear();
            }
        };
        using var client = _service.Client();

        var outcomes = await client.ImportAsync(Rows(4_000), _options, cancellationToken).ToListAsync(cancellationToken);

        Assert.That(outcomes, Has.Count.EqualTo(4_000));
        Assert.That(sizes, Has.All.LessThanOrEqualTo(500));
    }

    [Test]
    public async Task Long_rows_travel_in_smaller_frames(CancellationToken cancellationToken)
    {
        var largest = 0;
        _service.Stream = async (_, requests, answer) =>
        {
            await foreach (var request in requests.Cast<ImportListingsRequest>())
            {
                largest = Math.Max(largest, request.CalculateSize());
                await answer(Answer(request));
            }
        };
        using var client = _service.Client();
        var rows = Enumerable.Range(1, 500)
            .Select(i => new ImportRow { Row = i, Listing = new Listing { Obligation = new string('债', 4_000), Conduct = new string('行', 4_000) } });

        var outcomes = await client.ImportAsync(rows.ToAsyncEnumerable(), _options, cancellationToken).ToListAsync(cancellationToken);

        Assert.That(outcomes, Has.Count.EqualTo(500));
        Assert.That(largest, Is.LessThan(4 * 1024 * 1024));
    }

    [Test]
    public async Task Unanswered_rows_are_sent_again_with_the_same_request_ids(CancellationToken cancellationToken)
    {
        var sent = new List<(int Call, string Id)>();
        _service.Stream = async (call, requests, answer) =>
        {
            var frames = 0;
            await foreach (var request in requests.Cast<ImportListingsRequest>())
            {
                lock (sent) sent.AddRange(request.Rows.Select(r => (call, r.RequestId)));
                if (call == 1 && ++frames == 2) throw ScriptedService.ConnectionLost();
                await answer(Answer(request));
            }
        };
        using var client = _service.Client();

        var outcomes = await client.ImportAsync(Rows(1_500), _options, cancellationToken).ToListAsync(cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(outcomes.Select(o => o.Row.Row), Is.EqualTo(Enumerable.Range(1, 1_500).Select(i => (long)i)));
            Assert.That(sent.Where(s => s.Call == 2).Select(s => s.Id).First(), Is.EqualTo("id-501"));
            Assert.That(sent.Select(s => s.Id).Distinct().ToList(), Has.Count.EqualTo(1_500));
        }
    }

    [Test]
    public void An_answer_of_other_rows_is_a_fault()
    {
        _service.Stream = async (_, requests, answer) =>
        {
            await foreach (var request in requests.Cast<ImportListingsRequest>())
            {
                var response = Answer(request);
                response.Results[0].Row = 77;
                await answer(response);
            }
        };
        using var client = _service.Client();

        Assert.That(async () => await client.ImportAsync(Rows(3), _options).ToListAsync(), Throws.TypeOf<ServerFaultException>());
    }

    [Test]
    public async Task Checking_only_is_said_to_the_service(CancellationToken cancellationToken)
    {
        var modes = new List<bool>();
        _service.Stream = async (_, requests, answer) =>
        {
            await foreach (var request in requests.Cast<ImportListingsRequest>())
            {
                modes.Add(request.ValidateOnly);
                await answer(Answer(request));
            }
        };
        using var client = _service.Client();

        await client.ImportAsync(Rows(3), _options with { Mode = ImportMode.CheckOnly }, cancellationToken).ToListAsync(cancellationToken);
        await client.ImportAsync(Rows(3), _options, cancellationToken).ToListAsync(cancellationToken);

        Assert.That(modes, Is.EqualTo(new[] { true, false }));
    }

    private static IAsyncEnumerable<ImportRow> Rows(int count) =>
        Enumerable.Range(1, count).Select(i => new ImportRow { Row = i, RequestId = $"id-{i}", Listing = new Listing() }).ToAsyncEnumerable();

    private static async Task AnswerAllAsync(int call, IAsyncEnumerable<object> requests, Func<object, Task> answer)
    {
        await foreach (var request in requests.Cast<ImportListingsRequest>())
        {
            await answer(Answer(request));
        }
    }

    /// <summary>Refuses every 500th row.</summary>
    private static ImportListingsResponse Answer(ImportListingsRequest request) => new()
    {
        Results =
        {
            request.Rows.Select(row => row.Row % 500 == 0
                ? new ImportRowResult { Row = row.Row, Refusal = Refused() }
                : new ImportRowResult { Row = row.Row, Receipt = new ListingReceipt { Version = 1 } }),
        },
    };

    private static Google.Rpc.Status Refused() => new()
    {
        Code = (int)StatusCode.AlreadyExists,
        Details = { Any.Pack(new ErrorInfo { Reason = "ALREADY_LISTED", Domain = "creditshare" }) },
    };
}
