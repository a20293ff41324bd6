using System.Buffers;
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
        var response = new ScreenSubjectsResponse { FrameNumber = frame.Columns.FrameNumber, SubjectCount = frame.Count };
        var known = FindKnown(frame, response);
        var queries = known.ConvertAll(row => QueryOf(frame.Columns, row));
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
        var answer = Guid.NewGuid();
        if (disclosed.Count > 0) await lookup.RecordAsync(frame.Inquiry, answer, times, disclosed, cancellationToken);

        response.AsOf = AnswerMapping.AsOfOf(times);
        response.ValidUntil = times.ValidUntil.ToProto();
        response.AnswerId = answer.ToString("D");
        response.NotListedCount = frame.Count - response.Hits.Count - response.Mismatches.Count - response.Invalid.Count;
        counts.Add(frame.Inquiry.Partner, frame.Inquiry.Purpose, ChinaTime.DateOf(now), response.NotListedCount);
        Measure(response, started);
        return response;
    }

    // The rows that the index knows; those that cannot be asked about go into the answer.
    private List<int> FindKnown(ScreeningFrame frame, ScreenSubjectsResponse response)
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

            return known;
        }
        finally
        {
            ArrayPool<int>.Shared.Return(rows);
            ArrayPool<ulong>.Shared.Return(fingerprints);
            ArrayPool<DocumentPresence>.Shared.Return(found);
        }
    }

    private int Fingerprint(ScreenSubjectsRequest columns, ScreenSubjectsResponse response, int[] rows, ulong[] fingerprints)
    {
        var type = (DocumentType)columns.DocumentType;
        var today = clock.Today();
        Span<byte> key = stackalloc byte[CanonicalNumber.MaxKeyBytes];
        var valid = 0;
        for (var row = 0; row < columns.Numbers.Count; row++)
        {
            var reason = CheckBirthDate(columns, row);
            if (CanonicalNumber.TryWriteKey(type, columns.Numbers[row], CountryOf(columns, row), today, key, out var written, out var fault))
            {
                if (QueryMapping.IsNameOf(type, NameOf(columns, row), out var nameReason) && reason == ErrorReason.Unspecified)
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

    private SubjectQuery QueryOf(ScreenSubjectsRequest columns, int row)
    {
        var type = (DocumentType)columns.DocumentType;
        DocumentNumber.TryParse(type, columns.Numbers[row], CountryOf(columns, row), clock.Today(), out var document, out _);
        return new SubjectQuery
        {
            Document = document,
            Name = SubjectName.TryParse(NameOf(columns, row), out var name, out _) ? name : null,
            HolderBirthDate = type == DocumentType.Passport ? ValueMapping.ReadDate(columns.HolderBirthDates[row], "", new Problems()) : null,
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

    private static string NameOf(ScreenSubjectsRequest columns, int row) => columns.Names.Count == 0 ? "" : columns.Names[row];

    private static string CountryOf(ScreenSubjectsRequest columns, int row) => columns.Countries.Count == 0 ? "" : columns.Countries[row];

    private void Measure(ScreenSubjectsResponse response, long started)
    {
        metrics.Screened(Verdict.Listed, response.Hits.Count);
        metrics.Screened(Verdict.NameMismatch, response.Mismatches.Count);
        metrics.Screened(Verdict.NotListed, response.NotListedCount);
        metrics.Invalid(response.Invalid.Count);
        metrics.FrameTook(clock.GetElapsedTime(started));
    }
}
