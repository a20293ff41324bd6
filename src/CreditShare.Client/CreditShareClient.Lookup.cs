using CreditShare.V1;

namespace CreditShare.Client;

/// <content>What banks ask.</content>
public sealed partial class CreditShareClient
{
    /// <summary>Subjects in one call of <see cref="CheckManyAsync"/> to the service; more are asked in several calls.</summary>
    public const int MaxChecksInCall = 1_000;

    /// <summary>Asks about one subject.</summary>
    /// <returns>The verdict. Everything that is no verdict is an exception: doubt is never NOT_LISTED.</returns>
    public Task<CheckSubjectResponse> CheckAsync(CheckSubjectRequest request, CancellationToken cancellationToken = default) =>
        SendAsync(_lookup.CheckSubjectAsync, request, cancellationToken);

    /// <summary>Asks about several subjects, each answered on its own; calls of <see cref="MaxChecksInCall"/>, one after the other.</summary>
    /// <returns>The outcomes, in the order of the queries. If a call fails, all fails: ask again.</returns>
    public async Task<IReadOnlyList<CheckOutcome>> CheckManyAsync(
        IEnumerable<CheckSubjectRequest> requests, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(requests);
        var outcomes = new List<CheckOutcome>();
        foreach (var chunk in requests.Chunk(MaxChecksInCall))
        {
            var batch = new BatchCheckSubjectsRequest { Requests = { chunk } };
            var response = await SendAsync(_lookup.BatchCheckSubjectsAsync, batch, cancellationToken).ConfigureAwait(false);
            if (response.Results.Count != chunk.Length)
            {
                throw new ServerFaultException($"{chunk.Length} subjects were asked about, {response.Results.Count} answered.");
            }

            outcomes.AddRange(response.Results.Select(ToOutcome));
        }

        return outcomes;
    }

    /// <summary>Reads an earlier answer of the caller that disclosed something, all of it.</summary>
    /// <exception cref="NotFoundException">There is none of that id, or it said NOT_LISTED, which is not kept.</exception>
    public async Task<GetAnswerResponse> GetAnswerAsync(string answerId, CancellationToken cancellationToken = default)
    {
        var request = new GetAnswerRequest { AnswerId = answerId };
        var answer = await SendAsync(_lookup.GetAnswerAsync, request, cancellationToken).ConfigureAwait(false);
        while (answer.NextPageToken.Length > 0)
        {
            request.PageToken = answer.NextPageToken;
            var page = await SendAsync(_lookup.GetAnswerAsync, request, cancellationToken).ConfigureAwait(false);
            answer.Disclosed.Add(page.Disclosed);
            answer.NextPageToken = page.NextPageToken;
        }

        return answer;
    }

    /// <summary>Finds up to 20 listed persons or organisations by exact normalised name, masked. It never decides.</summary>
    public Task<FindCandidatesResponse> FindCandidatesAsync(
        FindCandidatesRequest request, CancellationToken cancellationToken = default) =>
        SendAsync(_lookup.FindCandidatesAsync, request, cancellationToken);

    private static CheckOutcome ToOutcome(BatchCheckResult result) => result.OutcomeCase switch
    {
        BatchCheckResult.OutcomeOneofCase.Answer => new CheckOutcome(result.Answer, Refusal: null),
        BatchCheckResult.OutcomeOneofCase.Refusal => new CheckOutcome(Answer: null, Refusal.From(result.Refusal)),
        BatchCheckResult.OutcomeOneofCase.None => throw new ServerFaultException("A query was neither answered nor refused."),
    };
}
