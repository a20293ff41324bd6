using CreditShare.Server.Transport;
using CreditShare.Tests.Listings;
using CreditShare.V1;
using NUnit.Framework;

namespace CreditShare.Tests.Lookup;

/// <summary>Many questions in one call, each answered on its own.</summary>
internal sealed class BatchCheckTests
{
    private readonly LookupWorld _world = new();

    [TearDown]
    public void Leave() => _world.Dispose();

    [Test]
    public async Task Each_question_gets_its_own_answer_or_refusal_in_its_place()
    {
        _world.Publish(Sample.Person);
        _world.Publish(Sample.Organisation);
        var wrong = LookupWorld.AboutTheMan;
        wrong.Document.Number = "110000199003072137";
        var mismatched = LookupWorld.AboutTheMan;
        mismatched.Name = "测试丙";
        var unlisted = LookupWorld.AboutTheMan;
        unlisted.Document.Number = Sample.Woman;

        var results = await RunAsync(LookupWorld.AboutTheMan, wrong, mismatched, unlisted, LookupWorld.AboutTheCompany);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(results.Select(result => result.Answer?.Verdict), Is.EqualTo(new Verdict?[]
            {
                Verdict.Listed, null, Verdict.NameMismatch, Verdict.NotListed, Verdict.Listed,
            }));
            Assert.That(results[1].Refusal.Code, Is.EqualTo((int)Google.Rpc.Code.InvalidArgument));
            Assert.That(results.Where(result => result.Answer is not null).Select(result => result.Answer.AnswerId), Is.Unique);
            Assert.That(
                _world.Store.Recorded.Select(disclosure => disclosure.AnswerId.ToString()),
                Is.EquivalentTo(new[] { results[0].Answer.AnswerId, results[2].Answer.AnswerId, results[4].Answer.AnswerId }));
            Assert.That(_world.Store.Reads, Is.EqualTo(1), "the store is asked once for all");
        }
    }

    [Test]
    public async Task A_position_that_is_not_reached_refuses_only_who_asked_for_it()
    {
        var late = LookupWorld.AboutTheMan;
        late.AtLeast = new Position { Epoch = 1, Sequence = 5 };
        var later = LookupWorld.AboutTheMan;
        later.AtLeast = new Position { Epoch = 2, Sequence = 0 };

        var running = RunAsync(later, LookupWorld.AboutTheMan, late);
        _world.Clock.Advance(TimeSpan.FromSeconds(10));
        var results = await running;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(results[1].Answer.Verdict, Is.EqualTo(Verdict.NotListed));
            Assert.That(results[0].Refusal.Code, Is.EqualTo((int)Google.Rpc.Code.DeadlineExceeded));
            Assert.That(results[2].Refusal.Code, Is.EqualTo((int)Google.Rpc.Code.DeadlineExceeded));
        }
    }

    [Test]
    public async Task What_no_longer_fits_into_the_message_is_refused_and_not_recorded()
    {
        _world.Publish(LongWinded);

        var results = await RunAsync([.. Enumerable.Repeat(LookupWorld.AboutTheMan, 1_000)]);

        var answered = results.TakeWhile(result => result.Answer is not null).Count();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(answered, Is.InRange(50, 900));
            Assert.That(
                results.Skip(answered).Select(result => result.Refusal?.Code), Is.All.EqualTo((int)Google.Rpc.Code.ResourceExhausted));
            Assert.That(_world.Store.Recorded, Has.Count.EqualTo(answered));
            Assert.That(new BatchCheckSubjectsResponse { Results = { results } }.CalculateSize(), Is.LessThan(4 << 20));
        }
    }

    [Test]
    public async Task A_single_answer_carries_and_records_as_many_listings_as_a_message_can()
    {
        for (var i = 0; i < 100; i++) _world.PublishUnseen(LongWinded);
        _world.CatchUp();

        var answer = await _world.CheckAsync(LookupWorld.AboutTheMan);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.Listings, Has.Count.InRange(10, 99));
            Assert.That(answer.CalculateSize(), Is.LessThan(2 << 20));
            Assert.That(_world.Store.Recorded.Single().Listings, Has.Length.EqualTo(answer.Listings.Count));
        }
    }

    [TestCase(0, ErrorReason.FieldRequired)]
    [TestCase(1_001, ErrorReason.FieldTooLong)]
    public void A_batch_has_one_to_a_thousand_questions(int count, ErrorReason expected) => Assert.That(
        () => RunAsync([.. Enumerable.Repeat(LookupWorld.AboutTheMan, count)]),
        Throws.TypeOf<RefusedException>().With.Property("Reason").EqualTo(expected));

    private static Core.Listings.ListingContent LongWinded =>
        Sample.Person with { Obligation = new string('债', 4_000), Conduct = new string('行', 4_000) };

    private async Task<IList<BatchCheckResult>> RunAsync(params CheckSubjectRequest[] requests) =>
        (await _world.Service.BatchCheckSubjects(new BatchCheckSubjectsRequest { Requests = { requests } }, _world.NewCall())).Results;
}
