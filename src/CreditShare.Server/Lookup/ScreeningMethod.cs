using CreditShare.Server.Transport;
using CreditShare.V1;
using Grpc.AspNetCore.Server.Model;
using Grpc.Core;

namespace CreditShare.Server.Lookup;

/// <summary>Binds ScreenSubjects to <see cref="ScreeningCall"/>, which reads its frames in columns; the generated code would make two strings of every
/// subject.</summary>
internal sealed class ScreeningMethod : IServiceMethodProvider<ScreeningCall>
{
    private static readonly PartedMethod<ScreenSubjectsRequest, ScreenSubjectsResponse> s_screen = new(
        static binder => V1.LookupService.BindService(binder, serviceImpl: null));

    private static readonly Marshaller<ScreeningColumns> s_frames = Marshallers.Create<ScreeningColumns>(
        static (_, _) => throw new NotSupportedException("Frames are read only."),
        static context => ScreeningColumns.Read(context.PayloadAsReadOnlySequence()));

    /// <summary>Binds the service's other methods. gRPC finds it by the attribute of <see cref="LookupService"/>.</summary>
    public static void BindOthers(ServiceBinderBase binder, V1.LookupService.LookupServiceBase? service) => s_screen.BindOthers(binder);

    public void OnServiceMethodDiscovery(ServiceMethodProviderContext<ScreeningCall> context) => context.AddDuplexStreamingMethod(
        s_screen.With(s_frames, s_screen.Answers), [], static (screening, frames, answers, call) => screening.RunAsync(frames, answers, call));
}
