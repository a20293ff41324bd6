using System.Buffers;
using System.Text;
using CreditShare.Core.Calendar;
using CreditShare.Core.Numbers;
using CreditShare.Server.Access;
using CreditShare.Server.Journal;
using CreditShare.Server.Mapping;
using CreditShare.Server.Transport;
using CreditShare.V1;
using DocumentType = CreditShare.Core.Numbers.DocumentType;
using Verdict = CreditShare.Core.Access.Verdict;

namespace CreditShare.Server.Lookup;

/// <summary>
/// Screens one frame by the steps of <see cref="SubjectLookup"/>. All subjects are checked, hashed and probed in columns, which allocates
/// nothing for each; only those the index knows become objects and are judged.
/// </summary>
internal sealed class FrameScreening(
    DocumentIndex index, SubjectLookup lookup, INodePosition position, NotListedCounts counts, CourtDirectory courts, LookupMetrics metrics, TimeProvider clock)
{
    /// <summary>Screens a frame.</summary>
    /// <exception cref="RefusedException">NODE_STALE.</exception>
    /// <exception cref="Core.Journal.StoreUnavailableException">The store was needed and could not be reached.</exception>
    public async Task<ScreenSubjectsResponse> RunAsync(ScreeningFrame frame, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        position.EnsureFresh();
        var asOf = position.Applied;
        var response = new ScreenSubjectsResponse { FrameNumber = frame.Columns.Head.FrameNumber, SubjectCount = frame.Count };
        var (known, queries) = FindKnown(frame, response);
        var (judgements, now) = await lookup.JudgeAsync(queries, asOf, cancellationToken);

        var disclosed = new List<Core.Journal.DisclosedListing>();
        DateOnly? firstLastDay = null;
        var left = AnswerMapping.MaxFrameDetails;
        for (var i = 0; i < judgements.Length; i++)
        {
            response.Add(known[i], judgements[i], (frame.View, courts), ref left);
            disclosed.AddRange(SubjectLookup.Disclosed(queries[i], judgements[i]));
            if (judgements[i].FirstLastDay is { } day && !(day >= firstLastDay)) firstLastDay = day;
        }

        var times = lookup.TimesOf(asOf, now, firstLastDay);
        var answer = AnswerIds.Next(now);
        if (disclosed.Count > 0) await lookup.RecordAsync(frame.Inquiry, answer, times, disclosed, cancellationToken);

        response.AsOf = AnswerMapping.AsOfOf(times);
        response.ValidUntil = times.ValidUntil.ToProto();
        response.AnswerId = answer.ToString("D");
        response.NotListedCount = response.SubjectCount - response.Hits.Count - response.Mismatches.Count - response.Invalid.Count;
        counts.Add(frame.Inquiry.Partner, frame.Inquiry.Purpose, ChinaTime.DateOf(now), response.NotListedCount);
        Measure(response, started);
        return response;
    }

    // The rows that the index knows, as questions; those that cannot be asked about go into the answer. The frame is done with after that.
    private (List<int> Rows, List<SubjectQuery> Queries) FindKnown(ScreeningFrame frame, ScreenSubjectsResponse response)
    {
        var rows = ArrayPool<int>.Shared.Rent(frame.Count);
        var fingerprints = ArrayPool<ulong>.Shared.Rent(frame.Count);
        var found = ArrayPool<DocumentPresence>.Shared.Rent(frame.Count);
        try
        {
            var valid = Fingerprint(frame.Columns, response, rows, fingerprints);
            index.ProbeMany(fingerprints.AsSpan(0, valid), found);

            var known = new List<int>();
            for (var i = 0; i < valid; i++)
            {
                if (!found[i].IsAbsent) known.Add(rows[i]);
            }

            return (known, known.ConvertAll(row => QueryOf(frame.Columns, row)));
        }
        finally
        {
            ArrayPool<int>.Shared.Return(rows);
            ArrayPool<ulong>.Shared.Return(fingerprints);
            ArrayPool<DocumentPresence>.Shared.Return(found);
            frame.Columns.Release();
        }
    }

    private int Fingerprint(ScreeningColumns columns, ScreenSubjectsResponse response, int[] rows, ulong[] fingerprints)
    {
        var type = (DocumentType)columns.Head.DocumentType;
        var today = clock.Today();
        Span<byte> key = stackalloc byte[CanonicalNumber.MaxKeyBytes];
        var valid = 0;
        for (var row = 0; row < columns.NumberCount; row++)
        {
            var reason = CheckBirthDate(columns.Head, row);
            if (CanonicalNumber.TryWriteKey(type, columns.Number(row), columns.Country(row), today, key, out var written, out var fault))
            {
                if (QueryMapping.IsNameOf(type, columns.Name(row), out var nameReason) && reason == ErrorReason.Unspecified)
                {
                    rows[valid] = row;
                    fingerprints[valid++] = index.DecidingFingerprintOf(key[..written]);
                    continue;
                }

                if (reason == ErrorReason.Unspecified) reason = nameReason;
            }
            else
            {
                reason = FaultMapping.ReasonOf(fault);
            }

            response.Invalid.Add(new ScreenInvalid { Index = row, Reason = reason });
        }

        return valid;
    }

    private SubjectQuery QueryOf(ScreeningColumns columns, int row)
    {
        var type = (DocumentType)columns.Head.DocumentType;
        DocumentNumber.TryParse(type, Encoding.UTF8.GetString(columns.Number(row)), columns.Country(row), clock.Today(), out var document, out _);
        return new SubjectQuery
        {
            Document = document,
            Name = SubjectName.TryParse(Encoding.UTF8.GetString(columns.Name(row)), out var name, out _) ? name : null,
            HolderBirthDate = type == DocumentType.Passport ? ValueMapping.ReadDate(columns.Head.HolderBirthDates[row], "", new Problems()) : null,
        };
    }

    private static ErrorReason CheckBirthDate(ScreenSubjectsRequest columns, int row)
    {
        if (columns.DocumentType != V1.DocumentType.Passport) return ErrorReason.Unspecified;

        var date = columns.HolderBirthDates[row];
        if (date is { Year: 0, Month: 0, Day: 0 }) return ErrorReason.BirthDateRequired;

        var problems = new Problems();
        ValueMapping.ReadDate(date, "", problems);
        return problems.IsEmpty ? ErrorReason.Unspecified : ErrorReason.DateInvalid;
    }

    private void Measure(ScreenSubjectsResponse response, long started)
    {
        metrics.Screened(Verdict.Listed, response.Hits.Count);
        metrics.Screened(Verdict.NameMismatch, response.Mismatches.Count);
        metrics.Screened(Verdict.NotListed, response.NotListedCount);
        metrics.Invalid(response.Invalid.Count);
        metrics.FrameTook(clock.GetElapsedTime(started));
    }
}
