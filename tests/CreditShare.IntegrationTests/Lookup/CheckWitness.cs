using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using System.Text.RegularExpressions;
using CreditShare.IntegrationTests.Infrastructure;
using CreditShare.V1;
using Microsoft.Extensions.DependencyInjection;

namespace CreditShare.IntegrationTests.Lookup;

/// <summary>Sends checks on a connection of its own, one after the other, and tells all that a caller and an operator can see of each.</summary>
internal sealed partial class CheckWitness : IDisposable
{
    private const int HeadBytes = 5;

    // gRPC answers, and resets the stream behind that with HTTP/2's CANCEL, which may overtake the answer.
    private const int Cancel = 8;
    private const string EndedByDeadline = "ended by its deadline";

    private static readonly string[] s_meters = ["CreditShare.Transport", "CreditShare.Access", "CreditShare.Lookup"];

    private readonly TestServer _server;
    private readonly HttpClient _http;
    private readonly MeterListener _meters = new();
    private readonly ActivityListener _activities;
    private readonly ConcurrentQueue<string> _measured = new();
    private readonly ConcurrentDictionary<ActivityTraceId, TaskCompletionSource<Activity>> _spans = new();

    public CheckWitness(TestServer server, TestIdentity identity)
    {
        _server = server;
        _http = new HttpClient(new SocketsHttpHandler { SslOptions = identity.Handshake() }) { BaseAddress = server.Address };
        var factory = server.Services.GetRequiredService<IMeterFactory>();
        _meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope == factory && s_meters.Contains(instrument.Meter.Name)) listener.EnableMeasurementEvents(instrument);
        };
        _meters.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Measured(instrument.Name, $"{value}", tags));
        _meters.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Measured(instrument.Name, "once", tags));
        _meters.Start();
        _activities = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Microsoft.AspNetCore",
            Sample = (ref ActivityCreationOptions<ActivityContext> options) =>
                _spans.ContainsKey(options.Parent.TraceId) ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None,
            ActivityStopped = activity =>
            {
                if (_spans.TryGetValue(activity.TraceId, out var span)) span.TrySetResult(activity);
            },
        };
        ActivitySource.AddActivityListener(_activities);
    }

    /// <summary>Sends a check.</summary>
    /// <param name="check">The check.</param>
    /// <param name="type">The type of its content.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>What was seen, a line each.</returns>
    public async Task<IReadOnlyList<string>> SendAsync(RawCheck check, string type, CancellationToken cancellationToken)
    {
        var trace = ActivityTraceId.CreateRandom();
        var span = _spans[trace] = new TaskCompletionSource<Activity>(TaskCreationOptions.RunContinuationsAsynchronously);
        _measured.Clear();
        var logged = _server.Log.Lines.Count;

        var answer = await AnswerAsync(check, type, trace, cancellationToken);
        if (answer.Contains("grpc-status: 4")) answer = [EndedByDeadline];

        // The last of all: what is measured and logged is so by then.
        var ended = await span.Task.WaitAsync(cancellationToken);
        return
        [
            .. answer,
            .. _measured.Order(StringComparer.Ordinal).Select(line => $"metric {line}"),
            .. _server.Log.Lines.Skip(logged).Where(line => line.Contains("CheckSubject", StringComparison.Ordinal)).Select(line => $"log {Figures().Replace(line, "n")}"),
            $"span {ended.DisplayName} {ended.Status}",
            .. Told(ended.TagObjects.Select(tag => (tag.Key, $"{tag.Value}"))).Select(line => $"span {line}"),
        ];
    }

    public void Dispose()
    {
        _http.Dispose();
        _meters.Dispose();
        _activities.Dispose();
    }

    private async Task<IReadOnlyList<string>> AnswerAsync(RawCheck check, string type, ActivityTraceId trace, CancellationToken cancellationToken)
    {
        using var answered = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/creditshare.v1.LookupService/CheckSubject" + check.Query)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = check.ToContent(answered.Token),
        };
        request.Content.Headers.TryAddWithoutValidation("content-type", type);
        foreach (var (name, value) in check.Metadata) request.Headers.TryAddWithoutValidation(name, value);
        request.Headers.TryAddWithoutValidation("te", "trailers");
        request.Headers.TryAddWithoutValidation("traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom()}-01");
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (check.LeavesAfter is { } patience) leaving.CancelAfter(patience);
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, leaving.Token);
            var bytes = await response.Content.ReadAsByteArrayAsync(leaving.Token);
            return
            [
                $"HTTP {(int)response.StatusCode}",
                .. Told(response.Headers.Concat(response.Content.Headers).Select(header => (header.Key, string.Join(',', header.Value)))),
                .. bytes.Length == 0 ? [] : new[] { response.IsSuccessStatusCode ? Describe(bytes) : Convert.ToHexString(bytes) },
                .. Told(response.TrailingHeaders.Select(trailer => (trailer.Key, string.Join(',', trailer.Value)))).Select(line => $"trailer {line}"),
            ];
        }
        catch (Exception exception) when (exception is HttpRequestException or HttpIOException)
        {
            var error = exception as HttpProtocolException ?? exception.InnerException as HttpProtocolException;
            return error?.ErrorCode == Cancel ? [EndedByDeadline] : [$"broken: {error?.ErrorCode}"];
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return ["left"];
        }
        finally
        {
            await answered.CancelAsync();
        }
    }

    private static string Describe(byte[] bytes)
    {
        var answer = CheckSubjectResponse.Parser.ParseFrom(bytes.AsSpan(HeadBytes));
        var isWhole = Guid.TryParseExact(answer.AnswerId, "D", out _) && answer.AsOf.Time is not null && answer.ValidUntil > answer.AsOf.Time;
        (answer.AnswerId, answer.AsOf.Time, answer.ValidUntil) = ("", null, null);
        return $"{Convert.ToHexString(bytes.AsSpan(0, 1))} {isWhole} {answer}";
    }

    private static IEnumerable<string> Told(IEnumerable<(string Name, string Value)> pairs) =>
        pairs.Select(pair => $"{pair.Name.ToLowerInvariant()}: {pair.Value}").Where(line => !line.StartsWith("date: ", StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    private void Measured(string instrument, string value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _measured.Enqueue($"{instrument} {value} {string.Join(' ', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"))}");

    [GeneratedRegex(@"\d+(\.\d+)?(E-\d+)?(?= ms)")]
    private static partial Regex Figures();
}
