using System.Security.Cryptography;
using System.Text;
using CreditShare.Receiver;
using NUnit.Framework;

namespace CreditShare.Tests.Receiver;

internal sealed class WebhookSignatureTests
{
    private const string Id = "msg_1";

    private static readonly DateTimeOffset s_now = new(2026, 11, 25, 8, 0, 0, TimeSpan.Zero);
    private static readonly byte[] s_key = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];
    private static readonly byte[] s_other = [.. Enumerable.Range(60, 32).Select(i => (byte)i)];
    private static readonly byte[] s_body = """{"type":"test"}"""u8.ToArray();

    [Test]
    public void The_example_of_the_specification_is_accepted()
    {
        var at = DateTimeOffset.FromUnixTimeSeconds(1_614_265_330);
        var headers = new WebhookHeaders("msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");

        var fault = WebhookSignature.FaultOf(headers, """{"test": 2432232314}"""u8, [WebhookSecret.Parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")!], at);

        Assert.That(fault, Is.Null);
    }

    [TestCase(-300, true)]
    [TestCase(300, true)]
    [TestCase(-301, false)]
    [TestCase(301, false)]
    public void A_webhook_is_accepted_within_five_minutes_either_way(int seconds, bool accepted) =>
        Assert.That(Fault(Signed(s_now.AddSeconds(seconds), s_key)), accepted ? Is.Null : Does.Contain("timestamp"));

    [Test]
    public void Either_of_two_signatures_and_either_of_two_secrets_will_do()
    {
        var both = Signed(s_now, s_other, s_key);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(WebhookSignature.FaultOf(both, s_body, [s_key], s_now), Is.Null);
            Assert.That(WebhookSignature.FaultOf(Signed(s_now, s_key), s_body, [s_other, s_key], s_now), Is.Null);
            Assert.That(WebhookSignature.FaultOf(both, s_body, [], s_now), Is.Not.Null, "without a secret nobody is believed");
        }
    }

    [TestCaseSource(nameof(Wrong))]
    public void A_webhook_that_is_not_what_was_signed_is_refused(WebhookHeaders headers, string body) =>
        Assert.That(WebhookSignature.FaultOf(headers, Encoding.UTF8.GetBytes(body), [s_key], s_now), Is.Not.Null);

    [TestCase("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", true)]
    [TestCase("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", false)]
    [TestCase("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa==", false)]
    [TestCase("whsec_%%%%", false)]
    [TestCase("whsec_", false)]
    public void A_secret_has_its_prefix_and_24_bytes_at_least(string text, bool isOne) =>
        Assert.That(WebhookSecret.Parse(text), isOne ? Has.Length.EqualTo(24) : Is.Null);

    [TestCase(64, true)]
    [TestCase(65, false)]
    public void A_secret_has_64_bytes_at_most(int bytes, bool isOne) =>
        Assert.That(WebhookSecret.Parse("whsec_" + Convert.ToBase64String(new byte[bytes])), isOne ? Has.Length.EqualTo(bytes) : Is.Null);

    private static IEnumerable<TestCaseData> Wrong()
    {
        var right = Signed(s_now, s_key);
        var body = Encoding.UTF8.GetString(s_body);
        yield return Case("another body", right, body + " ");
        yield return Case("another id", right with { Id = "msg_2" }, body);
        yield return Case("another time", right with { Timestamp = $"{s_now.ToUnixTimeSeconds() + 1}" }, body);
        yield return Case("another key", Signed(s_now, s_other), body);
        yield return Case("another version", right with { Signature = right.Signature!.Replace("v1,", "v2,", StringComparison.Ordinal) }, body);
        yield return Case("a signature cut off", right with { Signature = right.Signature[..^5] }, body);
        yield return Case("a signature that is too long", right with { Signature = "v1," + Convert.ToBase64String(new byte[4_000]) }, body);
        yield return Case("an empty signature", right with { Signature = "v1," }, body);
        yield return Case("too many signatures", right with { Signature = string.Join(' ', Enumerable.Repeat(right.Signature, 9)) }, body);
        yield return Case("no signature", right with { Signature = null }, body);
        yield return Case("no id", right with { Id = null }, body);
        yield return Case("no time", right with { Timestamp = null }, body);
        yield return Case("a time with a sign", right with { Timestamp = "+" + right.Timestamp }, body);
        yield return Case("a time beyond all times", right with { Timestamp = "9223372036854775807" }, body);

        static TestCaseData Case(string name, WebhookHeaders headers, string body) => new TestCaseData(headers, body).SetArgDisplayNames(name);
    }

    private static string? Fault(WebhookHeaders headers) => WebhookSignature.FaultOf(headers, s_body, [s_key], s_now);

    /// <summary>As the specification has it, written here a second time on purpose.</summary>
    internal static WebhookHeaders Sign(DateTimeOffset at, byte[] body, params byte[][] keys)
    {
        var signed = Encoding.UTF8.GetBytes($"{Id}.{at.ToUnixTimeSeconds()}.{Encoding.UTF8.GetString(body)}");
        return new(Id, $"{at.ToUnixTimeSeconds()}", string.Join(' ', keys.Select(key => $"v1,{Convert.ToBase64String(HMACSHA256.HashData(key, signed))}")));
    }

    private static WebhookHeaders Signed(DateTimeOffset at, params byte[][] keys) => Sign(at, s_body, keys);
}
