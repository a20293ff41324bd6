using System.Collections.Frozen;
using CreditShare.Server.Access;
using CreditShare.V1;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;

namespace CreditShare.IntegrationTests.Inputs;

/// <summary>Any RPC of the contract, found by its request: what comes over the wire from a caller that no typed client holds back.</summary>
internal static class Wire
{
    private static readonly FrozenDictionary<string, MethodDescriptor> s_byRequest = ServedMethods()
        .ToFrozenDictionary(method => method.InputType.FullName, StringComparer.Ordinal);

    /// <summary>Every RPC of the contract that the server answers.</summary>
    public static IEnumerable<MethodDescriptor> Methods => s_byRequest.Values.OrderBy(method => method.FullName, StringComparer.Ordinal);

    /// <summary>The RPC that takes such a request.</summary>
    public static MethodDescriptor MethodOf(IMessage request) => s_byRequest[request.Descriptor.FullName];

    /// <summary>Sends the requests of one call and reads what comes back: of a stream of the server's no more than its first message.</summary>
    /// <exception cref="RpcException">The call was refused.</exception>
    public static Task<IReadOnlyList<IMessage>> SendAsync(
        CallInvoker invoker, IReadOnlyList<IMessage> requests, CancellationToken cancellationToken) =>
        SendAsync(invoker, MethodOf(requests[0]), [.. requests.Select(request => request.ToByteArray())], cancellationToken);

    /// <summary>Sends bytes, whatever they are.</summary>
    /// <exception cref="RpcException">The call was refused.</exception>
    public static async Task<IReadOnlyList<IMessage>> SendAsync(
        CallInvoker invoker, MethodDescriptor rpc, IReadOnlyList<byte[]> requests, CancellationToken cancellationToken)
    {
        var options = new CallOptions(cancellationToken: cancellationToken);
        var method = MethodOf(rpc);
        if (rpc.IsClientStreaming) return await ExchangeAsync(invoker, method, requests, options);
        if (!rpc.IsServerStreaming) return [await invoker.AsyncUnaryCall(method, null, options, requests[0])];

        using var call = invoker.AsyncServerStreamingCall(method, null, options, requests[0]);
        return await call.ResponseStream.MoveNext(cancellationToken) ? [call.ResponseStream.Current] : [];
    }

    private static async Task<IReadOnlyList<IMessage>> ExchangeAsync(
        CallInvoker invoker, Method<byte[], IMessage> method, IReadOnlyList<byte[]> requests, CallOptions options)
    {
        using var call = invoker.AsyncDuplexStreamingCall(method, null, options);
        try
        {
            foreach (var request in requests) await call.RequestStream.WriteAsync(request, options.CancellationToken);
            await call.RequestStream.CompleteAsync();
        }
        catch (Exception exception) when (exception is RpcException or InvalidOperationException)
        {
            // The server has ended the call before it had all; why, the answers tell.
        }

        var answers = new List<IMessage>();
        while (await call.ResponseStream.MoveNext(options.CancellationToken)) answers.Add(call.ResponseStream.Current);
        return answers;
    }

    private static Method<byte[], IMessage> MethodOf(MethodDescriptor rpc) => new(
        (rpc.IsClientStreaming, rpc.IsServerStreaming) switch
        {
            (false, false) => MethodType.Unary,
            (false, true) => MethodType.ServerStreaming,
            (true, false) => MethodType.ClientStreaming,
            (true, true) => MethodType.DuplexStreaming,
        },
        rpc.Service.FullName,
        rpc.Name,
        Marshallers.Create<byte[]>(bytes => bytes, bytes => bytes),
        Marshallers.Create<IMessage>(message => message.ToByteArray(), bytes => rpc.OutputType.Parser.ParseFrom(bytes)));

    private static IEnumerable<MethodDescriptor> ServedMethods() => typeof(ListingReflection).Assembly.GetTypes()
        .Where(type => type.Namespace == typeof(ListingReflection).Namespace && type.Name.EndsWith("Reflection", StringComparison.Ordinal))
        .SelectMany(type => ((FileDescriptor)type.GetProperty("Descriptor")!.GetValue(null)!).Services)
        .SelectMany(service => service.Methods)
        .Where(method => RpcRights.Find($"/{method.Service.FullName}/{method.Name}") is not null);
}
