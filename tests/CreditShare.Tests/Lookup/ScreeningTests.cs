using CreditShare.Core.Calendar;
using CreditShare.Core.Journal;
using CreditShare.Core.Numbers;
using CreditShare.Server.Journal;
using CreditShare.Server.Lookup;
using CreditShare.Server.Transport;
using CreditShare.Tests.Listings;
using CreditShare.V1;
using Google.Type;
using NUnit.Framework;
using DocumentType = CreditShare.V1.DocumentType;

namespace CreditShare.Tests.Lookup;

/// <summary>Whole lists of customers, frame by frame.</summary>
internal sealed class ScreeningTests
{
    private readonly LookupWorld _world = new();
    private readonly List<ScreenSubjectsResponse> _answers = [];

    [TearDown]
    public void Leave() => _world.Dispose();

    [Test]
    public async Task A_frame_is_answered_by_index()
    {
        var listing = _world.Publish(Sample.Person);
        var frame = Frame(Sample.Woman, Sample.Man, Sample.Man, "110000199003072137", "310000198512314564");
        frame.Names[2] = "测试丙";
        frame.Names[4] = "测\u0007";

        await _world.ScreenAsync([frame], _answers);

        var answer = _answers.Single();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.Hits.Single().Index, Is.EqualTo(1));
            Assert.That(answer.Hits.Single().ListingCount, Is.EqualTo(1));
            Assert.That(answer.Hits.Single().Listings.Single().Name, Does.EndWith(listing.Id.ToString()));
            Assert.That(answer.Hits.Single().Listings.Single().CaseNumber, Is.Not.Empty);
            Assert.That(answer.Mismatches.Single().Index, Is.EqualTo(2));
            Assert.That(answer.Mismatches.Single().CourtsToAsk.Single().Code, Is.EqualTo("测01"));
            Assert.That(answer.Invalid.Select(invalid => (invalid.Index, invalid.Reason)), Is.EqualTo(new[]
            {
                (3, ErrorReason.NumberCheckDigit), (4, ErrorReason.NameCharacter),
            }));
            Assert.That(answer.NotListedCount, Is.EqualTo(1));
            Assert.That(answer.SubjectCount, Is.EqualTo(5));
            Assert.That(answer.AsOf.Sequence, Is.EqualTo(1));
        }
    }

    [Test]
    public async Task What_a_frame_disclosed_is_one_answer_in_the_ledger()
    {
        _world.Publish(Sample.Person);
        var frame = Frame(Sample.Man, Sample.Man);
        frame.Names[1] = "测试丙";

        await _world.ScreenAsync([frame], _answers);

        var recorded = _world.Store.Recorded.Single();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(recorded.AnswerId.ToString(), Is.EqualTo(_answers.Single().AnswerId));
            Assert.That(recorded.AnswerId.Version, Is.EqualTo(7));
            Assert.That(
                recorded.Listings.Select(listing => listing.Verdict),
                Is.EqualTo(new[] { Core.Access.Verdict.Listed, Core.Access.Verdict.NameMismatch }));
        }
    }

    [Test]
    public async Task The_status_view_tells_no_case()
    {
        _world.Bank = _world.Bank with { Views = [Core.Access.View.Status] };
        _world.Publish(Sample.Person);

        await _world.ScreenAsync([Frame(Sample.Man)], _answers);

        Assert.That(_answers.Single().Hits.Single().Listings.Single().CaseNumber, Is.Empty);
    }

    [Test]
    public async Task An_answer_is_valid_no_longer_than_the_first_term_in_it()
    {
        _world.Publish(Sample.Person.WithTerm(Sample.Decided, Sample.Today));

        await _world.ScreenAsync([Frame(Sample.Man, Sample.Woman)], _answers);

        Assert.That(_answers.Single().ValidUntil.ToDateTimeOffset(), Is.EqualTo(ChinaTime.StartOf(Sample.Today.AddDays(1))));
    }

    [Test]
    public async Task Organisations_need_no_column_of_names()
    {
        _world.Publish(Sample.Organisation.WithDocuments(Sample.Document(Core.Numbers.DocumentType.OrgCode, Sample.ItsOrganisationCode)));
        var frame = Frame(Sample.SocialCreditCode);
        frame.DocumentType = DocumentType.Uscc;
        frame.Names.Clear();

        await _world.ScreenAsync([frame], _answers);

        Assert.That(_answers.Single().Hits, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Passports_come_with_countries_and_birth_dates()
    {
        _world.Publish(Sample.Person.WithDocuments(Sample.Document(Core.Numbers.DocumentType.Passport, "E12345678", "CHN")));
        var frame = Frame("E12345678", "E12345678", "E12345678", "E12345678");
        frame.DocumentType = DocumentType.Passport;
        frame.Countries.Add(["CN", "CN", "CN", "XX"]);
        frame.HolderBirthDates.Add([Day(7), Day(8), new Date(), Day(7)]);

        await _world.ScreenAsync([frame], _answers);

        var answer = _answers.Single();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.Hits.Single().Index, Is.Zero);
            Assert.That(answer.Mismatches.Single().Index, Is.EqualTo(1));
            Assert.That(answer.Invalid.Select(invalid => (invalid.Index, invalid.Reason)), Is.EqualTo(new[]
            {
                (2, ErrorReason.BirthDateRequired), (3, ErrorReason.NumberCountry),
            }));
        }
    }

    [Test]
    public async Task Later_frames_keep_what_the_first_said_and_are_answered_in_order()
    {
        _world.Publish(Sample.Person);
        var frames = Enumerable.Range(7, 40).Select(number =>
        {
            var frame = number == 7 ? Frame(Sample.Man) : new ScreenSubjectsRequest
            {
                DocumentType = DocumentType.ResidentId,
                Numbers = { Sample.Man },
                Names = { "测试甲" },
            };
            frame.FrameNumber = number;
            return frame;
        });

        await _world.ScreenAsync(frames, _answers);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(_answers.Select(answer => answer.FrameNumber), Is.EqualTo(Enumerable.Range(7, 40)));
            Assert.That(_answers.Sum(answer => answer.Hits.Count), Is.EqualTo(40));
            Assert.That(_world.Store.Recorded.Select(disclosure => disclosure.Reference), Is.All.EqualTo("筛-1"));
        }
    }

    [Test]
    public void A_wrong_frame_ends_the_call_after_the_answers_before_it()
    {
        var second = Frame(Sample.Woman);
        second.FrameNumber = 3;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                () => _world.ScreenAsync([Frame(Sample.Woman), second, Frame(Sample.Man)], _answers),
                Throws.TypeOf<RefusedException>().With.Property("Reason").EqualTo(ErrorReason.FrameOutOfOrder));
            Assert.That(_answers.Select(answer => answer.FrameNumber), Is.EqualTo(new[] { 1 }));
        }
    }

    [TestCaseSource(nameof(WrongFrames))]
    public async Task A_frame_is_refused_with_everything_that_is_wrong(ScreenSubjectsRequest frame, string[] expected)
    {
        var refused = await Assert.ThrowsAsync<RefusedException>(() => _world.ScreenAsync([frame], _answers));

        Assert.That(refused!.Violations.Select(problem => $"{problem.Field} {problem.Reason}"), Is.EquivalentTo(expected));
    }

    [Test]
    public void A_store_that_is_down_ends_the_call_and_calls_nobody_not_listed()
    {
        _world.Publish(Sample.Person);
        _world.Store.IsDown = true;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => _world.ScreenAsync([Frame(Sample.Man, Sample.Woman)], _answers), Throws.TypeOf<StoreUnavailableException>());
            Assert.That(_answers, Is.Empty);
        }
    }

    [Test]
    public void A_node_without_a_lease_screens_nobody()
    {
        _world.Node.HasLease = false;

        Assert.That(
            () => _world.ScreenAsync([Frame(Sample.Woman)], _answers),
            Throws.TypeOf<RefusedException>().With.Property("Reason").EqualTo(ErrorReason.NodeStale));
    }

    [Test]
    public async Task Screened_subjects_that_are_not_listed_are_counted()
    {
        await _world.ScreenAsync([Frame(Sample.Woman, Sample.Man)], _answers);

        await _world.Counts.WriteAsync(CancellationToken.None);

        Assert.That(_world.Store.Counted.Single().Count, Is.EqualTo(2));
    }

    [Test]
    public async Task A_document_that_a_frame_repeats_is_read_and_recorded_once()
    {
        _world.Publish(Sample.Person);
        _world.Publish(Sample.Person with { Case = Sample.Case("（2025）测01执13号") });

        await _world.ScreenAsync([Frame([.. Enumerable.Repeat(Sample.Man, 5_000)])], _answers);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(_answers.Single().Hits.Select(hit => hit.ListingCount), Has.Exactly(5_000).Items.And.All.EqualTo(2));
            Assert.That(_world.Store.DocumentsRead, Is.EqualTo(1));
            Assert.That(_world.Store.Recorded.Single().Listings, Has.Length.EqualTo(2));
        }
    }

    [Test]
    public async Task A_frame_of_listed_documents_is_read_in_small_portions()
    {
        for (var i = 0; i < 450; i++)
        {
            _world.PublishUnseen(Sample.Person.WithDocuments(Sample.Document(Core.Numbers.DocumentType.ResidentId, Number(i))));
        }

        _world.CatchUp();
        await _world.ScreenAsync([Frame([.. Enumerable.Range(0, 500).Select(Number)])], _answers);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(_answers.Single().Hits, Has.Count.EqualTo(450));
            Assert.That((_world.Store.Reads, _world.Store.LargestReading), Is.EqualTo((3, 200)));
        }
    }

    [Test]
    public async Task A_frame_of_many_listings_tells_all_hits_and_no_more_of_them_than_a_message_carries()
    {
        for (var i = 0; i < 10; i++) _world.PublishUnseen(Sample.Person);
        _world.CatchUp();

        await _world.ScreenAsync([Frame([.. Enumerable.Repeat(Sample.Man, 5_000)])], _answers);

        var answer = _answers.Single();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.Hits.Select(hit => hit.ListingCount), Has.Exactly(5_000).Items.And.All.EqualTo(10));
            Assert.That(answer.Hits[0].Listings, Has.Count.EqualTo(10));
            Assert.That(answer.Hits[^1].Listings, Is.Empty);
            Assert.That(answer.CalculateSize(), Is.LessThan(4 << 20));
        }
    }

    [Test]
    public async Task Only_a_few_large_readings_run_at_once_and_a_check_waits_for_none_of_them()
    {
        var release = new TaskCompletionSource();
        _world.Store.Release = release.Task;
        var one = Sample.Document(Core.Numbers.DocumentType.ResidentId, Sample.Man).Number;
        WantedRecord[] many =
        [
            .. Enumerable.Range(0, 100).Select(i => new WantedRecord(Sample.Document(Core.Numbers.DocumentType.ResidentId, Number(i)).Number, 0)),
        ];

        var large = Enumerable.Range(0, 10).Select(_ => ReadAsync(many)).ToList();
        var underWay = _world.Store.Reads;
        var small = ReadAsync([new WantedRecord(one, 0)]);
        var withTheCheck = _world.Store.Reads;
        release.SetResult();
        await Task.WhenAll([.. large, small]);

        Assert.That((underWay, withTheCheck, _world.Store.Reads), Is.EqualTo((4, 5, 11)));

        Task<IReadOnlyList<DocumentRecord>> ReadAsync(WantedRecord[] wanted) =>
            _world.Records.ReadAsync(wanted, new JournalPosition(1, 0), CancellationToken.None);
    }

    [Test]
    public async Task A_full_frame_is_screened_whole()
    {
        _world.Publish(Sample.Person.WithDocuments(Sample.Document(Core.Numbers.DocumentType.ResidentId, Number(4_321))));

        await _world.ScreenAsync([Frame([.. Enumerable.Range(0, 5_000).Select(Number)])], _answers);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(_answers.Single().Hits.Single().Index, Is.EqualTo(4_321));
            Assert.That(_answers.Single().NotListedCount, Is.EqualTo(4_999));
        }
    }

    private static IEnumerable<TestCaseData> WrongFrames()
    {
        yield return Case("An_empty_frame", _ => new ScreenSubjectsRequest(), "document_type FieldRequired", "numbers FieldRequired", "purpose FieldRequired", "reference FieldRequired", "operator FieldRequired");
        yield return Case("More_than_5000_subjects", _ => Frame([.. Enumerable.Repeat(Sample.Man, 5_001)]), "numbers FieldTooLong");
        yield return Case("Fewer_names_than_numbers", frame => Change(frame, f => f.Names.RemoveAt(0)), "names FieldInvalid");
        yield return Case("Persons_without_names", frame => Change(frame, f => f.Names.Clear()), "names FieldRequired");
        yield return Case("An_unknown_type", frame => Change(frame, f => f.DocumentType = (DocumentType)99), "document_type FieldInvalid");
        yield return Case("Countries_without_passports", frame => Change(frame, f => f.Countries.Add("CN")), "countries NumberCountry");
        yield return Case(
            "Passports_without_their_columns",
            frame => Change(frame, f => f.DocumentType = DocumentType.Passport),
            "countries FieldInvalid",
            "holder_birth_dates BirthDateRequired");
        yield return Case("A_purpose_that_was_not_granted", frame => Change(frame, f => f.Purpose = Purpose.Bidding), "purpose PurposeNotGranted");
    }

    private static TestCaseData Case(string name, Func<ScreenSubjectsRequest, ScreenSubjectsRequest> make, params string[] expected) =>
        new TestCaseData(make(Frame(Sample.Man, Sample.Woman)), expected).SetName(name);

    private static ScreenSubjectsRequest Change(ScreenSubjectsRequest frame, Action<ScreenSubjectsRequest> change)
    {
        change(frame);
        return frame;
    }

    private static ScreenSubjectsRequest Frame(params string[] numbers) => new()
    {
        DocumentType = DocumentType.ResidentId,
        Numbers = { numbers },
        Names = { Enumerable.Repeat("测试甲", numbers.Length) },
        FrameNumber = 1,
        Purpose = Purpose.Credit,
        Reference = "筛-1",
        Operator = "柜员7",
    };

    private static Date Day(int day) => new() { Year = 1990, Month = 3, Day = day };

    private static string Number(int i)
    {
        var body = $"1100001990{1 + (i % 9):00}{1 + (i / 9 % 28):00}{i / 252:000}";
        return body + CheckDigits.Citizen(body);
    }
}
