using CreditShare.V1;
using Google.Protobuf.WellKnownTypes;

namespace CreditShare.Client;

/// <summary>A block while its frames are filled, sent and answered.</summary>
internal sealed class ScreenBlockDraft(long firstIndex)
{
    private readonly List<ScreenFrame> _frames = [];
    private readonly Dictionary<DocumentType, ScreenFrame> _open = [];
    private readonly List<ScreenFinding> _findings = [];
    private readonly List<string> _answerIds = [];
    private AsOf? _asOf;
    private Timestamp? _validUntil;
    private int _notListed;
    private int _answered;

    internal long FirstIndex { get; } = firstIndex;

    internal int SubjectCount { get; set; }

    internal bool HasFrames => _frames.Count > 0;

    internal IReadOnlyList<ScreenFrame> Frames => _frames;

    internal bool IsAnswered => _answered == _frames.Count;

    internal ScreenFrame FrameFor(DocumentType type)
    {
        if (_open.TryGetValue(type, out var frame) && frame.Offsets.Count < ScreenOptions.MaxFrameSubjects) return frame;

        frame = new ScreenFrame(type, this);
        _open[type] = frame;
        _frames.Add(frame);
        return frame;
    }

    internal void AddUntyped(in ScreenSubject subject, int offset) => _findings.Add(new ScreenFinding
    {
        Index = FirstIndex + offset,
        Subject = subject,
        InvalidReason = ErrorReason.FieldInvalid,
    });

    /// <summary>Takes the answer to one of the frames.</summary>
    /// <exception cref="ServerFaultException">The answer cannot be one to this frame.</exception>
    internal void Take(ScreenFrame frame, ScreenSubjectsResponse answer)
    {
        var count = frame.Offsets.Count;
        var found = answer.Hits.Count + answer.Mismatches.Count + answer.Invalid.Count;
        if (answer.FrameNumber != frame.Request.FrameNumber
            || answer.SubjectCount != count
            || answer.NotListedCount + found != count)
        {
            // An answer that does not add up could leave somebody out, and who is left out would pass for NOT_LISTED.
            throw DoesNotAddUp(frame);
        }

        var before = _findings.Count;
        foreach (var hit in answer.Hits)
        {
            Add(frame, hit.Index, new ScreenFinding
            {
                Index = 0,
                Subject = default,
                Verdict = Verdict.Listed,
                Listings = hit.Listings,
                ListingCount = hit.ListingCount,
            });
        }

        foreach (var mismatch in answer.Mismatches)
        {
            Add(frame, mismatch.Index, new ScreenFinding
            {
                Index = 0,
                Subject = default,
                Verdict = Verdict.NameMismatch,
                CourtsToAsk = mismatch.CourtsToAsk,
            });
        }

        foreach (var invalid in answer.Invalid)
        {
            Add(frame, invalid.Index, new ScreenFinding { Index = 0, Subject = default, InvalidReason = invalid.Reason });
        }

        if (_findings.Skip(before).DistinctBy(finding => finding.Index).Count() != found) throw DoesNotAddUp(frame);
        Note(answer);
    }

    internal ScreenBlock Finish()
    {
        _findings.Sort(static (left, right) => left.Index.CompareTo(right.Index));
        return new ScreenBlock
        {
            FirstIndex = FirstIndex,
            SubjectCount = SubjectCount,
            NotListedCount = _notListed,
            Findings = _findings,
            AsOf = _asOf,
            ValidUntil = _validUntil,
            AnswerIds = _answerIds,
        };
    }

    private static ScreenSubject SubjectAt(ScreenFrame frame, int index)
    {
        var request = frame.Request;
        return request.DocumentType == DocumentType.Passport
            ? new ScreenSubject(
                request.DocumentType,
                request.Numbers[index],
                request.Names[index],
                request.Countries[index],
                ToDate(request.HolderBirthDates[index]))
            : new ScreenSubject(request.DocumentType, request.Numbers[index], request.Names[index]);
    }

    private static ServerFaultException DoesNotAddUp(ScreenFrame frame) =>
        new($"The answer to frame {frame.Request.FrameNumber} does not add up.");

    private static DateOnly? ToDate(Google.Type.Date date) =>
        date.Year > 0 ? new DateOnly(date.Year, date.Month, date.Day) : null;

    private void Add(ScreenFrame frame, int index, ScreenFinding finding)
    {
        if (index < 0 || index >= frame.Offsets.Count)
        {
            throw new ServerFaultException($"The answer to frame {frame.Request.FrameNumber} speaks of a subject that is not in it.");
        }

        _findings.Add(finding with { Index = FirstIndex + frame.Offsets[index], Subject = SubjectAt(frame, index) });
    }

    private void Note(ScreenSubjectsResponse answer)
    {
        _answered++;
        _notListed += answer.NotListedCount;
        _answerIds.Add(answer.AnswerId);
        if (answer.AsOf is { } asOf && (_asOf is null || (asOf.Epoch, asOf.Sequence).CompareTo((_asOf.Epoch, _asOf.Sequence)) < 0))
        {
            _asOf = asOf;
        }

        if (answer.ValidUntil is { } until && (_validUntil is null || until.CompareTo(_validUntil) < 0)) _validUntil = until;
    }
}
