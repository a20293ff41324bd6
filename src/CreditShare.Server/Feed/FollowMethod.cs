using CreditShare.Server.Transport;
using CreditShare.V1;
using Grpc.AspNetCore.Server.Model;
using Grpc.Core;

namespace CreditShare.Server.Feed;

/// <summary>Binds FollowChanges so that its frames go out as the bytes that they are; the generated code would write every change anew for
/// every follower.</summary>
internal sealed class FollowMethod : IServiceMethodProvider<FeedService>
{
    private static readonly PartedMethod<FollowChangesRequest, FollowChangesResponse> s_follow = new(
        static binder => V1.FeedService.BindService(binder, serviceImpl: null));

    /// <summary>Binds the service's other methods. gRPC finds it by the attribute of <see cref="FeedService"/>.</summary>
    public static void BindOthers(ServiceBinderBase binder, V1.FeedService.FeedServiceBase? service) => s_follow.BindOthers(binder);

    public void OnServiceMethodDiscovery(ServiceMethodProviderContext<FeedService> context) => context.AddServerStreamingMethod(
        s_follow.With(s_follow.Requests, EncodedFrame.Marshaller),
        [],
        static (service, request, frames, call) => service.FollowChangesAsync(request, frames, call));
}
