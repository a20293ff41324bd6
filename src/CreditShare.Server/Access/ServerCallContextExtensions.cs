using Grpc.Core;

namespace CreditShare.Server.Access;

/// <summary>What access control knows of a call.</summary>
internal static class ServerCallContextExtensions
{
    extension(ServerCallContext context)
    {
        /// <summary>Who calls. Set by <see cref="AccessInterceptor"/> before any service runs.</summary>
        /// <exception cref="KeyNotFoundException">The RPC is open to anyone: nobody was asked who they are.</exception>
        public Caller Caller => (Caller)context.UserState[typeof(Caller)];
    }
}
