using System.Collections.Immutable;
using CreditShare.Core.Access;
using CreditShare.Core.Calendar;
using CreditShare.Core.Journal;
using CreditShare.Core.Numbers;
using CreditShare.Server.Journal;
using CreditShare.Server.Transport;
using CreditShare.V1;
using Microsoft.Extensions.Options;
using Purpose = CreditShare.Core.Access.Purpose;
using Verdict = CreditShare.Core.Access.Verdict;

namespace CreditShare.Server.Lookup;

/// <summary>
/// Answers whether a subject is listed: the index decides, Redis describes, the store is the truth. The steps, which the bodies number:
/// 1. The node's lease holds. 2. The position is taken, before the probe. 3. The index is probed for the document and its equivalents.
/// 4. Absent: NOT_LISTED, as of that position. 5. Present: the records are read. 6. They are judged, on the day it is then. 7. The lease
/// still holds, in the same life of the journal. 8. What is disclosed is recorded. 9. The answer leaves.
/// </summary>
/// <remarks>
/// Step 1 before step 2 makes withdrawals hold: a lookup that starts after a withdrawal was acknowledged finds the lease either valid, and then the
/// node has applied the withdrawal, or not, and then it does not answer. Checking the lease only at the end would not do: a node
/// that was suspended could probe its old index, get its lease back meanwhile, and answer. Step 7 keeps an answer from straddling a
/// change of history, whose sequences mean something else.
/// </remarks>
internal sealed class SubjectLookup(
    DocumentIndex index,
    DocumentRecords records,
    IStore store,
    INodePosition position,
    NotListedCounts counts,
    LookupMetrics metrics,
    IOptions<LookupOptions> options,
    TimeProvider clock)
{
    /// <summary>Listings of one document that the store gives at most.</summary>
    private const int MaxListings = 100;

    /// <summary>What a call needs after the wait for its position: to answer that it was not reached.</summary>
    private static readonly TimeSpan DeadlineMargin = TimeSpan.FromMilliseconds(100);

    /// <summary>The way of the common question: answers that nobody is listed under the document, and nothing else.</summary>
    /// <param name="key">The document's key, as <see cref="CanonicalNumber"/> wrote it.</param>
    /// <param name="partner">Who asks, for the count.</param>
    /// <param name="purpose">Why.</param>
    /// <param name="times">How fresh the answer is.</param>
    /// <returns><see langword="false"/> if the index knows the document, the lease does not hold, or the journal began a new life meanwhile: then ask
    /// <see cref="AnswerAsync"/>, which looks again and says which.</returns>
    /// <remarks>Reads neither Redis nor the store, waits for nothing and allocates nothing.</remarks>
    public bool TryAnswerAbsent(ReadOnlySpan<byte> key, PartnerId partner, Purpose purpose, out AnswerTimes times)
    {
        times = default;
        if (!position.IsFresh) return false;                                         // Step 1.
        var asOf = position.Applied;                                                 // Step 2.
        if (!index.Probe(index.DecidingFingerprintOf(key)).IsAbsent) return false;   // Step 3.

        // The answer's time is one at which the lease was still to hold: read after the last look, it could be any time later.
        var now = clock.GetUtcNow();
        if (!position.IsFresh || position.Applied.Epoch != asOf.Epoch) return false; // Step 7.

        times = new AnswerTimes(asOf, now, now + options.Value.AnswerValidity);
        counts.Add(partner, purpose, ChinaTime.DateOf(now), 1);
        metrics.Checked(Verdict.NotListed);
        return true;                                                                 // Steps 4 and 9.
    }

    /// <summary>A glance, which decides nothing: whether <see cref="TryAnswerAbsent"/> is worth the trying.</summary>
    public bool SeemsAbsent(ReadOnlySpan<byte> key) => position.IsFresh && index.Probe(index.DecidingFingerprintOf(key)).IsAbsent;

    /// <summary>Waits until the node has applied a position.</summary>
    /// <param name="wanted">The position.</param>
    /// <param name="deadline">The call's deadline, in UTC; the greatest value for none.</param>
    /// <param name="cancellationToken">The call's.</param>
    /// <returns>Whether it was reached in time.</returns>
    public async Task<bool> ReachAsync(JournalPosition wanted, DateTime deadline, CancellationToken cancellationToken)
    {
        if (position.Applied.Covers(wanted)) return true;

        var left = deadline == DateTime.MaxValue ? TimeSpan.MaxValue : deadline - clock.GetUtcNow().UtcDateTime - DeadlineMargin;
        var patience = left < options.Value.PositionPatience ? left : options.Value.PositionPatience;
        if (patience <= TimeSpan.Zero) return false;

        using var limit = new CancellationTokenSource(patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        await position.WaitForAsync(wanted, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        return position.Applied.Covers(wanted);
    }

    /// <summary>Answers questions together; each answer is recorded by itself.</summary>
    /// <param name="questions">The questions.</param>
    /// <param name="shape">Called for each answer in order, with its place, before anything is recorded: gives it as it will be sent, with fewer
    /// listings if need be; null for one that is not sent. Nothing else of it is disclosed.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The answers, in the order of the questions; null where the shape said so.</returns>
    /// <exception cref="RefusedException">NODE_STALE.</exception>
    /// <exception cref="StoreUnavailableException">The store was needed and could not be reached; nobody is called NOT_LISTED for that.</exception>
    public async Task<IReadOnlyList<SubjectAnswer?>> AnswerAsync(
        IReadOnlyList<(SubjectQuery Query, Inquiry Inquiry)> questions,
        Func<int, SubjectAnswer, SubjectAnswer?> shape,
        CancellationToken cancellationToken)
    {
        position.EnsureFresh();                                                      // Step 1.
        var asOf = position.Applied;                                                 // Step 2.
        var (judgements, now) = await JudgeAsync([.. questions.Select(question => question.Query)], asOf, cancellationToken);

        var answers = new SubjectAnswer?[judgements.Length];
        for (var i = 0; i < answers.Length; i++)
        {
            answers[i] = shape(i, new SubjectAnswer(AnswerIds.Next(now), judgements[i], TimesOf(asOf, now, judgements[i].FirstLastDay)));
        }

        await Task.WhenAll(answers                                                   // Step 8.
            .Select((answer, i) => (Answer: answer, questions[i].Inquiry, questions[i].Query))
            .Where(answered => answered.Answer is not null && answered.Answer.Judgement.Verdict != Verdict.NotListed)
            .Select(answered => RecordAsync(
                answered.Inquiry, answered.Answer!.Id, answered.Answer.Times, Disclosed(answered.Query, answered.Answer.Judgement), cancellationToken)));

        for (var i = 0; i < answers.Length; i++)
        {
            if (answers[i] is not { } answer) continue;

            var verdict = answer.Judgement.Verdict;
            metrics.Checked(verdict);
            if (verdict != Verdict.NotListed) continue;

            counts.Add(questions[i].Inquiry.Partner, questions[i].Inquiry.Purpose, ChinaTime.DateOf(now), 1);
        }

        return answers;                                                              // Step 9.
    }

    /// <summary>Judges subjects, as of a position that was taken before: steps 3 to 7.</summary>
    /// <returns>A judgement each, and when they were made.</returns>
    public async Task<(ImmutableArray<SubjectJudgement> Judgements, DateTimeOffset Time)> JudgeAsync(
        IReadOnlyList<SubjectQuery> queries, JournalPosition asOf, CancellationToken cancellationToken)
    {
        var (wanted, places) = FindWanted(queries);                                  // Step 3.

        // Step 5.
        var read = wanted.Count == 0 ? [] : await records.ReadAsync(wanted, asOf, cancellationToken);

        // Step 6. The day is that of the answer: over the reading it may have become the day after a term's end.
        var now = clock.GetUtcNow();
        var today = ChinaTime.DateOf(now);
        var judgements = ImmutableArray.CreateBuilder<SubjectJudgement>(places.Length);
        foreach (var (i, place) in places.Index())
        {
            DocumentRecord[] own = [.. place.Select(j => read[j])];
            var judgement = SubjectJudgement.Of(queries[i], own, today);

            // The store gives the newest listings of a document only. If none of them matches, one of those left out may.
            if (judgement.Verdict != Verdict.Listed && own.Any(record => record.Listings.Length >= MaxListings))
            {
                judgement = await ReadOnAsync(queries[i], judgement, today, cancellationToken);
            }

            judgements.Add(judgement);
        }

        // Step 7.
        position.EnsureFresh();
        if (position.Applied.Epoch != asOf.Epoch) throw new RefusedException(ErrorReason.NodeStale);
        return (judgements.MoveToImmutable(), now);
    }

    /// <summary>How fresh an answer is, and how long it may be acted on: never past the end of a term in it.</summary>
    public AnswerTimes TimesOf(JournalPosition asOf, DateTimeOffset now, DateOnly? lastDay)
    {
        var validUntil = now + options.Value.AnswerValidity;
        if (lastDay is not { } day) return new AnswerTimes(asOf, now, validUntil);

        var end = ChinaTime.StartOf(day.AddDays(1));
        return new AnswerTimes(asOf, now, end < validUntil ? end : validUntil);
    }

    /// <summary>What a judgement discloses, for the ledger.</summary>
    public static IEnumerable<Core.Journal.DisclosedListing> Disclosed(SubjectQuery query, SubjectJudgement judgement) =>
        judgement.Listings.Select(stored => new Core.Journal.DisclosedListing(
            stored.Listing.Id, stored.Listing.Content.Court, stored.Listing.Version, judgement.Verdict, query.Document));

    /// <summary>Writes down what an answer discloses, each disclosure once; durable on return. No record, no answer.</summary>
    public Task RecordAsync(
        Inquiry inquiry, Guid answer, AnswerTimes times, IEnumerable<Core.Journal.DisclosedListing> listings, CancellationToken cancellationToken) =>
        store.Disclosures.RecordAsync(
            new Disclosure
            {
                AnswerId = answer,
                Partner = inquiry.Partner,
                Purpose = inquiry.Purpose,
                Reference = inquiry.Reference,
                Operator = inquiry.Operator,
                At = times.Time,
                Epoch = times.AsOf.Epoch,
                Sequence = times.AsOf.Sequence,
                Listings = [.. listings.Distinct()],
            },
            cancellationToken);

    // The records that must be read, each document once however often it is asked about, and for each question which of them are its own.
    private (List<WantedRecord> Wanted, List<int>[] Places) FindWanted(IReadOnlyList<SubjectQuery> queries)
    {
        var wanted = new List<WantedRecord>();
        var placeOf = new Dictionary<DocumentNumber, int>();
        var places = new List<int>[queries.Count];
        for (var i = 0; i < places.Length; i++)
        {
            places[i] = [];
            foreach (var document in queries[i].Document.Equivalents)
            {
                var presence = index.Probe(index.FingerprintOf(document));
                if (presence.IsAbsent) continue;

                if (placeOf.TryAdd(document, wanted.Count)) wanted.Add(new WantedRecord(document, presence.Sequence));
                var place = placeOf[document];
                if (wanted[place].Sequence < presence.Sequence) wanted[place] = new WantedRecord(document, presence.Sequence);
                places[i].Add(place);
            }
        }

        return (wanted, places);
    }

    // Looks for the listings of a document among those of the name; what is not settled by that is doubt, and nobody is judged in doubt.
    private async Task<SubjectJudgement> ReadOnAsync(
        SubjectQuery query, SubjectJudgement judgement, DateOnly today, CancellationToken cancellationToken)
    {
        if (query.Name is not { } name) throw new RefusedException(ErrorReason.NodeStale);

        var named = await store.Listings.FindByNameAsync(name, birthYear: null, region: null, MaxListings, cancellationToken);
        var found = SubjectJudgement.Of(
            query, named.Where(stored => query.Document.Equivalents.Any(document => stored.Listing.IndexedDocuments.Contains(document))), today);
        if (found.Verdict == Verdict.Listed) return found;

        return judgement.Verdict == Verdict.NameMismatch && named.Count < MaxListings
            ? judgement
            : throw new RefusedException(ErrorReason.NodeStale);
    }
}
