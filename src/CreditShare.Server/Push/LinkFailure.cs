using System.Security.Authentication;

namespace CreditShare.Server.Push;

/// <summary>Says what an exception of a connection means.</summary>
internal static class LinkFailure
{
    public static DeliveryAnswer Of(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case EndpointForbiddenException:
                    return DeliveryAnswer.Forbidden(cause.Message);
                case PinnedKeyException:
                    return DeliveryAnswer.Forbidden(cause.Message);
                case AuthenticationException:
                    // The handshake will not go better in a moment.
                    return DeliveryAnswer.Unreachable($"The TLS handshake failed: {cause.Message}") with { MayPassSoon = false };
            }
        }

        var kind = exception is HttpRequestException { HttpRequestError: not HttpRequestError.Unknown and var error } ? $"{error}: " : "";
        return DeliveryAnswer.Unreachable(kind + exception.GetBaseException().Message);
    }
}

/// <summary>A receiver's server has another key than the one that is pinned.</summary>
internal sealed class PinnedKeyException() : AuthenticationException("The server's key is not the pinned one.");
