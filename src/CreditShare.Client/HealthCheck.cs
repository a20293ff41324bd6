using System.Globalization;
using Google.Protobuf;
using Grpc.Core;

namespace CreditShare.Client;

/// <summary>The one call of grpc.health.v1, read by hand: its answer is a single number, not worth another dependency.</summary>
internal static class HealthCheck
{
    private const uint StatusField = 1;

    private static readonly Marshaller<byte[]> Bytes = Marshallers.Create(static bytes => bytes, static bytes => bytes);

    private static readonly Method<byte[], byte[]> Check = new(MethodType.Unary, "grpc.health.v1.Health", "Check", Bytes, Bytes);

    internal static async Task<ServiceHealth> RunAsync(CallInvoker invoker, CallOptions options)
    {
        using var call = invoker.AsyncUnaryCall(Check, host: null, options, []);
        var headers = await call.ResponseHeadersAsync.ConfigureAwait(false);
        var status = ReadStatus(await call.ResponseAsync.ConfigureAwait(false));
        var time = DateTimeOffset.TryParseExact(
            headers.GetValue("date"), "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date)
            ? date
            : (DateTimeOffset?)null;
        return new ServiceHealth(status, time);
    }

    private static HealthStatus ReadStatus(byte[] answer)
    {
        var input = new CodedInputStream(answer);
        var status = HealthStatus.Unknown;
        for (var tag = input.ReadTag(); tag != 0; tag = input.ReadTag())
        {
            if (WireFormat.GetTagFieldNumber(tag) == StatusField)
            {
                status = (HealthStatus)input.ReadEnum();
            }
            else
            {
                input.SkipLastField();
            }
        }

        return status;
    }
}
