using System.Net;
using System.Net.Http.Headers;
using CreditShare.Server.Push;
using CreditShare.Tests.Infrastructure;
using CreditShare.V1;
using Google.Protobuf.WellKnownTypes;
using NUnit.Framework;

namespace CreditShare.Tests.Push;

internal sealed class WebhookLinkTests
{
    [TestCase(429, null, false)]
    [TestCase(429, 1, true)]
    [TestCase(429, 2, false)]
    [TestCase(503, null, true)]
    [TestCase(503, 1, true)]
    [TestCase(503, 60, false)]
    [TestCase(408, null, true)]
    [TestCase(502, null, true)]
    [TestCase(504, null, true)]
    [TestCase(500, null, false)]
    [TestCase(404, null, false)]
    [TestCase(302, null, false)]
    public async Task Only_what_may_pass_in_a_moment_is_tried_again_at_once(int status, int? retryAfter, bool soon)
    {
        var answer = await SendAsync((HttpStatusCode)status, retryAfter is { } seconds ? TimeSpan.FromSeconds(seconds) : null);

        Assert.That((answer.Status, answer.MayPassSoon, answer.IsGone), Is.EqualTo((status.ToString(System.Globalization.CultureInfo.InvariantCulture), soon, false)));
        Assert.That(answer.RetryAfter?.TotalSeconds, Is.EqualTo(retryAfter));
    }

    [Test]
    public async Task Gone_is_gone() => Assert.That((await SendAsync(HttpStatusCode.Gone, null)).IsGone, Is.True);

    private static async Task<DeliveryAnswer> SendAsync(HttpStatusCode status, TimeSpan? retryAfter)
    {
        using var link = new WebhookLink(
            new Uri("https://hooks.example.test/"), new WebhookSignature([SharingWorld.Secret]), new OneAnswer(status, retryAfter), TimeProvider.System, new ChangeTexts());
        var request = new ReceiveChangesRequest { Purpose = DeliveryPurpose.Test, MessageId = "msg_1", SendTime = new Timestamp { Seconds = 1 } };
        return await link.SendAsync(request, CancellationToken.None);
    }

    private sealed class OneAnswer(HttpStatusCode status, TimeSpan? retryAfter) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = new HttpResponseMessage(status) { Content = new StringContent("") };
            if (retryAfter is { } wait) response.Headers.RetryAfter = new RetryConditionHeaderValue(wait);
            return Task.FromResult(response);
        }
    }
}
