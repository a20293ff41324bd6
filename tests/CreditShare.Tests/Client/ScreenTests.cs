using CreditShare.Client;
using CreditShare.V1;
using Grpc.Core;
using NUnit.Framework;

namespace CreditShare.Tests.Client;

[CancelAfter(20_000)]
internal sealed class ScreenTests
{
    private const string Listed = "L";
    private const string Mismatch = "M";
    private const string Invalid = "I";

    private readonly ScriptedService _service = new();
    private readonly ScreenOptions _options = new() { Purpose = Purpose.Credit, Reference = "r", Operator = "o", BlockSubjects = 10 };

    [Test]
    public async Task Findings_come_in_the_order_of_the_subjects_though_types_travel_apart(CancellationToken cancellationToken)
    {
        _service.Stream = AnswerAllAsync;
        using var client = _service.Client();
        ScreenSubject[] subjects =
        [
            Person("a"), Company(Listed), Person(Listed), new ScreenSubject(DocumentType.Unspecified, "x", "y"), Person(Mismatch),
            Company("b"), Person(Invalid), Company(Listed),
        ];

        var blocks = await client.ScreenAsync(subjects.ToAsyncEnumerable(), _options, cancellationToken).ToListAsync(cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(blocks, Has.Count.EqualTo(1));
            Assert.That(blocks[0].NotListedCount, Is.EqualTo(2));
            Assert.That(
                blocks[0].Findings.Select(f => (f.Index, f.Verdict, f.InvalidReason, f.Subject)),
                Is.EqualTo(new[]
                {
                    (1L, Verdict.Listed, ErrorReason.Unspecified, subjects[1]),
                    (2L, Verdict.Listed, ErrorReason.Unspecified, subjects[2]),
                    (3L, Verdict.Unspecified, ErrorReason.FieldInvalid, subjects[3]),
                    (4L, Verdict.NameMismatch, ErrorReason.Unspecified, subjects[4]),
                    (6L, Verdict.Unspecified, ErrorReason.NumberCheckDigit, subjects[6]),
                    (7L, Verdict.Listed, ErrorReason.Unspecified, subjects[7]),
                }));
        }
    }

    [Test]
    public async Task Blocks_are_given_in_order_and_cover_everybody(CancellationToken cancellationToken)
    {
        _service.Stream = AnswerAllAsync;
        using var client = _service.Client();
        var subjects = Enumerable.Range(0, 95).Select(i => i % 3 == 0 ? Company(i % 7 == 0 ? Listed : "n") : Person("n"));

        var blocks = await client.ScreenAsync(subjects.ToAsyncEnumerable(), _options, cancellationToken).ToListAsync(cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(blocks.Select(b => b.FirstIndex), Is.EqualTo(Enumerable.Range(0, 10).Select(i => 10L * i)));
            Assert.That(blocks.Sum(b => b.SubjectCount), Is.EqualTo(95));
            Assert.That(
                blocks.SelectMany(b => b.Findings).Select(f => f.Index), Is.EqualTo(new long[] { 0, 21, 42, 63, 84 }));
        }
    }

    [Test]
    public async Task After_a_lost_connection_only_what_has_no_answer_is_asked_about_again(CancellationToken cancellationToken)
    {
        var asked = new List<(int Call, long Frame)>();
        _service.Stream = async (call, requests, answer) =>
        {
            await foreach (var request in requests.Cast<ScreenSubjectsRequest>())
            {
                lock (asked) asked.Add((call, request.FrameNumber));
                if (call == 1 && request.FrameNumber == 3) throw ScriptedService.ConnectionLost();
                await answer(Answer(request));
            }
        };
        using var client = _service.Client();

        var blocks = await client.ScreenAsync(People(60), _options, cancellationToken).ToListAsync(cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(blocks.Sum(b => b.NotListedCount), Is.EqualTo(60));
            Assert.That(asked.Where(a => a.Call == 1).Select(a => a.Frame), Is.EqualTo(new[] { 1L, 2, 3 }));
            Assert.That(asked.Where(a => a.Call == 2).Select(a => a.Frame), Is.EqualTo(new[] { 3L, 4, 5, 6 }));
        }
    }

