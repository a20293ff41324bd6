using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CreditShare.V1;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CreditShare.Receiver;

/// <summary>Takes messages by gRPC, from those whose key is trusted.</summary>
internal sealed class ChangeReceiverService(ChangeIntake intake, IOptions<ReceiverOptions> options, ILogger<ChangeReceiverService> logger)
    : ChangeReceiver.ChangeReceiverBase
{
    public override async Task<ReceiveChangesResponse> ReceiveChanges(ReceiveChangesRequest request, ServerCallContext context)
    {
        var certificate = await context.GetHttpContext().Connection.GetClientCertificateAsync(context.CancellationToken);
        if (!IsTrusted(certificate)) throw Refuse(StatusCode.Unauthenticated, "The caller's key is not one that this receiver trusts.");

        return await intake.TakeAsync(request, context.CancellationToken) switch
        {
            IntakeAnswer.Answered answer => answer.Response,
            IntakeAnswer.Malformed malformed => throw Refuse(StatusCode.InvalidArgument, malformed.Reason),
            IntakeAnswer.Gone gone => throw Refuse(StatusCode.NotFound, gone.Reason),
            IntakeAnswer.Failed failed => throw Refuse(StatusCode.Unavailable, failed.Reason),
            _ => throw new InvalidOperationException("An answer of no known kind."),
        };
    }

    private bool IsTrusted(X509Certificate2? certificate)
    {
        if (options.Value.TrustsEveryCaller) return true;
        if (certificate is null) return false;

        var key = Convert.ToHexStringLower(SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo()));
        return options.Value.CallerSpkiSha256.Contains(key, StringComparer.OrdinalIgnoreCase);
    }

    private RpcException Refuse(StatusCode code, string reason)
    {
        logger.Refused(reason);
        return new RpcException(new Status(code, reason));
    }
}
