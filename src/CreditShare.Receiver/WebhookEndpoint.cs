using System.Buffers;
using System.Net.Mime;
using System.Text;
using CreditShare.V1;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace CreditShare.Receiver;

/// <summary>Takes webhooks: nothing of a body is looked at before its signature is right.</summary>
internal sealed class WebhookEndpoint(
    ChangeIntake intake, IOptions<ReceiverOptions> options, TimeProvider clock, ILogger<WebhookEndpoint> logger)
{
    /// <summary>What a sender is asked to wait after a message that could not be taken, in seconds.</summary>
    private const string RetryAfterSeconds = "5";

    private readonly byte[][] _keys = [.. options.Value.Secrets.Select(WebhookSecret.Parse).OfType<byte[]>()];

    /// <summary>Answers one webhook.</summary>
    public async Task AnswerAsync(HttpContext context)
    {
        var cancellationToken = context.RequestAborted;
        if (await ReadBodyAsync(context.Request, cancellationToken) is not { } body)
        {
            await RefuseAsync(context, StatusCodes.Status413PayloadTooLarge, "The body is longer than 4 MiB.");
            return;
        }

        var headers = context.Request.Headers;
        var signed = new WebhookHeaders(
            Single(headers[WebhookSignature.IdHeader]), Single(headers[WebhookSignature.TimestampHeader]), Single(headers[WebhookSignature.SignatureHeader]));
        if (WebhookSignature.FaultOf(signed, body.Span, _keys, clock.GetUtcNow()) is { } fault)
        {
            await RefuseAsync(context, StatusCodes.Status401Unauthorized, fault);
            return;
        }

        if (WebhookMessage.Parse(body) is not { } request)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, "The body is no message of CreditShare.");
            return;
        }

        switch (await intake.TakeAsync(request, cancellationToken))
        {
            case IntakeAnswer.Answered answer:
                await WriteAsync(context.Response, answer.Response, cancellationToken);
                break;
            case IntakeAnswer.Malformed malformed:
                await RefuseAsync(context, StatusCodes.Status400BadRequest, malformed.Reason);
                break;
            case IntakeAnswer.Gone gone:
                await RefuseAsync(context, StatusCodes.Status410Gone, gone.Reason);
                break;
            case IntakeAnswer.Failed failed:
                context.Response.Headers.RetryAfter = RetryAfterSeconds;
                await RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, failed.Reason);
                break;
        }
    }

    private async Task RefuseAsync(HttpContext context, int status, string reason)
    {
        logger.Refused(reason);
        context.Response.StatusCode = status;
        context.Response.ContentType = MediaTypeNames.Text.Plain;
        await context.Response.WriteAsync(reason, Encoding.UTF8, context.RequestAborted);
    }

    private static async Task WriteAsync(HttpResponse response, ReceiveChangesResponse message, CancellationToken cancellationToken)
    {
        response.ContentType = MediaTypeNames.Application.Json;
        await response.WriteAsync(JsonFormatter.Default.Format(message), Encoding.UTF8, cancellationToken);
    }

    /// <summary>Reads the body; null if it is too long.</summary>
    private static async Task<ReadOnlyMemory<byte>?> ReadBodyAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        const int Most = ReceiverOptions.MaxMessageBytes;
        if (request.ContentLength > Most) return null;
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = Most;

        try
        {
            while (true)
            {
                // Whatever the host's own limit is, no more than this is kept.
                var read = await request.BodyReader.ReadAsync(cancellationToken);
                if (read.Buffer.Length > Most) return null;
                if (read.IsCompleted) return read.Buffer.ToArray();

                request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            }
        }
        catch (BadHttpRequestException ex) when (ex.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return null;
        }
    }

    private static string? Single(StringValues values) => values.Count == 1 ? values[0] : null;
}
