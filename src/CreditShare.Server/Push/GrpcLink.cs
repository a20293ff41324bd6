using CreditShare.V1;
using Google.Rpc;
using Grpc.Core;
using Grpc.Net.Client;

namespace CreditShare.Server.Push;

/// <summary>Calls a partner's ChangeReceiver.</summary>
internal sealed class GrpcLink : IReceiverLink
{
    private readonly GrpcChannel _channel;
    private readonly ChangeReceiver.ChangeReceiverClient _client;

    public GrpcLink(Uri endpoint, SocketsHttpHandler handler)
    {
        _channel = GrpcChannel.ForAddress(endpoint, new GrpcChannelOptions
        {
            HttpHandler = handler,
            DisposeHttpClient = true,
            MaxReceiveMessageSize = WebhookLink.MaxAnswerBytes,
            MaxSendMessageSize = Transport.TransportSetup.MaxMessageBytes,
            ThrowOperationCanceledOnCancellation = true,
        });
        _client = new ChangeReceiver.ChangeReceiverClient(_channel);
    }

    public async Task<DeliveryAnswer> SendAsync(ReceiveChangesRequest request, CancellationToken cancellationToken)
    {
        try
        {
            var response = await _client.ReceiveChangesAsync(request, cancellationToken: cancellationToken);
            return new DeliveryAnswer { Outcome = Core.Push.DeliveryOutcome.Accepted, Status = nameof(StatusCode.OK), Response = response };
        }
        catch (RpcException e)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return AnswerOf(e);
        }
    }

    public void Dispose() => _channel.Dispose();

    private static DeliveryAnswer AnswerOf(RpcException exception)
    {
        var status = exception.StatusCode.ToString();
        if (exception.Status.DebugException is { } cause && (cause is HttpRequestException or IOException || cause.InnerException is IOException))
        {
            return LinkFailure.Of(cause) with { Status = status };
        }

        var asked = exception.GetRpcStatus()?.GetDetail<RetryInfo>()?.RetryDelay?.ToTimeSpan();
        var answer = DeliveryAnswer.Refused(status, exception.Status.Detail) with { RetryAfter = asked };
        return exception.StatusCode switch
        {
            StatusCode.DeadlineExceeded => answer with { Outcome = Core.Push.DeliveryOutcome.TimedOut },
            StatusCode.Unavailable => answer with { Outcome = Core.Push.DeliveryOutcome.Unreachable, MayPassSoon = !(asked > DeliveryAnswer.ShortWait) },
            StatusCode.ResourceExhausted => answer with { MayPassSoon = asked is { } wait && wait <= DeliveryAnswer.ShortWait },
            _ => answer,
        };
    }
}
