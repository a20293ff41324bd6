using System.Buffers;
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
/// own machinery and the interceptors, which cost more than the answer. It knows no refusals: at the slightest doubt it touches nothing, and the
/// call goes the long way, which asks the same questions and has words for each answer.
/// </summary>
internal sealed class CommonCheck(
    RequestDelegate next, QuickEntry entry, SubjectLookup lookup, LookupMetrics metrics, TransportMetrics calls, TimeProvider clock, ILogger<CommonCheck> logger)
{
    /// <summary>The RPC.</summary>
    public const string Path = "/creditshare.v1.LookupService/CheckSubject";

    /// <summary>The longest question that is read here, in bytes.</summary>
    private const int MaxQuestionBytes = 4_096;

    // A message in gRPC's framing: whether it is compressed, and its length.
    private const int HeadBytes = 5;

    private const string ContentType = "application/grpc";
    private const string StatusTrailer = "grpc-status";
    private const string StatusOk = "0";

    public Task InvokeAsync(HttpContext http)
    {
        var request = http.Request;
        if (request.Path.Value != Path || request.ContentType != ContentType || !HttpMethods.IsPost(request.Method)) return next(http);

        var started = clock.GetTimestamp();
        return request.BodyReader.TryRead(out var read)
            ? read.IsCompleted ? AnswerAsync(http, read, started) : ReadOnAsync(http, read, started)
            : ReadOnAsync(http, before: null, started);
    }

    private async Task ReadOnAsync(HttpContext http, ReadResult? before, long started)
    {
        var body = http.Request.BodyReader;
        ReadResult read;
        try
        {
            read = before ?? await body.ReadAsync();
            while (!read.IsCompleted && read.Buffer.Length <= MaxQuestionBytes)
            {
                body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                read = await body.ReadAsync();
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // The caller has gone. The long way finds that too.
            await next(http);
            return;
        }

        await AnswerAsync(http, read, started);
    }

    private Task AnswerAsync(HttpContext http, ReadResult read, long started)
    {
        var body = http.Request.BodyReader;
        if (!read.IsCompleted || Read(read.Buffer) is not { } question || !TryAnswer(http, question, out var times))
        {
            // Looked at, and left where it is.
            body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            return next(http);
        }

        body.AdvanceTo(read.Buffer.End);
        Write(http.Response, AnswerMapping.NotListed(times));
        Note(started);
        return Task.CompletedTask;
    }

    private bool TryAnswer(HttpContext http, CheckSubjectRequest question, out AnswerTimes times)
    {
        times = default;
        if (entry.Find(http, Path) is not { } caller) return false;

        Span<byte> key = stackalloc byte[CanonicalNumber.MaxKeyBytes];
        if (!QueryMapping.TryReadPlain(question, caller, clock.Today(), key, out var written)) return false;

        if (!lookup.SeemsAbsent(key[..written]) || !entry.TrySpend(http, caller)) return false;
        if (lookup.TryAnswerAbsent(key[..written], caller.Id, (Purpose)question.Purpose, out times)) return true;

        // The lease has ended since the glance, or somebody was listed.
        QuickEntry.LeaveSpent(http);
        return false;
    }

    private void Note(long started)
    {
        var elapsed = clock.GetElapsedTime(started);
        metrics.CheckTook(elapsed);
        calls.Called(Path, StatusCode.OK, elapsed);
        if (logger.IsEnabled(LogLevel.Debug)) logger.Called(Path, StatusCode.OK, elapsed.TotalMilliseconds);

        // What gRPC tells of a call to a trace, where there is one.
        Activity.Current?.SetTag("grpc.method", Path).SetTag("grpc.status_code", StatusOk);
    }

    // The one message of a unary call, if it is there in full, short and not compressed.
    private static CheckSubjectRequest? Read(ReadOnlySequence<byte> body)
    {
        if (body.Length is < HeadBytes or > MaxQuestionBytes) return null;

        Span<byte> head = stackalloc byte[HeadBytes];
        body.Slice(0, HeadBytes).CopyTo(head);
        if (head[0] != 0 || BinaryPrimitives.ReadInt32BigEndian(head[1..]) != body.Length - HeadBytes) return null;

        try
        {
            return CheckSubjectRequest.Parser.ParseFrom(body.Slice(HeadBytes));
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }

    private static void Write(HttpResponse response, CheckSubjectResponse answer)
    {
        var size = answer.CalculateSize();
        response.ContentType = ContentType;
        var bytes = response.BodyWriter.GetSpan(HeadBytes + size);
        bytes[0] = 0;
        BinaryPrimitives.WriteInt32BigEndian(bytes[1..], size);
        answer.WriteTo(bytes.Slice(HeadBytes, size));
        response.BodyWriter.Advance(HeadBytes + size);
        response.AppendTrailer(StatusTrailer, StatusOk);
    }
}
