using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using CreditShare.V1;
using Google.Protobuf;

namespace CreditShare.Server.Push;

/// <summary>Posts messages to a partner's endpoint, by the Standard Webhooks specification.</summary>
internal sealed class WebhookLink(Uri endpoint, WebhookSignature signature, HttpMessageHandler handler, TimeProvider clock, ChangeTexts texts) : IReceiverLink
{
    /// <summary>Bytes of an answer at most; a larger one is none.</summary>
    public const int MaxAnswerBytes = 64 << 10;

    private const int MaxDepth = 20;

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

    // Null if it is larger than an answer may be.
    private static async Task<byte[]?> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentLength > MaxAnswerBytes) return null;

        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var buffer = ArrayPool<byte>.Shared.Rent(MaxAnswerBytes + 1);
        var length = await stream.ReadAtLeastAsync(buffer.AsMemory(0, MaxAnswerBytes + 1), MaxAnswerBytes + 1, throwOnEndOfStream: false, cancellationToken);
        var body = length > MaxAnswerBytes ? null : buffer[..length];

        // Not given back after a failure: who knows what still reads into it.
        ArrayPool<byte>.Shared.Return(buffer);
        return body;
    }

    private HttpRequestMessage MessageOf(ReceiveChangesRequest request)
    {
        var at = request.SendTime.ToDateTimeOffset();
        var body = new WebhookBody(request, texts);
        var message = new HttpRequestMessage(HttpMethod.Post, endpoint) { Content = body };
        Add("webhook-id", request.MessageId);
        Add("webhook-timestamp", at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        Add("webhook-signature", signature.Sign(request.MessageId, at, body.Parts));
        Add("user-agent", "CreditShare");
        return message;

        // All of it is ours, so it need not be parsed.
        void Add(string name, string value) => message.Headers.TryAddWithoutValidation(name, value);
    }

    private DeliveryAnswer AnswerOf(HttpResponseMessage response, byte[]? body)
    {
        var number = (int)response.StatusCode;
        var status = number.ToString(CultureInfo.InvariantCulture);
        if (response.IsSuccessStatusCode)
        {
            return body is null
                ? DeliveryAnswer.Refused(status, $"The answer is larger than {MaxAnswerBytes} bytes.")
                : Parse(status, body);
        }

        var retryAfter = RetryAfterOf(response.Headers.RetryAfter);
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
                Response = PlainAnswer.Read(body)
                    ?? s_parser.Parse<ReceiveChangesResponse>(new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(body)),
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
