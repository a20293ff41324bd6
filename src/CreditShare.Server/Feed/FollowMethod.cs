using CreditShare.V1;
using Grpc.AspNetCore.Server.Model;
using Grpc.Core;

namespace CreditShare.Server.Feed;

/// <summary>Binds FollowChanges so that its frames go out as the bytes that they are; the generated code would write every change anew for
/// every follower.</summary>
internal sealed class FollowMethod : IServiceMethodProvider<FeedService>
{
    /// <summary>Binds the service's other methods as the generated code does. gRPC finds it by the attribute of <see cref="FeedService"/>.</summary>
    public static void BindOthers(ServiceBinderBase binder, V1.FeedService.FeedServiceBase? service) =>
        V1.FeedService.BindService(new AllButFollow(_ => { }, binder), service);

    public void OnServiceMethodDiscovery(ServiceMethodProviderContext<FeedService> context) => V1.FeedService.BindService(
        new AllButFollow(
            follow => context.AddServerStreamingMethod(
                new Method<FollowChangesRequest, EncodedFrame>(
                    follow.Type, follow.ServiceName, follow.Name, follow.RequestMarshaller, EncodedFrame.Marshaller),
                [],
                (service, request, frames, call) => service.FollowChangesAsync(request, frames, call)),
            others: null),
        serviceImpl: null);

    /// <summary>Parts the one method from the others.</summary>
    private sealed class AllButFollow(Action<Method<FollowChangesRequest, FollowChangesResponse>> follow, ServiceBinderBase? others) : ServiceBinderBase
    {
        public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler) =>
            others?.AddMethod(method, handler!);

        public override void AddMethod<TRequest, TResponse>(
            Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse>? handler)
        {
            if (method is Method<FollowChangesRequest, FollowChangesResponse> found) follow(found);
            else others?.AddMethod(method, handler!);
        }
    }
}