    [Test]
    public async Task No_more_frames_travel_ahead_of_the_answers_than_allowed(CancellationToken cancellationToken)
    {
        var taken = 0;
        var most = 0;
        _service.Stream = async (_, requests, answer) =>
        {
            await foreach (var request in requests.Cast<ScreenSubjectsRequest>())
            {
                await answer(Answer(request));
            }
        };
        using var client = _service.Client();
        var read = 0;

        await foreach (var _ in client.ScreenAsync(Counted(), _options with { FramesInFlight = 2, BlockSubjects = 1 }, cancellationToken))
        {
            taken++;
            // Two in flight, one that waits for its place, and the one just given.
            most = Math.Max(most, Volatile.Read(ref read) - taken);
        }

        Assert.That(taken, Is.EqualTo(200));
        Assert.That(most, Is.LessThanOrEqualTo(4));

        async IAsyncEnumerable<ScreenSubject> Counted()
        {
            for (var i = 0; i < 200; i++)
            {
                await Task.Yield();
                Interlocked.Increment(ref read);
                yield return Person("n");
            }
        }
    }

    [TestCase(0, 0, 0, 9)]
    [TestCase(0, 0, 1, 11)]
    [TestCase(1, 1, 1, 10)]
    public void An_answer_that_does_not_add_up_is_a_fault_and_never_a_clearance(int hits, int first, int second, int notListed)
    {
        _service.Stream = async (_, requests, answer) =>
        {
            await foreach (var request in requests.Cast<ScreenSubjectsRequest>())
            {
                await answer(new ScreenSubjectsResponse
                {
                    FrameNumber = request.FrameNumber,
                    SubjectCount = 10,
                    NotListedCount = notListed,
                    Hits = { Enumerable.Repeat(new ScreenHit { Index = first, Listings = { new ListingReference() } }, hits) },
                    Mismatches = { Enumerable.Repeat(new ScreenMismatch { Index = second }, second) },
                });
            }
        };
        using var client = _service.Client();

        Assert.That(async () => await client.ScreenAsync(People(10), _options).ToListAsync(), Throws.TypeOf<ServerFaultException>());
    }

    [Test]
    public void One_subject_named_twice_cannot_hide_another()
    {
        _service.Stream = async (_, requests, answer) =>
        {
            await foreach (var request in requests.Cast<ScreenSubjectsRequest>())
            {
                await answer(new ScreenSubjectsResponse
                {
                    FrameNumber = request.FrameNumber,
                    SubjectCount = 10,
                    NotListedCount = 8,
                    Hits = { new ScreenHit { Index = 4 } },
                    Mismatches = { new ScreenMismatch { Index = 4 } },
                });
            }
        };
        using var client = _service.Client();

        Assert.That(async () => await client.ScreenAsync(People(10), _options).ToListAsync(), Throws.TypeOf<ServerFaultException>());
    }

    [Test]
    public void A_refusal_ends_the_screening_at_once()
    {
        _service.Stream = (_, _, _) => throw ScriptedService.Error(StatusCode.PermissionDenied, ErrorReason.PurposeNotGranted);
        using var client = _service.Client();

        Assert.That(async () => await client.ScreenAsync(People(10), _options).ToListAsync(), Throws.TypeOf<AccessDeniedException>());
        Assert.That(_service.Calls, Is.EqualTo(1));
    }

    [Test]
    public void A_service_that_never_answers_is_given_up()
    {
        _service.Stream = (_, _, _) => throw ScriptedService.Error(StatusCode.Unavailable, ErrorReason.NodeStale);
        using var client = _service.Client(maxAttempts: 4);

        Assert.That(async () => await client.ScreenAsync(People(10), _options).ToListAsync(), Throws.TypeOf<ServiceUnavailableException>());
        Assert.That(_service.Calls, Is.EqualTo(4));
    }

    [Test]
    public void A_stream_that_ends_without_its_answers_is_not_a_clearance()
    {
        _service.Stream = (_, _, _) => Task.CompletedTask;
        using var client = _service.Client();

        Assert.That(async () => await client.ScreenAsync(People(10), _options).ToListAsync(), Throws.TypeOf<ServiceUnavailableException>());
    }

