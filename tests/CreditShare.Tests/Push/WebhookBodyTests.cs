using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CreditShare.Server.Push;
using CreditShare.V1;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using NUnit.Framework;

namespace CreditShare.Tests.Push;

internal sealed class WebhookBodyTests
{
    private static readonly DateTimeOffset s_now = new(2026, 3, 2, 4, 5, 6, 78, TimeSpan.Zero);
    private static readonly ByteString s_hash = ByteString.CopyFrom([.. Enumerable.Range(200, 32).Select(i => (byte)i)]);

    private readonly ChangeTexts _texts = new();

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(3)]
    public async Task The_data_are_what_the_contract_has_as_JSON(int changes)
    {
        var request = Full();
        request.Changes.AddRange(Enumerable.Range(1, changes).Select(ChangeOf));

        Assert.That(Compact(await DataOfAsync(request)), Is.EqualTo(Compact(JsonFormatter.Default.Format(request))));
    }

    [Test]
    public async Task No_field_of_the_contract_is_left_out()
    {
        var request = Full();
        request.Changes.Add(ChangeOf(1));

        foreach (var field in ReceiveChangesRequest.Descriptor.Fields.InDeclarationOrder())
        {
            Assert.That(IsSet(field, request), Is.True, $"{field.Name} is not tested here");
        }

        Assert.That(JsonParser.Default.Parse<ReceiveChangesRequest>(await DataOfAsync(request)), Is.EqualTo(request));
    }

    [TestCase(DeliveryPurpose.Changes, "changes")]
    [TestCase(DeliveryPurpose.Verification, "verification")]
    [TestCase(DeliveryPurpose.Test, "test")]
    [TestCase(DeliveryPurpose.Purge, "purge")]
    public async Task A_message_with_nothing_but_a_purpose_says_so(DeliveryPurpose purpose, string type)
    {
        var request = new ReceiveChangesRequest { Purpose = purpose, SendTime = Timestamp.FromDateTimeOffset(s_now) };

        using var json = JsonDocument.Parse(await BytesOfAsync(request));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(json.RootElement.GetProperty("type").GetString(), Is.EqualTo(type));
            Assert.That(json.RootElement.GetProperty("timestamp").GetString(), Is.EqualTo("2026-03-02T04:05:06.078Z"));
            Assert.That(Compact(json.RootElement.GetProperty("data").GetRawText()), Is.EqualTo(Compact(JsonFormatter.Default.Format(request))));
        }
    }

    [TestCase(0)]
    [TestCase(78_000_000)]
    [TestCase(5_000_000)]
    [TestCase(78_009_000)]
    [TestCase(78_009_001)]
    [TestCase(1)]
    public async Task A_time_has_as_many_digits_as_the_contract_gives_it(int nanoseconds)
    {
        var request = Full();
        request.SendTime.Nanos = nanoseconds;

        Assert.That(Compact(await DataOfAsync(request)), Is.EqualTo(Compact(JsonFormatter.Default.Format(request))));
    }

    [Test]
    public async Task A_large_body_is_sent_whole_and_as_often_as_asked()
    {
        var request = Full();
        request.Changes.AddRange(Enumerable.Range(1, 500).Select(ChangeOf));
        using var body = new WebhookBody(request, _texts);

        var sent = await body.ReadAsByteArrayAsync();
        using var again = new MemoryStream();
        await body.CopyToAsync(again);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(sent, Has.Length.GreaterThan(64 << 10).And.Length.EqualTo(body.Headers.ContentLength));
            Assert.That(again.ToArray(), Is.EqualTo(sent));
            Assert.That(body.Parts.SelectMany(part => part.ToArray()), Is.EqualTo(sent));
            Assert.That(body.Headers.ContentType?.ToString(), Is.EqualTo("application/json"));
        }
    }

    [TestCase(10)]
    [TestCase(4_000)]
    [TestCase(4_096)]
    [TestCase(100_000)]
    public void The_signature_is_the_same_however_the_body_is_parted_and_however_large_it_is(int length)
    {
        const string Secret = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
        var body = Encoding.UTF8.GetBytes(new string('x', length));
        var signature = new WebhookSignature(["whsec_" + Secret]);

        byte[] signed = [.. Encoding.UTF8.GetBytes($"msg_1.{s_now.ToUnixTimeSeconds()}."), .. body];
        var expected = "v1," + Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(Secret), signed));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(signature.Sign("msg_1", s_now, body), Is.EqualTo(expected));
            Assert.That(signature.Sign("msg_1", s_now, body.AsMemory(0, 5), ReadOnlyMemory<byte>.Empty, body.AsMemory(5)), Is.EqualTo(expected));
        }
    }

    [Test]
    public void A_change_is_put_into_JSON_once_and_another_one_with_its_number_anew()
    {
        var change = ChangeOf(7);
        var other = ChangeOf(7);
        other.Redacted = true;
        other.Listing = null;

        var first = _texts.Of(change);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(_texts.Of(change), Is.SameAs(first));
            Assert.That(Encoding.UTF8.GetString(_texts.Of(other)), Is.EqualTo("," + JsonFormatter.Default.Format(other)));
            Assert.That(_texts.Of(change), Is.EqualTo(first));
        }
    }

    private static ReceiveChangesRequest Full() => new()
    {
        MessageId = "msg_0123456789abcdef0123456789abcdef",
        Subscription = "partners/dev-department/subscriptions/all",
        Purpose = DeliveryPurpose.Changes,
        Lane = Lane.Withdrawals,
        Epoch = 2,
        FromSequence = 41,
        ToSequence = 9_007_199_254_740_993,
        ToHash = s_hash,
        Head = new Cursor { Epoch = 3, Sequence = 9_007_199_254_740_995, Hash = s_hash },
        SendTime = Timestamp.FromDateTimeOffset(s_now),
        Challenge = "c-1",
    };

    private static Change ChangeOf(int number) => new()
    {
        Epoch = 1,
        Sequence = number,
        Kind = ChangeKind.Published,
        ListingName = $"courts/测0101/listings/{number}",
        Version = 1,
        Listing = new Listing { Name = $"courts/测0101/listings/{number}", Obligation = new string('支', 60) + "\"<>&\n" },
    };

    private static bool IsSet(FieldDescriptor field, ReceiveChangesRequest request) => field.Accessor.GetValue(request) switch
    {
        null => false,
        string text => text.Length > 0,
        ByteString bytes => bytes.Length > 0,
        System.Collections.IList list => list.Count > 0,
        IMessage => true,
        var value => Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture) != 0,
    };

    // Spaces tell nothing, and the formatter writes some between its parts.
    private static string Compact(string json) => JsonSerializer.Serialize(JsonDocument.Parse(json).RootElement);

    private async Task<string> DataOfAsync(ReceiveChangesRequest request)
    {
        using var json = JsonDocument.Parse(await BytesOfAsync(request));
        return json.RootElement.GetProperty("data").GetRawText();
    }

    private async Task<byte[]> BytesOfAsync(ReceiveChangesRequest request)
    {
        using var body = new WebhookBody(request, _texts);
        return await body.ReadAsByteArrayAsync();
    }
}
