using CreditShare.Server.Push;
using CreditShare.V1;
using NUnit.Framework;
using DeliveryOutcome = CreditShare.Core.Push.DeliveryOutcome;

namespace CreditShare.Tests.Push;

internal sealed class AnswerReadingTests
{
    [TestCase(20, 15, DeliveryOutcome.Accepted, 20, 15)]
    [TestCase(20, 99, DeliveryOutcome.Accepted, 20, 20)]
    [TestCase(99, 99, DeliveryOutcome.Accepted, 20, 20)]
    [TestCase(15, 12, DeliveryOutcome.PartlyAccepted, 15, 12)]
    [TestCase(10, 10, DeliveryOutcome.PartlyAccepted, 10, 10)]
    [TestCase(9, 9, DeliveryOutcome.Refused, 0, 0)]
    [TestCase(-1, 0, DeliveryOutcome.Refused, 0, 0)]
    [TestCase(20, -1, DeliveryOutcome.Refused, 0, 0)]
    public void An_answer_counts_within_the_range_that_was_sent(
        long accepted, long applied, DeliveryOutcome outcome, long countedAccepted, long countedApplied)
    {
        var answer = Read(new ReceiveChangesResponse { AcceptedSequence = accepted, AppliedSequence = applied });

        Assert.That((answer.Outcome, answer.Accepted, answer.Applied), Is.EqualTo((outcome, countedAccepted, countedApplied)));
    }

    [Test]
    public void A_receiver_that_lost_something_says_where_to_begin()
    {
        var answer = Read(new ReceiveChangesResponse { AcceptedSequence = 4, Expected = new Cursor { Epoch = 1, Sequence = 4 } });

        Assert.That((answer.Outcome, answer.Expected!.Sequence, answer.IsFailure), Is.EqualTo((DeliveryOutcome.OutOfOrder, 4L, false)));
    }

    [Test]
    public void A_rejection_counts_only_for_a_change_that_was_sent_and_accepted()
    {
        var answer = Read(new ReceiveChangesResponse
        {
            AcceptedSequence = 15,
            Rejections = { Rejected(12), Rejected(12), Rejected(18), Rejected(77) },
        });

        Assert.That(answer.Rejections.Select(rejection => rejection.Sequence), Is.EqualTo(new[] { 12L }));
        Assert.That(answer.Outcome, Is.EqualTo(DeliveryOutcome.PartlyAccepted));
    }

    [Test]
    public void No_body_is_no_answer() => Assert.That(
        AnswerReading.Read(Request(), DeliveryAnswer.Refused("204", "No answer.")).Outcome, Is.EqualTo(DeliveryOutcome.Refused));

    [TestCase("c-1", DeliveryOutcome.Accepted)]
    [TestCase("", DeliveryOutcome.Refused)]
    [TestCase("c-2", DeliveryOutcome.Refused)]
    public void An_endpoint_is_verified_by_the_challenge_alone(string repeated, DeliveryOutcome outcome)
    {
        var request = new ReceiveChangesRequest { Purpose = DeliveryPurpose.Verification, Challenge = "c-1" };

        Assert.That(AnswerReading.Read(request, Answered(new ReceiveChangesResponse { Challenge = repeated })).Outcome, Is.EqualTo(outcome));
    }

    [Test]
    public void A_purge_is_done_when_the_receiver_says_so([Values] bool purged) => Assert.That(
        AnswerReading.Read(new ReceiveChangesRequest { Purpose = DeliveryPurpose.Purge }, Answered(new ReceiveChangesResponse { Purged = purged })).IsFailure,
        Is.EqualTo(!purged));

    private static DeliveryAnswer Read(ReceiveChangesResponse response) => AnswerReading.Read(Request(), Answered(response));

    private static DeliveryAnswer Answered(ReceiveChangesResponse response) =>
        new() { Outcome = DeliveryOutcome.Accepted, Status = "200", Response = response };

    private static Rejection Rejected(long sequence) => new() { Sequence = sequence, Reason = "No such court." };

    private static ReceiveChangesRequest Request() => new()
    {
        Purpose = DeliveryPurpose.Changes,
        FromSequence = 10,
        ToSequence = 20,
        Changes = { new Change { Sequence = 12 }, new Change { Sequence = 18 } },
    };
}