    [Test]
    public void What_breaks_the_source_is_told_after_the_results_before_it()
    {
        _service.Stream = AnswerAllAsync;
        using var client = _service.Client();
        var given = 0;

        Assert.That(
            async () =>
            {
                await foreach (var block in client.ScreenAsync(Breaking(), _options))
                {
                    given += block.SubjectCount;
                }
            },
            Throws.TypeOf<FormatException>());
        Assert.That(given, Is.EqualTo(30));

        static async IAsyncEnumerable<ScreenSubject> Breaking()
        {
            for (var i = 0; i < 35; i++)
            {
                await Task.Yield();
                yield return Person("n");
            }

            throw new FormatException();
        }
    }

    [Test]
    public async Task Nobody_to_ask_about_opens_no_stream(CancellationToken cancellationToken)
    {
        using var client = _service.Client();

        var blocks = await client.ScreenAsync(People(0), _options, cancellationToken).ToListAsync(cancellationToken);

        Assert.That(blocks, Is.Empty);
        Assert.That(_service.Calls, Is.Zero);
    }

    [Test]
    public async Task Subjects_without_a_type_alone_are_reported_without_a_call(CancellationToken cancellationToken)
    {
        using var client = _service.Client();
        var subjects = Enumerable.Repeat(new ScreenSubject(DocumentType.Unspecified, "x", "y"), 25).ToAsyncEnumerable();

        var blocks = await client.ScreenAsync(subjects, _options, cancellationToken).ToListAsync(cancellationToken);

        Assert.That(blocks.Sum(b => b.Findings.Count), Is.EqualTo(25));
        Assert.That(_service.Calls, Is.Zero);
    }

    [Test]
    public async Task Text_too_long_to_travel_is_cut_so_that_it_stays_invalid(CancellationToken cancellationToken)
    {
        ScreenSubjectsRequest? sent = null;
        _service.Stream = async (_, requests, answer) =>
        {
            await foreach (var request in requests.Cast<ScreenSubjectsRequest>())
            {
                sent = request;
                await answer(Answer(request));
            }
        };
        using var client = _service.Client();
        ScreenSubject[] subjects =
        [
            new(DocumentType.ResidentId, new string('1', 100_000), "n"),
            new(DocumentType.ResidentId, "1", new string('名', 100_000)),
            new(DocumentType.ResidentId, "1", new string(' ', 1_000) + "测试甲"),
        ];

        await client.ScreenAsync(subjects.ToAsyncEnumerable(), _options, cancellationToken).ToListAsync(cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(sent!.Numbers[0], Has.Length.InRange(33, 100));
            Assert.That(Core.Numbers.SubjectName.TryParse(sent.Names[1], out _, out _), Is.False);
            Assert.That(sent.Names[2], Is.EqualTo("测试甲"));
        }
    }

    private static ScreenSubject Person(string number) => new(DocumentType.ResidentId, number, "n");

    private static ScreenSubject Company(string number) => new(DocumentType.Uscc, number, "n");

    private static IAsyncEnumerable<ScreenSubject> People(int count) => Enumerable.Repeat(Person("n"), count).ToAsyncEnumerable();

    private static async Task AnswerAllAsync(int call, IAsyncEnumerable<object> requests, Func<object, Task> answer)
    {
        await foreach (var request in requests.Cast<ScreenSubjectsRequest>())
        {
            await answer(Answer(request));
        }
    }

    /// <summary>The number says what becomes of its subject.</summary>
    private static ScreenSubjectsResponse Answer(ScreenSubjectsRequest request)
    {
        var numbers = request.Numbers.Index().ToList();
        return new ScreenSubjectsResponse
        {
            FrameNumber = request.FrameNumber,
            SubjectCount = numbers.Count,
            NotListedCount = numbers.Count(n => n.Item is not (Listed or Mismatch or Invalid)),
            Hits = { numbers.Where(n => n.Item == Listed).Select(n => new ScreenHit { Index = n.Index, ListingCount = 1 }) },
            Mismatches = { numbers.Where(n => n.Item == Mismatch).Select(n => new ScreenMismatch { Index = n.Index }) },
            Invalid =
            {
                numbers.Where(n => n.Item == Invalid).Select(n => new ScreenInvalid { Index = n.Index, Reason = ErrorReason.NumberCheckDigit }),
            },
        };
    }
}
