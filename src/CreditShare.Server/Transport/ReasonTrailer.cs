using System.Globalization;
using CreditShare.V1;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Http.Features;

namespace CreditShare.Server.Transport;

/// <summary>Puts a reason to errors that the gRPC framework raises before any of our code runs, such as a message over the limit or bytes
/// that are no message: a caller finds a reason in every refusal.</summary>
internal sealed class ReasonTrailer(RequestDelegate next)
{
    private const string StatusName = "grpc-status";
    private const string MessageName = "grpc-message";
    private const string DetailsName = "grpc-status-details-bin";

    public async Task InvokeAsync(HttpContext http)
    {
        await next(http);

        // The status stands in the headers if nothing was sent yet, and in the trailers otherwise.
        var target = http.Response.HasStarted ? http.Features.Get<IHttpResponseTrailersFeature>()?.Trailers : http.Response.Headers;
        var trailers = http.Features.Get<IHttpResponseTrailersFeature>()?.Trailers;
        var place = target?.ContainsKey(StatusName) == true ? target : trailers;
        if (place is null || place.IsReadOnly || place.ContainsKey(DetailsName)) return;
        if (!int.TryParse(place[StatusName], NumberStyles.None, CultureInfo.InvariantCulture, out var code)) return;
        if (Refusal((StatusCode)code) is not { } refused) return;

        var status = StatusMapping.ToStatus(refused);
        place[StatusName] = status.Code.ToString(CultureInfo.InvariantCulture);
        place[MessageName] = status.Message;
        place[DetailsName] = Convert.ToBase64String(status.ToByteArray());
    }

    private static RefusedException? Refusal(StatusCode code) => code switch
    {
        StatusCode.ResourceExhausted => new RefusedException(ErrorReason.MessageTooLarge),

        // A fault of ours has its details by now; so this is the caller's, whose bytes could not be read.
        StatusCode.Unknown or StatusCode.Internal => StatusMapping.Unreadable,
        _ => null,
    };
}
