using CreditShare.V1;
using Google.Protobuf;
using Grpc.AspNetCore.Server.Model;
using Grpc.Core;

namespace CreditShare.Server.Lookup;

/// <summary>Binds the contract's ScreenSubjects to <see cref="ScreeningCall"/>. The generated binding would make two strings of every subject.</summary>
internal sealed class ScreeningMethod : IServiceMethodProvider<ScreeningCall>
{
    private static readonly Method<ScreeningColumns, ScreenSubjectsResponse> s_method = new(
        MethodType.DuplexStreaming,
        V1.LookupService.Descriptor.FullName,
        nameof(V1.LookupService.LookupServiceBase.ScreenSubjects),
        Marshallers.Create<ScreeningColumns>(
            static (_, _) => throw new NotSupportedException("Frames are read only."),
            static context => ScreeningColumns.Read(context.PayloadAsReadOnlySequence())),
        Marshallers.Create<ScreenSubjectsResponse>(Write, static _ => throw new NotSupportedException("Answers are written only.")));

    public void OnServiceMethodDiscovery(ServiceMethodProviderContext<ScreeningCall> context) => context.AddDuplexStreamingMethod(
        s_method, [], static (screening, frames, answers, call) => screening.RunAsync(frames, answers, call));

    private static void Write(ScreenSubjectsResponse answer, SerializationContext context)
    {
        context.SetPayloadLength(answer.CalculateSize());
        answer.WriteTo(context.GetBufferWriter());
        context.Complete();
    }
}
