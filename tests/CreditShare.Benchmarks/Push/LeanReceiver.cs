using System.Buffers;
using System.Globalization;
using System.Net;
using System.Text;
using CreditShare.Cli.Subscriptions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace CreditShare.Benchmarks.Push;

/// <summary>How an endpoint behaves towards changes; it always passes its verification.</summary>
internal enum Behaviour
{
    Healthy,
    Hangs,
    Fails,
    AnswersGarbage,
    DropsConnections,
}

/// <summary>Any number of endpoints, <c>https://localhost:port/number</c>, that verify no signature and keep no copy: what is measured beside
/// them is the sender.</summary>
internal sealed class LeanReceiver : IAsyncDisposable
{
    private const int MaxBodyBytes = 4 << 20;

    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(30);
    private static readonly byte[] s_garbage = Encoding.UTF8.GetBytes("<html><body>welcome</body></html>");

    private readonly WebApplication _app;
    private readonly LeanEndpoint[] _endpoints;
    private volatile TaskCompletionSource _gate = Opened();
    private int _atGate;

    private LeanReceiver(string dataFolder, int endpoints)
    {
        _endpoints = [.. Enumerable.Range(0, endpoints).Select(_ => new LeanEndpoint())];
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxBodyBytes;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Listen(IPAddress.Loopback, 0, listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                listen.UseHttps(ListenCertificate.Make(dataFolder, TimeProvider.System));
            });
        });
        _app = builder.Build();
        _app.Run(TakeAsync);
    }

    public int Port => new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port;

    public IReadOnlyList<LeanEndpoint> Endpoints => _endpoints;

    /// <summary>Requests of the ordered lane that wait at the closed gate.</summary>
    public int AtGate => Volatile.Read(ref _atGate);

    /// <summary>Starts one whose certificate is of a development server's authority.</summary>
    public static async Task<LeanReceiver> StartAsync(string dataFolder, int endpoints)
    {
        var receiver = new LeanReceiver(dataFolder, endpoints);
        await receiver._app.StartAsync();
        return receiver;
    }

    public string AddressOf(int endpoint) => $"https://localhost:{Port}/{endpoint}";

    /// <summary>Lets requests of the ordered lane wait.</summary>
    public void CloseGate() => _gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Lets them through.</summary>
    public void OpenGate() => _gate.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        OpenGate();
        await _app.DisposeAsync();
    }

    private static TaskCompletionSource Opened()
    {
        var gate = new TaskCompletionSource();
        gate.SetResult();
        return gate;
    }

    private async Task TakeAsync(HttpContext context)
    {
        var endpoint = _endpoints[int.Parse(context.Request.Path.Value.AsSpan(1), CultureInfo.InvariantCulture)];
        var reading = await context.Request.BodyReader.ReadAsync();
        while (!reading.IsCompleted)
        {
            context.Request.BodyReader.AdvanceTo(reading.Buffer.Start, reading.Buffer.End);
            reading = await context.Request.BodyReader.ReadAsync();
        }

        var head = MessageHead.Read(reading.Buffer);
        var times = endpoint.Measures && head.IsChanges ? MessageHead.ReadTimes(reading.Buffer) : [];
        if (endpoint.Bodies is { } bodies && head is { IsChanges: true, IsOrdered: true }) bodies.Add(reading.Buffer.ToArray());
        var bytes = reading.Buffer.Length;
        context.Request.BodyReader.AdvanceTo(reading.Buffer.End);

        if (!head.IsChanges)
        {
            await AnswerAsync(context, Encoding.UTF8.GetBytes($$"""{"challenge":"{{head.Challenge}}"}"""));
            return;
        }

        if (endpoint.Behaviour != Behaviour.Healthy)
        {
            await MisbehaveAsync(context, endpoint.Behaviour);
            return;
        }

        if (head.IsOrdered && !_gate.Task.IsCompleted)
        {
            Interlocked.Increment(ref _atGate);
            await _gate.Task;
            Interlocked.Decrement(ref _atGate);
        }

        await AnswerAsync(context, Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $$"""{"acceptedSequence":"{{head.To}}","appliedSequence":"{{head.To}}"}""")));
        endpoint.Took(head, times, bytes);
    }

    private static async Task AnswerAsync(HttpContext context, byte[] body)
    {
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
        await context.Response.BodyWriter.WriteAsync(body);
    }

    private static async Task MisbehaveAsync(HttpContext context, Behaviour behaviour)
    {
        switch (behaviour)
        {
            case Behaviour.Hangs:
                await Task.Delay(Hang, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                break;
            case Behaviour.Fails:
                context.Response.StatusCode = StatusCodes.Status500InternalServerError;
                break;
            case Behaviour.AnswersGarbage:
                await AnswerAsync(context, s_garbage);
                break;
            case Behaviour.DropsConnections:
                context.Features.GetRequiredFeature<IHttpRequestLifetimeFeature>().Abort();
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(behaviour));
        }
    }
}

/// <summary>One endpoint, and what it took.</summary>
internal sealed class LeanEndpoint
{
    private readonly Lock _lock = new();
    private readonly List<double> _ordered = [];
    private readonly List<double> _withdrawals = [];
    private long _requests;
    private long _changes;
    private long _bytes;
    private long _reached;
    private long _gaps;

    /// <summary>How it answers changes.</summary>
    public volatile Behaviour Behaviour;

    /// <summary>Whether it reads when changes were recorded, and notes how long they took.</summary>
    public volatile bool Measures;

    /// <summary>Takes the bodies of changes, if set.</summary>
    public List<byte[]>? Bodies { get; set; }

    /// <summary>The last number of the ordered lane.</summary>
    public long Reached => Volatile.Read(ref _reached);

    /// <summary>What came since the last reset: requests, changes of the ordered lane, bytes of bodies.</summary>
    public (long Requests, long Changes, long Bytes) Taken
    {
        get
        {
            lock (_lock) return (_requests, _changes, _bytes);
        }
    }

    /// <summary>Frames that did not begin where the one before ended, or before it.</summary>
    public long Gaps => Volatile.Read(ref _gaps);

    /// <summary>Milliseconds from a change's time in the journal, which is just before its commit, to its being answered.</summary>
    public (double[] Ordered, double[] Withdrawals) Latencies
    {
        get
        {
            lock (_lock) return ([.. _ordered], [.. _withdrawals]);
        }
    }

    /// <summary>Forgets what it took, and that it took it.</summary>
    public void Reset()
    {
        lock (_lock)
        {
            _ordered.Clear();
            _withdrawals.Clear();
            (_requests, _changes, _bytes, _reached, _gaps) = (0, 0, 0, 0, 0);
        }
    }

    public void Took(MessageHead head, List<DateTimeOffset> times, long bytes)
    {
        var now = DateTimeOffset.UtcNow;
        lock (_lock)
        {
            _requests++;
            _bytes += bytes;
            (head.IsOrdered ? _ordered : _withdrawals).AddRange(times.Select(time => (now - time).TotalMilliseconds));
            if (!head.IsOrdered) return;

            _changes += head.To - head.From;
            if (_reached > 0 && head.From > _reached) _gaps++;
            _reached = Math.Max(_reached, head.To);
        }
    }
}
