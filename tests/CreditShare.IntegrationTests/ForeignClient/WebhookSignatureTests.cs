using System.Text;
using CreditShare.IntegrationTests.Infrastructure;
using CreditShare.Receiver;
using NUnit.Framework;
using Signer = CreditShare.Server.Push.WebhookSignature;

namespace CreditShare.IntegrationTests.ForeignClient;

/// <summary>Our signatures against the reference library of Standard Webhooks, both ways.</summary>
[Needs(RealServer.ForeignTools), CancelAfter(90_000)]
internal sealed class WebhookSignatureTests
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const string NewSecret = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    private const string Id = "msg_0123456789abcdef0123456789abcdef";
    private const string Body = """{"type":"changes","data":{"reason":"测试 “äß” 😀"}}""";

    private static readonly DateTimeOffset s_now = TimeProvider.System.GetUtcNow();

    private static Dictionary<string, string> Headers => new()
    {
        [WebhookSignature.IdHeader] = Id,
        [WebhookSignature.TimestampHeader] = $"{s_now.ToUnixTimeSeconds()}",
        [WebhookSignature.SignatureHeader] = new Signer([NewSecret, Secret]).Sign(Id, s_now, Encoding.UTF8.GetBytes(Body)),
    };

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

    [TestCase(Secret)]
    [TestCase(NewSecret)]
    public async Task What_the_server_signs_while_rotating_the_reference_accepts_with_either_secret(string secret, CancellationToken cancellationToken)
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(await ReferenceWebhooks.VerifyAsync(secret, Headers, Body, cancellationToken), Is.Null);
            Assert.That(await ReferenceWebhooks.VerifyAsync(secret, Headers, Body + " ", cancellationToken), Is.Not.Null);
        }
    }
}
