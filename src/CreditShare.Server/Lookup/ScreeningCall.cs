using System.Threading.Channels;
using CreditShare.Core.Numbers;
using CreditShare.Server.Access;
using CreditShare.Server.Transport;
using CreditShare.V1;
using Grpc.Core;
using Microsoft.Extensions.Options;
using DocumentType = CreditShare.Core.Numbers.DocumentType;
using View = CreditShare.Core.Access.View;

namespace CreditShare.Server.Lookup;

/// <summary>
/// Screens the frames of a call: several are worked on at once, their answers leave in the frames' order. A frame that violates the rules of
/// frames ends the call after the answers to those before it, so that the caller can go on from the last one answered.
/// </summary>
internal sealed class ScreeningCall(FrameScreening screening, SubjectLookup lookup, IOptions<LookupOptions> options)
{
    /// <summary>Runs the call.</summary>
    public async Task RunAsync(
        IAsyncStreamReader<ScreeningColumns> frames, IServerStreamWriter<ScreenSubjectsResponse> answers, ServerCallContext context)
    {
        var atOnce = options.Value.ScreeningFrames;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);

        // One more than the channel holds is under way: the one whose answer is awaited.
        var working = Channel.CreateBounded<Task<ScreenSubjectsResponse>>(new BoundedChannelOptions(Math.Max(1, atOnce - 1))
        {
            SingleReader = true,
            SingleWriter = true,
            FullMode = BoundedChannelFullMode.Wait,   // The next frame is not read before there is room: the caller is slowed down.
        });
        var reading = ReadAsync(frames, working.Writer, context, stop.Token);
        try
        {
            await foreach (var answer in working.Reader.ReadAllAsync(stop.Token)) await answers.WriteAsync(await answer, stop.Token);
            await reading;
        }
        finally
        {
            // Nothing of the call outlives it.
            await stop.CancelAsync();
            await ((Task)reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            while (working.Reader.TryRead(out var left)) await ((Task)left).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ReadAsync(
        IAsyncStreamReader<ScreeningColumns> frames, ChannelWriter<Task<ScreenSubjectsResponse>> working, ServerCallContext context,
        CancellationToken cancellationToken)
    {
        try
        {
            var standing = new Standing();
            while (await frames.MoveNext(cancellationToken))
            {
                var frame = Check(frames.Current, standing, context.Caller);
                if (standing.AtLeast is { } wanted && !await lookup.ReachAsync(wanted, context.Deadline, cancellationToken))
                {
                    throw new RefusedException(ErrorReason.PositionNotReached);
                }

                await context.Caller.SpendAsync(frame.Count, cancellationToken);
                await working.WaitToWriteAsync(cancellationToken);
                working.TryWrite(Task.Run(() => screening.RunAsync(frame, cancellationToken), cancellationToken));
            }
        }
        finally
        {
            working.Complete();
        }
    }

    private static ScreeningFrame Check(ScreeningColumns columns, Standing standing, Caller caller)
    {
        var frame = columns.Head;
        var problems = new Problems();
        if (standing.LastFrame is { } last && frame.FrameNumber != last + 1)
        {
            problems.Add("frame_number", ErrorReason.FrameOutOfOrder, "It must be one more than the frame before.");
        }

        standing.LastFrame = frame.FrameNumber;
        standing.Purpose = frame.Purpose == V1.Purpose.Unspecified ? standing.Purpose : frame.Purpose;
        standing.Reference = frame.Reference.Length == 0 ? standing.Reference : frame.Reference;
        standing.Operator = frame.Operator.Length == 0 ? standing.Operator : frame.Operator;
        standing.AtLeast = QueryMapping.ReadPosition(frame.AtLeast, problems) ?? standing.AtLeast;
        var inquiry = QueryMapping.ReadInquiry(standing.Purpose, standing.Reference, standing.Operator, caller, problems);

        var view = caller.DefaultView;
        if (view == View.None || !caller.MaySee(view)) problems.Add("", ErrorReason.ViewNotGranted);
        CheckColumns(columns, problems);
        problems.ThrowIfAny();
        return new ScreeningFrame(columns, inquiry, view);
    }

    private static void CheckColumns(ScreeningColumns columns, Problems problems)
    {
        var frame = columns.Head;
        var type = (DocumentType)frame.DocumentType;
        var count = columns.NumberCount;
        if (type == DocumentType.Unspecified) problems.Add("document_type", ErrorReason.FieldRequired);
        else if (!type.IsForPersons && !type.IsForOrganisations) problems.Add("document_type", ErrorReason.FieldInvalid);

        if (count == 0) problems.Add("numbers", ErrorReason.FieldRequired);
        if (count > ScreeningFrame.MaxSubjects) problems.Add("numbers", ErrorReason.FieldTooLong, $"At most {ScreeningFrame.MaxSubjects}.");

        if (columns.NameCount == 0 && type.IsForPersons) problems.Add("names", ErrorReason.FieldRequired);
        else if (columns.NameCount > 0) CheckLength("names", columns.NameCount, count, problems);

        if (type == DocumentType.Passport)
        {
            CheckLength("countries", frame.Countries.Count, count, problems);
            if (frame.HolderBirthDates.Count == 0) problems.Add("holder_birth_dates", ErrorReason.BirthDateRequired);
            else CheckLength("holder_birth_dates", frame.HolderBirthDates.Count, count, problems);
        }
        else
        {
            if (frame.Countries.Count > 0) problems.Add("countries", ErrorReason.NumberCountry, "For passports only.");
            if (frame.HolderBirthDates.Count > 0) problems.Add("holder_birth_dates", ErrorReason.FieldInvalid, "For passports only.");
        }
    }

    private static void CheckLength(string column, int length, int count, Problems problems)
    {
        if (length != count) problems.Add(column, ErrorReason.FieldInvalid, "A column has as many values as there are numbers.");
    }

    /// <summary>What later frames keep when they leave it out.</summary>
    private sealed class Standing
    {
        public long? LastFrame { get; set; }

        public V1.Purpose Purpose { get; set; }

        public string Reference { get; set; } = "";

        public string Operator { get; set; } = "";

        public Journal.JournalPosition? AtLeast { get; set; }
    }
}
