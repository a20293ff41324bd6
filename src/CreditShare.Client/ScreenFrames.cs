using System.Runtime.CompilerServices;
using CreditShare.Core.Numbers;
using CreditShare.V1;
using DocumentType = CreditShare.V1.DocumentType;
using GoogleDate = Google.Type.Date;

namespace CreditShare.Client;

/// <summary>One frame with the places of its subjects, and the block it belongs to.</summary>
internal sealed class ScreenFrame(DocumentType type, ScreenBlockDraft block)
{
    internal ScreenSubjectsRequest Request { get; } = new() { DocumentType = type };

    internal List<int> Offsets { get; } = [];

    internal ScreenBlockDraft Block { get; } = block;
}

/// <summary>Sorts subjects into frames of one document type each, block by block.</summary>
internal sealed class ScreenFrames(ScreenOptions options)
{
    /// <summary>Characters of a number that travel; the server refuses all above 32, so a longer one is refused whatever its tail.</summary>
    private const int MaxNumberLength = 100;

    /// <summary>Subjects without a document type in a row; they cannot be sent, and their block waits for one that can.</summary>
    private const int MaxUntyped = 1_000_000;

    private static readonly string TooLongName = new('?', SubjectName.MaxLength + 1);

    private long _frameNumber;

    /// <summary>The block after the last frame: subjects without a type that nobody followed; null if there are none.</summary>
    internal ScreenBlockDraft? Rest { get; private set; }

    internal async IAsyncEnumerable<ScreenFrame> SplitAsync(
        IAsyncEnumerable<ScreenSubject> subjects, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var block = new ScreenBlockDraft(firstIndex: 0);
        await foreach (var subject in subjects.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            Place(subject, block);
            if (block.SubjectCount < options.BlockSubjects) continue;

            if (!block.HasFrames)
            {
                if (block.SubjectCount < MaxUntyped) continue;
                throw new InvalidDataException($"{MaxUntyped} subjects in a row have no document type.");
            }

            foreach (var frame in Close(block))
            {
                yield return frame;
            }

            block = new ScreenBlockDraft(block.FirstIndex + block.SubjectCount);
        }

        if (!block.HasFrames && block.SubjectCount > 0) Rest = block;
        foreach (var frame in Close(block))
        {
            yield return frame;
        }
    }

    private static void Place(in ScreenSubject subject, ScreenBlockDraft block)
    {
        var offset = block.SubjectCount++;
        if (subject.Type == DocumentType.Unspecified)
        {
            block.AddUntyped(subject, offset);
            return;
        }

        var frame = block.FrameFor(subject.Type);
        frame.Offsets.Add(offset);
        frame.Request.Numbers.Add(Fit(subject.Number));
        frame.Request.Names.Add(FitName(subject.Name));
        if (subject.Type != DocumentType.Passport) return;

        frame.Request.Countries.Add(subject.Country ?? "");
        frame.Request.HolderBirthDates.Add(ToDate(subject.BirthDate));
    }

    // The rules are the server's to apply; here only text is cut that would break the limit of a message, and never so that it
    // could pass for another subject's.
    private static string Fit(string? number) => number switch
    {
        null => "",
        { Length: > MaxNumberLength } => number[..MaxNumberLength],
        _ => number,
    };

    private static string FitName(string? name)
    {
        if (name is null) return "";
        if (name.Length <= SubjectName.MaxLength) return name;

        return SubjectName.TryParse(name, out var parsed, out _) ? parsed.Text : TooLongName;
    }

    private static GoogleDate ToDate(DateOnly? date) =>
        date is { } day ? new GoogleDate { Year = day.Year, Month = day.Month, Day = day.Day } : new GoogleDate();

    private IEnumerable<ScreenFrame> Close(ScreenBlockDraft block)
    {
        foreach (var frame in block.Frames)
        {
            frame.Request.FrameNumber = ++_frameNumber;
            frame.Request.Purpose = options.Purpose;
            frame.Request.Reference = options.Reference;
            frame.Request.Operator = options.Operator;
            frame.Request.AtLeast = options.AtLeast;
            yield return frame;
        }
    }
}
