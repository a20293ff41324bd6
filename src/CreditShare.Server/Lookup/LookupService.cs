using System.Globalization;
using CreditShare.Core.Calendar;
using CreditShare.Core.Journal;
using CreditShare.Server.Access;
using CreditShare.Server.Transport;
using CreditShare.V1;
using Grpc.Core;

namespace CreditShare.Server.Lookup;

/// <summary>The banks' service: each method reads, authorises, looks up, answers. Screening is <see cref="ScreeningCall"/>.</summary>
[BindServiceMethod(typeof(ScreeningMethod), nameof(ScreeningMethod.BindOthers))]
internal sealed class LookupService(
    SubjectLookup lookup, CandidateSearch candidates, IStore store, CourtDirectory courts, LookupMetrics metrics, TimeProvider clock)
    : V1.LookupService.LookupServiceBase
{
    /// <summary>The most questions of a batch.</summary>
    private const int MaxBatch = 1_000;

    /// <summary>Bytes of the answers of a batch: with the refusals of the others, below the largest message.</summary>
    private const int MaxBatchBytes = 3 << 20;

    /// <inheritdoc/>
    /// <remarks>The common question with the common answer does not come so far: <see cref="CommonCheck"/> has answered it.</remarks>
    public override async Task<CheckSubjectResponse> CheckSubject(CheckSubjectRequest request, ServerCallContext context)
    {
        var started = metrics.TimesChecks ? clock.GetTimestamp() : 0;
        var problems = new Problems();
        var check = QueryMapping.ReadCheck(request, context.Caller, clock.Today(), problems);
        problems.ThrowIfAny();
        context.Caller.Spend(1);

        if (check.AtLeast is { } wanted && !await lookup.ReachAsync(wanted, context.Deadline, context.CancellationToken))
        {
            throw new RefusedException(ErrorReason.PositionNotReached);
        }

        CheckSubjectResponse? response = null;
        await lookup.AnswerAsync([(check.Query, check.Inquiry)], Shape, context.CancellationToken);
        if (started != 0) metrics.CheckTook(clock.GetElapsedTime(started));
        return response!;

        SubjectAnswer Shape(int place, SubjectAnswer answer)
        {
            (answer, response) = answer.Fit(check.View, courts);
            return answer;
        }
    }

    public override async Task<BatchCheckSubjectsResponse> BatchCheckSubjects(BatchCheckSubjectsRequest request, ServerCallContext context)
    {
        var problems = new Problems();
        if (request.Requests.Count == 0) problems.Add("requests", ErrorReason.FieldRequired);
        if (request.Requests.Count > MaxBatch) problems.Add("requests", ErrorReason.FieldTooLong, $"At most {MaxBatch}.");
        problems.ThrowIfAny();
        context.Caller.Spend(request.Requests.Count);

        var results = new BatchCheckResult[request.Requests.Count];
        var checks = new List<(int Place, SubjectCheck Check)>(results.Length);
        for (var i = 0; i < results.Length; i++)
        {
            var found = new Problems();
            var check = QueryMapping.ReadCheck(request.Requests[i], context.Caller, clock.Today(), found);
            if (found.IsEmpty) checks.Add((i, check));
            else results[i] = Refuse(found.ToRefused());
        }

        checks = await WaitForPositionsAsync(checks, results, context);
        await AnswerBatchAsync(checks, results, context.CancellationToken);
        return new BatchCheckSubjectsResponse { Results = { results } };
    }

    public override async Task<GetAnswerResponse> GetAnswer(GetAnswerRequest request, ServerCallContext context)
    {
        var problems = new Problems();
        if (request.AnswerId.Length == 0) problems.Add("answer_id", ErrorReason.FieldRequired);
        else if (!Guid.TryParseExact(request.AnswerId, "D", out _)) problems.Add("answer_id", ErrorReason.NameForm, "A UUID with hyphens.");
        var size = request.PageSize == 0 ? PageToken.MaxPageSize : PageToken.ReadSize(request.PageSize, problems);
        var list = $"answer {request.AnswerId}";
        var from = 0;
        if (PageToken.TryRead(request.PageToken, list, problems, out var place)
            && !int.TryParse(place, NumberStyles.None, CultureInfo.InvariantCulture, out from))
        {
            problems.Add("page_token", ErrorReason.PageTokenInvalid);
        }

        problems.ThrowIfAny();

        var disclosure = await store.Disclosures.FindAsync(
            context.Caller.Id, Guid.ParseExact(request.AnswerId, "D"), context.CancellationToken)
            ?? throw new RefusedException(ErrorReason.AnswerNotFound);
        return disclosure.ToProto(from, size, next => PageToken.Of(list, next));
    }

    public override Task<FindCandidatesResponse> FindCandidates(FindCandidatesRequest request, ServerCallContext context) =>
        candidates.RunAsync(request, context.Caller, context.CancellationToken);

    // What no longer fits into the message is refused before it is recorded, so that nobody counts as told of what could not be sent.
    private async Task AnswerBatchAsync(
        List<(int Place, SubjectCheck Check)> checks, BatchCheckResult[] results, CancellationToken cancellationToken)
    {
        var bytes = 0;
        await lookup.AnswerAsync([.. checks.Select(item => (item.Check.Query, item.Check.Inquiry))], Shape, cancellationToken);

        SubjectAnswer? Shape(int i, SubjectAnswer answer)
        {
            (answer, var response) = answer.Fit(checks[i].Check.View, courts);
            var size = response.CalculateSize();
            if (bytes + size > MaxBatchBytes)
            {
                results[checks[i].Place] = Refuse(new RefusedException(ErrorReason.MessageTooLarge));
                return null;
            }

            bytes += size;
            results[checks[i].Place] = new BatchCheckResult { Answer = response };
            return answer;
        }
    }

    // In the order of the positions, so that the first that is not reached in time settles all behind it and the patience is spent once.
    private async Task<List<(int Place, SubjectCheck Check)>> WaitForPositionsAsync(
        List<(int Place, SubjectCheck Check)> checks, BatchCheckResult[] results, ServerCallContext context)
    {
        var late = false;
        var inOrder = checks.Where(item => item.Check.AtLeast is not null)
            .OrderBy(item => item.Check.AtLeast!.Value.Epoch).ThenBy(item => item.Check.AtLeast!.Value.Sequence);
        foreach (var (place, check) in inOrder)
        {
            late = late || !await lookup.ReachAsync(check.AtLeast!.Value, context.Deadline, context.CancellationToken);
            if (late) results[place] = Refuse(new RefusedException(ErrorReason.PositionNotReached));
        }

        return late ? checks.FindAll(item => results[item.Place] is null) : checks;
    }

    private static BatchCheckResult Refuse(RefusedException refused) => new() { Refusal = StatusMapping.ToStatus(refused) };
}
