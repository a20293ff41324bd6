using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using CreditShare.V1;
using Google.Protobuf;

namespace CreditShare.Server.Push;

/// <summary>Posts messages to a partner's endpoint, by the Standard Webhooks specification.</summary>
internal sealed class WebhookLink(Uri endpoint, WebhookSignature signature, HttpMessageHandler handler, TimeProvider clock) : IReceiverLink
{
    /// <summary>Bytes of an answer at most; a larger one is none.</summary>
    public const int MaxAnswerBytes = 64 << 10;

    private const int MaxDepth = 20;

    private static readonly JsonFormatter s_formatter = new(JsonFormatter.Settings.Default);
    private static readonly JsonParser s_parser = new(JsonParser.Settings.Default.WithIgnoreUnknownFields(true).WithRecursionLimit(MaxDepth));

    private readonly HttpMessageInvoker _http = new(handler);

    public async Task<DeliveryAnswer> SendAsync(ReceiveChangesRequest request, CancellationToken cancellationToken)
    {
        try
        {
            using var message = MessageOf(request);
            using var response = await _http.SendAsync(message, cancellationToken);
            var body = await ReadAsync(response, cancellationToken);
            return AnswerOf(response, body);
        }
        catch (HttpRequestException e)
        {
            return LinkFailure.Of(e);
        }
        catch (IOException e)
        {
            return LinkFailure.Of(e);
        }
    }

    public void Dispose() => _http.Dispose();

    private static string TypeOf(DeliveryPurpose purpose) => purpose switch
    {
        DeliveryPurpose.Changes => "changes",
        DeliveryPurpose.Verification => "verification",
        DeliveryPurpose.Test => "test",
        DeliveryPurpose.Purge => "purge",
        DeliveryPurpose.Unspecified => throw new ArgumentOutOfRangeException(nameof(purpose)),
    };

    // Null if it is larger than an answer may be.
    private static async Task<byte[]?> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentLength > MaxAnswerBytes) return null;

        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        using var body = new MemoryStream();
        var buffer = new byte[4 << 10];
        while (await stream.ReadAsync(buffer, cancellationToken) is > 0 and var read)
        {
            if (body.Length + read > MaxAnswerBytes) return null;
            body.Write(buffer, 0, read);
        }

        return body.ToArray();
    }

    private HttpRequestMessage MessageOf(ReceiveChangesRequest request)
    {
        var at = request.SendTime.ToDateTimeOffset();
        var body = Encoding.UTF8.GetBytes(
            $$"""{"type":"{{TypeOf(request.Purpose)}}","timestamp":"{{at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)}}","data":{{s_formatter.Format(request)}}}""");
        var message = new HttpRequestMessage(HttpMethod.Post, endpoint)
        {
            Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };
        message.Headers.Add("webhook-id", request.MessageId);
        message.Headers.Add("webhook-timestamp", at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        message.Headers.Add("webhook-signature", signature.Sign(request.MessageId, at, body));
        message.Headers.Add("user-agent", "CreditShare");
        return message;
    }

    private DeliveryAnswer AnswerOf(HttpResponseMessage response, byte[]? body)
    {
        var number = (int)response.StatusCode;
        var status = number.ToString(CultureInfo.InvariantCulture);
        var retryAfter = RetryAfterOf(response.Headers.RetryAfter);
        if (response.IsSuccessStatusCode)
        {
            return body is null
                ? DeliveryAnswer.Refused(status, $"The answer is larger than {MaxAnswerBytes} bytes.")
                : Parse(status, body);
        }

        var text = number is >= 300 and < 400 ? "Redirects are not followed." : Encoding.UTF8.GetString(body ?? []);
        return DeliveryAnswer.Refused(status, text.Length == 0 ? $"The receiver answered {status}." : text) with
        {
            RetryAfter = retryAfter,
            IsGone = response.StatusCode == HttpStatusCode.Gone,
            MayPassSoon = number switch
            {
                // It asks for less; without a time in which it would take more, that is the schedule's to give.
                429 => retryAfter <= DeliveryAnswer.ShortWait,
                408 or 502 or 503 or 504 => !(retryAfter > DeliveryAnswer.ShortWait),
                _ => false,
            },
        };
    }

    private static DeliveryAnswer Parse(string status, byte[] body)
    {
        try
        {
            return new DeliveryAnswer
            {
                Outcome = Core.Push.DeliveryOutcome.Accepted,
                Status = status,
                Response = s_parser.Parse<ReceiveChangesResponse>(new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(body)),
            };
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or FormatException or OverflowException or ArgumentException or InvalidOperationException)
        {
            return DeliveryAnswer.Refused(status, "The answer's body is not a ReceiveChangesResponse.");
        }
    }

    private TimeSpan? RetryAfterOf(RetryConditionHeaderValue? header)
    {
        var wait = header?.Delta ?? (header?.Date is { } date ? date - clock.GetUtcNow() : null);
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }
}
