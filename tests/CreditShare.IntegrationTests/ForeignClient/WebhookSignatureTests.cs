using System.Text;
using CreditShare.IntegrationTests.Infrastructure;
using CreditShare.Receiver;
using NUnit.Framework;

namespace CreditShare.IntegrationTests.ForeignClient;

/// <summary>Our signatures against the reference library of Standard Webhooks, both ways.</summary>
[Needs(RealServer.ForeignTools), CancelAfter(90_000)]
internal sealed class WebhookSignatureTests
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const string Id = "msg_0123456789abcdef0123456789abcdef";
    private const string Body = """{"type":"changes","data":{"reason":"测试 “äß” 😀"}}""";

    private static readonly DateTimeOffset s_now = TimeProvider.System.GetUtcNow();

    [Test]
    public async Task What_the_reference_signs_the_receiver_accepts(CancellationToken cancellationToken)
    {
        var signature = await ReferenceWebhooks.SignAsync(Secret, Id, s_now, Body, cancellationToken);
        var headers = new WebhookHeaders(Id, $"{s_now.ToUnixTimeSeconds()}", signature);
        var keys = new[] { WebhookSecret.Parse(Secret)! };

        using (Assert.EnterMultipleScope())
        {
            Assert.That(WebhookSignature.FaultOf(headers, Encoding.UTF8.GetBytes(Body), keys, s_now), Is.Null);
            Assert.That(WebhookSignature.FaultOf(headers, Encoding.UTF8.GetBytes(Body + " "), keys, s_now), Is.Not.Null);
        }
    }
}
