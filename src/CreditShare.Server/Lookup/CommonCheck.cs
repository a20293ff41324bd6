using System.Buffers.Binary;
using System.Diagnostics;
using System.IO.Pipelines;
using CreditShare.Core.Calendar;
using CreditShare.Core.Numbers;
using CreditShare.Server.Access;
using CreditShare.Server.Transport;
using CreditShare.V1;
using Google.Protobuf;
using Grpc.Core;
using Purpose = CreditShare.Core.Access.Purpose;

namespace CreditShare.Server.Lookup;

/// <summary>
/// The short way of the common check: a plain question about somebody who is not listed is read, answered and counted here, before routing, gRPC's
/// own machinery and the interceptors, which cost more than the answer. It knows no refusals: at the slightest doubt it leaves the request as it
/// found it, and the call goes the long way, which asks the same questions and has words for each answer. What it has taken from a quota by
/// then goes along. A caller cannot tell which way a check was answered.
/// </summary>
internal sealed class CommonCheck(
    RequestDelegate next, QuickEntry entry, SubjectLookup lookup, LookupMetrics metrics, EndedCalls ended, TimeProvider clock, ILogger<CommonCheck> logger)
{
    /// <summary>The RPC.</summary>
    public const string Path = "/creditshare.v1.LookupService/CheckSubject";

    /// <summary>How long the rest of a question is waited for. Then gRPC waits, which knows of deadlines: they end a call later by that much at
    /// most.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(50);

    private const string ContentType = "application/grpc";
    private const string StatusTrailer = "grpc-status";
    private const string StatusOk = "0";
    private const string Span = "POST " + Path;

    private static readonly TimerCallback s_giveUp = static body => ((PipeReader)body!).CancelPendingRead();

    public Task InvokeAsync(HttpContext http)
    {
        var request = http.Request;
        if (request.Path.Value != Path
            || request.ContentType != ContentType
            || !HttpMethods.IsPost(request.Method)
            || request.ContentLength > PlainQuestion.MaxBytes)
        {
            return next(http);
        }

        ReadResult read;
        try
        {
            if (!request.BodyReader.TryRead(out read)) return ReadOnAsync(http, before: null, question: null);
        }
        catch (Exception exception) when (IsOfTheConnection(exception))
        {
            return next(http);
        }

        return PlainQuestion.TryRead(read.Buffer, out var question) && !read.IsCompleted
            ? ReadOnAsync(http, read, question)
            : AnswerAsync(http, read, seen: 0, question);
    }

    // The caller has gone, or does not keep to a limit of the server's. The long way finds that again.
    private static bool IsOfTheConnection(Exception exception) => exception is IOException or OperationCanceledException;

    // Waits until the question is there and nothing more comes, until it proves not to be plain, or for as long as that is worth.
    private async Task ReadOnAsync(HttpContext http, ReadResult? before, CheckSubjectRequest? question)
    {
        var body = http.Request.BodyReader;
        var seen = 0L;
        ReadResult read = default;
        var isThere = false;
        try
        {
            await using (clock.CreateTimer(s_giveUp, body, Patience, Timeout.InfiniteTimeSpan))
            {
                if (before is { } first) seen = Keep(first);
                while (true)
                {
                    read = await body.ReadAsync();
                    var isPlain = read.Buffer.Length == seen || PlainQuestion.TryRead(read.Buffer, out question);
                    if (!isPlain || read.IsCompleted || read.IsCanceled) break;

                    seen = Keep(read);
                }
            }

            // Read again, because patience may have ended in the moment in which the reading did: gRPC would take that for the caller's end.
            body.AdvanceTo(read.Buffer.Start, read.Buffer.GetPosition(seen));
            isThere = body.TryRead(out read);
        }
        catch (Exception exception) when (IsOfTheConnection(exception))
        {
            // Told by the long way.
        }

        await (isThere ? AnswerAsync(http, read, seen, question) : next(http));

        long Keep(ReadResult looked)
        {
            var length = looked.Buffer.Length;
            body.AdvanceTo(looked.Buffer.Start, looked.Buffer.End);
            return length;
        }
    }

    private Task AnswerAsync(HttpContext http, ReadResult read, long seen, CheckSubjectRequest? question)
    {
        var started = clock.GetTimestamp();
        if (!read.IsCompleted || question is null || !TryAnswer(http, question, out var times))
        {
            // Left where it is, and the last of it as if nobody had looked: whoever reads next need not wait for more.
            http.Request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.GetPosition(seen));
            return next(http);
        }

        http.Request.BodyReader.AdvanceTo(read.Buffer.End);
        Write(http.Response, AnswerMapping.NotListed(times));
        Note(started);
        return Task.CompletedTask;
    }

    private bool TryAnswer(HttpContext http, CheckSubjectRequest question, out AnswerTimes times)
    {
        times = default;
        var isSpent = false;
        try
        {
            if (entry.Find(http, Path) is not { } caller) return false;

            Span<byte> key = stackalloc byte[CanonicalNumber.MaxKeyBytes];
            if (!QueryMapping.TryReadPlain(question, caller, clock.Today(), key, out var written)) return false;

            isSpent = lookup.SeemsAbsent(key[..written]) && entry.TrySpend(http, caller);
            if (!isSpent) return false;
            if (lookup.TryAnswerAbsent(key[..written], caller.Id, (Purpose)question.Purpose, out times)) return true;
        }
        catch (Exception exception)
        {
            // A fault of ours, which has its answer on the long way: here it would cut the caller's stream.
            logger.ShortWayFailed(exception);
        }

        // A fault apart, the lease has ended since the glance, or somebody was listed.
        if (isSpent) QuickEntry.LeaveSpent(http);
        return false;
    }

    // As the interceptor and the service do on the long way, and gRPC and routing where somebody traces.
    private void Note(long started)
    {
        metrics.CheckTook(clock.GetElapsedTime(started));
        ended.Note(Path, StatusCode.OK, started);
        if (Activity.Current is not { } activity) return;

        activity.DisplayName = Span;
        activity.SetTag("http.route", Path).SetTag("grpc.method", Path).SetTag("grpc.status_code", StatusOk);
    }

    private static void Write(HttpResponse response, CheckSubjectResponse answer)
    {
        var size = answer.CalculateSize();
        response.ContentType = ContentType;
        var bytes = response.BodyWriter.GetSpan(PlainQuestion.HeadBytes + size);
        bytes[0] = 0;
        BinaryPrimitives.WriteInt32BigEndian(bytes[1..], size);
        answer.WriteTo(bytes.Slice(PlainQuestion.HeadBytes, size));
        response.BodyWriter.Advance(PlainQuestion.HeadBytes + size);
        response.AppendTrailer(StatusTrailer, StatusOk);
    }
}
