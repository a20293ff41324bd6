using System.Threading.Channels;
using CreditShare.Client;
using CreditShare.V1;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;

namespace CreditShare.Tests.Client;

/// <summary>A service in memory: what it does with a call is written by the test. Frames travel through bounded queues as on a connection.</summary>
internal sealed class ScriptedService : CallInvoker
{
    private const int QueueLength = 64;

    private int _calls;

    /// <summary>Calls that were opened.</summary>
    public int Calls => Volatile.Read(ref _calls);

    /// <summary>Answers a unary call; gets the number of the call, from 1, and the request.</summary>
    public Func<int, object, object> Unary { get; set; } = (_, _) => throw new InvalidOperationException("No unary call was expected.");

    /// <summary>Serves a stream; gets the number of the call, from 1, the requests and where answers go.</summary>
    public Func<int, IAsyncEnumerable<object>, Func<object, Task>, Task> Stream { get; set; } =
        (_, _, _) => throw new InvalidOperationException("No stream was expected.");

    /// <summary>A client over this service that waits next to nothing between attempts.</summary>
    public CreditShareClient Client(int maxAttempts = 3) => new(
        new CreditShareClientOptions
        {
            Address = new Uri("https://nowhere.invalid"),
            MaxAttempts = maxAttempts,
            FirstBackoff = TimeSpan.FromMilliseconds(1),
            MaxBackoff = TimeSpan.FromMilliseconds(2),
        },
        this);

    /// <summary>The error as the service sends it.</summary>
    public static RpcException Error(StatusCode code, ErrorReason reason, params (string Field, ErrorReason Reason)[] violations)
    {
        var status = new Google.Rpc.Status
        {
            Code = (int)code,
            Message = "Refused.",
            Details =
            {
                Any.Pack(new ErrorInfo { Reason = ReasonNames.Of(reason), Domain = "creditshare", Metadata = { ["epoch"] = "2", ["sequence"] = "90" } }),
            },
        };
        if (violations.Length == 0) return status.ToRpcException();

        status.Details.Add(Any.Pack(new BadRequest
        {
            FieldViolations =
            {
                violations.Select(v => new BadRequest.Types.FieldViolation
                {
                    Field = v.Field, Reason = ReasonNames.Of(v.Reason), Description = "Wrong.",
                }),
            },
        }));
        return status.ToRpcException();
    }

    /// <summary>A connection that broke, as gRPC for .NET reports it.</summary>
    public static RpcException ConnectionLost() =>
        new(new Grpc.Core.Status(StatusCode.Internal, "Error reading next message.", new IOException("The connection was reset.")));

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        var call = Interlocked.Increment(ref _calls);
        Task<TResponse> response;
        try
        {
            response = Task.FromResult((TResponse)Unary(call, request));
        }
        catch (RpcException ex)
        {
            response = Task.FromException<TResponse>(ex);
        }

        return new AsyncUnaryCall<TResponse>(response, Task.FromResult(new Metadata()), () => Grpc.Core.Status.DefaultSuccess, () => [], () => { });
    }

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options)
    {
        var pipe = new Pipe<TRequest, TResponse>(options.CancellationToken);
        _ = pipe.ServeAsync(Interlocked.Increment(ref _calls), Stream);
        return new AsyncDuplexStreamingCall<TRequest, TResponse>(
            pipe, pipe, Task.FromResult(new Metadata()), () => Grpc.Core.Status.DefaultSuccess, () => [], () => { });
    }

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        var pipe = new Pipe<TRequest, TResponse>(options.CancellationToken);
        _ = pipe.WriteOnlyAsync(request, Interlocked.Increment(ref _calls), Stream);
        return new AsyncServerStreamingCall<TResponse>(
            pipe, Task.FromResult(new Metadata()), () => Grpc.Core.Status.DefaultSuccess, () => [], () => { });
    }

    public override TResponse BlockingUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) =>
        throw new NotSupportedException();

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options) => throw new NotSupportedException();

    private sealed class Pipe<TRequest, TResponse>(CancellationToken caller) : IClientStreamWriter<TRequest>, IAsyncStreamReader<TResponse>
    {
        private readonly Channel<TRequest> _requests = Channel.CreateBounded<TRequest>(QueueLength);
        private readonly Channel<TResponse> _responses = Channel.CreateBounded<TResponse>(QueueLength);

        public TResponse Current { get; private set; } = default!;

        public WriteOptions? WriteOptions { get; set; }

        public async Task WriteOnlyAsync(TRequest request, int call, Func<int, IAsyncEnumerable<object>, Func<object, Task>, Task> serve)
        {
            await WriteAsync(request);
            await CompleteAsync();
            await ServeAsync(call, serve);
        }

        public async Task ServeAsync(int call, Func<int, IAsyncEnumerable<object>, Func<object, Task>, Task> serve)
        {
            try
            {
                // Like a connection, the service runs beside its caller, never within a call of it.
                await Task.Yield();
                await serve(call, RequestsAsync(), answer => _responses.Writer.WriteAsync((TResponse)answer, caller).AsTask());
                _responses.Writer.TryComplete();
            }
            catch (Exception ex) when (ex is RpcException or OperationCanceledException)
            {
                _responses.Writer.TryComplete(ex);
            }
        }

        public Task WriteAsync(TRequest message) => WriteAsync(message, CancellationToken.None);

        public Task WriteAsync(TRequest message, CancellationToken cancellationToken) =>
            _requests.Writer.WriteAsync(message, caller).AsTask();

        public Task CompleteAsync()
        {
            _requests.Writer.TryComplete();
            return Task.CompletedTask;
        }

        public async Task<bool> MoveNext(CancellationToken cancellationToken)
        {
            try
            {
                while (await _responses.Reader.WaitToReadAsync(caller))
                {
                    if (!_responses.Reader.TryRead(out var message)) continue;
                    Current = message;
                    return true;
                }

                return false;
            }
            catch (OperationCanceledException)
            {
                throw new RpcException(new Grpc.Core.Status(StatusCode.Cancelled, "Call canceled by the client."));
            }
        }

        private async IAsyncEnumerable<object> RequestsAsync()
        {
            await foreach (var request in _requests.Reader.ReadAllAsync(caller))
            {
                yield return request!;
            }
        }
    }
}
