using System.Collections.Immutable;
using CreditShare.V1;
using DeliveryOutcome = CreditShare.Core.Push.DeliveryOutcome;
using DeliveryPurpose = CreditShare.V1.DeliveryPurpose;

namespace CreditShare.Server.Push;

/// <summary>Holds an answer against the message that it answers. Whatever is no valid answer is a failure, and moves nothing.</summary>
internal static class AnswerReading
{
    /// <summary>Reads an answer that came with a body.</summary>
    /// <param name="request">What was sent.</param>
    /// <param name="answer">What came back; without a body it stays as it is.</param>
    public static DeliveryAnswer Read(ReceiveChangesRequest request, DeliveryAnswer answer)
    {
        if (answer.Response is not { } response) return answer;

        return request.Purpose switch
        {
            DeliveryPurpose.Changes => ReadChanges(request, response, answer),
            DeliveryPurpose.Verification when response.Challenge != request.Challenge => Not(answer, "The answer does not repeat the challenge."),
            DeliveryPurpose.Purge when !response.Purged => Not(answer, "The receiver has not purged yet."),
            _ => answer with { Outcome = DeliveryOutcome.Accepted },
        };
    }

    private static DeliveryAnswer ReadChanges(ReceiveChangesRequest request, ReceiveChangesResponse response, DeliveryAnswer answer)
    {
        if (response.AcceptedSequence < 0 || response.AppliedSequence < 0) return Not(answer, "A number in the answer is below 0.");

        // A receiver that has more than it was sent had the frame before.
        if (response.Expected is { } expected && expected.Sequence < request.FromSequence)
        {
            if (expected.Sequence < 0 || expected.Hash.Length is not (0 or 32)) return Not(answer, "The expected cursor is none.");
            return answer with
            {
                Outcome = DeliveryOutcome.OutOfOrder,
                Expected = expected,
                Error = $"The receiver expects what follows {expected.Epoch}:{expected.Sequence}.",
                Accepted = expected.Sequence,
                Applied = Math.Min(response.AppliedSequence, expected.Sequence),
            };
        }

        var said = response.Expected is { } ahead ? Math.Max(ahead.Sequence, response.AcceptedSequence) : response.AcceptedSequence;
        if (said < request.FromSequence) return Not(answer, $"The answer accepts up to {said}, which is before the message's beginning.");

        var accepted = Math.Min(said, request.ToSequence);
        var rejections = RejectionsOf(request, response, accepted);
        return answer with
        {
            Outcome = accepted == request.ToSequence && rejections.IsEmpty ? DeliveryOutcome.Accepted : DeliveryOutcome.PartlyAccepted,
            Accepted = accepted,
            Applied = Math.Min(response.AppliedSequence, accepted),
            Rejections = rejections,
            Error = (accepted < request.ToSequence, rejections) switch
            {
                (_, [var first, ..]) => Excerpt.Of($"{rejections.Length} rejected, the first {first.Sequence}: {first.Reason}"),
                (true, _) => $"Accepted up to {accepted} only.",
                _ => "",
            },
        };
    }

    /// <summary>Those that name a change of the message among the accepted ones; of the others nothing is known.</summary>
    private static ImmutableArray<Rejection> RejectionsOf(ReceiveChangesRequest request, ReceiveChangesResponse response, long accepted)
    {
        if (response.Rejections.Count == 0) return [];

        var sent = request.Changes.Select(change => change.Sequence).Where(sequence => sequence <= accepted).ToHashSet();
        return [.. response.Rejections.Where(rejection => sent.Remove(rejection.Sequence))];
    }

    private static DeliveryAnswer Not(DeliveryAnswer answer, string error) =>
        answer with { Outcome = DeliveryOutcome.Refused, Error = error, Response = null };
}
