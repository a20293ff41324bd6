using System.Text;
using CreditShare.Receiver;
using CreditShare.V1;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NUnit.Framework;
using static CreditShare.Tests.Receiver.Department;

namespace CreditShare.Tests.Receiver;

[CancelAfter(20_000)]
internal sealed class WebhookEndpointTests
{
    private static readonly byte[] s_key = new byte[32];

    private readonly Department _department = new();

    [Test]
    public async Task A_signed_frame_is_answered_in_canonical_json()
    {
        var (status, body) = await PostAsync(Body("changes", Frame(0, 2, Listed(2, "listings/a", 1))));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(status, Is.EqualTo(200));
            Assert.That(
                JsonParser.Default.Parse<ReceiveChangesResponse>(body), Is.EqualTo(new ReceiveChangesResponse { AcceptedSequence = 2, AppliedSequence = 2 }));
            Assert.That(_department.Handler.Versions, Is.EqualTo([("listings/a", 1L)]));
        }
    }

    [Test]
    public async Task What_a_later_contract_adds_is_passed_over()
    {
        var body = Body("changes", Frame(0, 2)).Replace("\"messageId\"", "\"newField\": {\"x\": 1}, \"messageId\"", StringComparison.Ordinal);

        Assert.That((await PostAsync(body)).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task A_body_that_nobody_signed_is_not_looked_at()
    {
        var (status, _) = await PostAsync(Body("changes", Frame(0, 2, Listed(2, "listings/a", 1))), key: [.. s_key.Select(each => (byte)(each + 1))]);

        Assert.That((status, _department.Handler.Handed.Count), Is.EqualTo((401, 0)));
    }

    [Test]
    public async Task A_header_that_is_there_twice_is_refused()
    {
        var (status, _) = await PostAsync(Body("changes", Frame(0, 2)), context => context.Request.Headers.Append("webhook-signature", "v1,AAAA"));

        Assert.That(status, Is.EqualTo(401));
    }

    [TestCase("not json", TestName = "A_body_that_is_not_JSON_is_refused")]
    [TestCase("[]", TestName = "A_body_that_is_no_object_is_refused")]
    [TestCase("""{"type":"changes"}""", TestName = "A_body_without_data_is_refused")]
    [TestCase("""{"type":"changes","data":{"lane":"NO_SUCH_LANE"}}""", TestName = "A_body_with_an_unknown_word_is_refused")]
    [TestCase("""{"type":"changes","data":{"changes":7}}""", TestName = "A_body_with_data_of_another_shape_is_refused")]
    public async Task A_body_that_is_no_message_is_refused(string body) => Assert.That((await PostAsync(body)).Status, Is.EqualTo(400));

    [Test]
    public async Task A_type_that_is_not_that_of_the_purpose_is_refused() =>
        Assert.That((await PostAsync(Body("test", Frame(0, 2)))).Status, Is.EqualTo(400));

    [TestCase(true, TestName = "A_body_that_says_it_is_too_long_is_refused")]
    [TestCase(false, TestName = "A_body_that_turns_out_to_be_too_long_is_refused")]
    public async Task A_body_that_is_too_long(bool saysSo)
    {
        var body = new string(' ', ReceiverOptions.MaxMessageBytes + 1);
        var (status, _) = await PostAsync(body, context => context.Request.ContentLength = saysSo ? body.Length : null);

        Assert.That(status, Is.EqualTo(413));
    }

    [Test]
    public async Task What_cannot_be_taken_now_is_answered_503_with_a_time_to_wait()
    {
        _department.Handler.Answer = _ => throw new InvalidOperationException("no database");
        HttpContext? answered = null;
        var (status, body) = await PostAsync(Body("changes", Frame(0, 2, Listed(2, "listings/a", 1))), context => answered = context);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(status, Is.EqualTo(503));
            Assert.That($"{answered!.Response.Headers.RetryAfter}", Is.EqualTo("5"));
            Assert.That(body, Does.Not.Contain("no database"));
        }
    }

    private static string Body(string type, ReceiveChangesRequest request) =>
        $$"""{"type":"{{type}}","timestamp":"2026-11-25T08:00:00Z","data":{{JsonFormatter.Default.Format(request)}}}""";

    private async Task<(int Status, string Body)> PostAsync(string body, Action<HttpContext>? adjust = null, byte[]? key = null)
    {
        _department.Settings.Secrets.Add("whsec_" + Convert.ToBase64String(s_key));
        var endpoint = new WebhookEndpoint(
            _department.Intake, Options.Create(_department.Settings), _department.Clock, NullLogger<WebhookEndpoint>.Instance);
        var bytes = Encoding.UTF8.GetBytes(body);
        var signed = WebhookSignatureTests.Sign(_department.Clock.GetUtcNow(), bytes, key ?? s_key);
        var answer = new MemoryStream();
        var context = new DefaultHttpContext { Request = { Method = "POST", Body = new MemoryStream(bytes) }, Response = { Body = answer } };
        context.Request.Headers["webhook-id"] = signed.Id;
        context.Request.Headers["webhook-timestamp"] = signed.Timestamp;
        context.Request.Headers["webhook-signature"] = signed.Signature;
        adjust?.Invoke(context);

        await endpoint.AnswerAsync(context);
        return (context.Response.StatusCode, Encoding.UTF8.GetString(answer.ToArray()));
    }
}
