using System.Text.Json;
using System.Text.Json.Nodes;
using CreditShare.IntegrationTests.Infrastructure;
using CreditShare.IntegrationTests.MainJob;
using CreditShare.V1;
using Google.Protobuf;
using Google.Rpc;
using NUnit.Framework;

namespace CreditShare.IntegrationTests.ForeignClient;

/// <summary>Clients of another make, which know the contract and nothing of us.</summary>
[Needs(RealServer.ForeignTools)]
internal sealed class ForeignClientTests
{
    private const string Name = "测试外来";

    private static readonly string s_number = Cast.Resident(80);

    [Test, CancelAfter(90_000)]
    public async Task A_client_of_grpc_js_gets_verdicts_and_reads_why_it_is_refused(CancellationToken cancellationToken)
    {
        await using var scene = await Scene.OpenAsync("SQLite", cancellationToken);
        var receipt = await scene.PublishAsync(Cast.ListingOf(Name, Cast.Court, s_number), Cast.Court, cancellationToken);

        var lines = await AskAsync(
            scene.Server,
            [
                Question(Name, s_number, receipt.Position),
                Question("测试另一人", s_number, null),
                Question(Name, Cast.Resident(81), null),
                Question("", s_number[..17], null),
            ],
            cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(lines.Select(line => (string?)line["answer"]?["verdict"]), Is.EqualTo(["VERDICT_LISTED", "VERDICT_NAME_MISMATCH", "VERDICT_NOT_LISTED", null]));
            Assert.That((string?)lines[0]["answer"]?["listings"]?[0]?["name"], Is.EqualTo(receipt.Name));
            Assert.That((string?)lines[0]["answer"]?["listings"]?[0]?["subject"]?["documents"]?[0]?["number"], Does.Contain("****"));
            Assert.That((string?)lines[0]["answer"]?["as_of"]?["sequence"], Is.EqualTo($"{receipt.Position.Sequence}"));
            Assert.That((string?)lines[1]["answer"]?["courts_to_ask"]?[0]?["code"], Is.EqualTo(Cast.Court));
        }

        var refusal = lines[3]["refusal"]!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That((string?)lines[3]["code"], Is.EqualTo("INVALID_ARGUMENT"));
            Assert.That((string?)Detail(refusal, "google.rpc.ErrorInfo")["reason"], Is.EqualTo("SEVERAL_VIOLATIONS"));
            Assert.That((string?)Detail(refusal, "google.rpc.ErrorInfo")["domain"], Is.EqualTo("creditshare"));
            Assert.That(
                Detail(refusal, "google.rpc.BadRequest")["field_violations"]!.AsArray().Select(each => $"{each!["field"]} {each["reason"]}"),
                Is.EquivalentTo(["document.number NUMBER_LENGTH", "name FIELD_REQUIRED"]));
            Assert.That((string?)Detail(refusal, "google.rpc.LocalizedMessage")["locale"], Is.EqualTo("zh-CN"));
            Assert.That(refusal.ToJsonString(), Does.Not.Contain(s_number[..17]));
        }
    }

    [Test, CancelAfter(90_000)]
    public async Task Buf_curl_learns_the_contract_from_the_server_and_gets_a_verdict(CancellationToken cancellationToken)
    {
        await using var scene = await Scene.OpenAsync("SQLite", cancellationToken);
        var receipt = await scene.PublishAsync(Cast.ListingOf(Name, Cast.Court, s_number), Cast.Court, cancellationToken);

        var listed = await CurlAsync(scene.Server, Question(Name, s_number, receipt.Position), cancellationToken);
        var refused = await CurlAsync(scene.Server, Question(Name, s_number[..17], null), cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((listed.Code, (string?)Parse(listed.Output)?["verdict"]), Is.EqualTo((0, "VERDICT_LISTED")), listed.Errors);
            Assert.That((string?)Parse(listed.Output)?["listings"]?[0]?["name"], Is.EqualTo(receipt.Name));
            Assert.That(refused.Code, Is.Not.Zero);
            Assert.That((string?)Parse(refused.Errors)?["code"], Is.EqualTo("invalid_argument"), refused.Errors);
            Assert.That(ErrorInfo.Parser.ParseFrom(Packed(refused.Errors, "google.rpc.ErrorInfo")).Reason, Is.EqualTo("NUMBER_LENGTH"));
            Assert.That(
                BadRequest.Parser.ParseFrom(Packed(refused.Errors, "google.rpc.BadRequest")).FieldViolations.Select(violation => violation.Field),
                Is.EqualTo(["document.number"]));
        }
    }

    private static string Question(string name, string number, Position? atLeast)
    {
        var question = new JsonObject
        {
            ["document"] = new JsonObject { ["type"] = "DOCUMENT_TYPE_RESIDENT_ID", ["number"] = number },
            ["name"] = name,
            ["purpose"] = "PURPOSE_CREDIT",
            ["reference"] = "loan-1",
            ["operator"] = "teller-7",
        };
        if (atLeast is not null) question["at_least"] = new JsonObject { ["epoch"] = atLeast.Epoch, ["sequence"] = $"{atLeast.Sequence}" };
        return question.ToJsonString();
    }

    private static async Task<List<JsonNode>> AskAsync(TestServer server, string[] questions, CancellationToken cancellationToken)
    {
        string[] arguments =
        [
            Path.Combine(ForeignTools.Root, "tests", "tools", "foreign-check.mjs"),
            "--modules", ForeignTools.Modules!,
            "--protos", Path.Combine(ForeignTools.Root, "protos"),
            "--imports", ForeignTools.GoogleProtos,
            "--server", $"localhost:{server.Address.Port}",
            "--identity", Path.Combine(server.DataFolder, "identities", "bank"),
        ];
        var (code, output, errors) = await ForeignTools.RunAsync(ForeignTools.Node!, arguments, string.Join('\n', questions), cancellationToken);
        Assert.That(code, Is.Zero, errors);
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
    }

    private static Task<(int Code, string Output, string Errors)> CurlAsync(TestServer server, string question, CancellationToken cancellationToken)
    {
        var identity = Path.Combine(server.DataFolder, "identities", "bank");
        string[] arguments =
        [
            "curl",
            "--cert", Path.Combine(identity, "cert.pem"),
            "--key", Path.Combine(identity, "key.pem"),
            "--cacert", Path.Combine(identity, "ca.pem"),
            "--protocol", "grpc",
            "--data", "@-",
            $"https://localhost:{server.Address.Port}/creditshare.v1.LookupService/CheckSubject",
        ];
        return ForeignTools.RunAsync(ForeignTools.Buf!, arguments, question, cancellationToken);
    }

    private static JsonNode? Parse(string output)
    {
        try
        {
            return JsonNode.Parse(output);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // buf prints what is packed in the details as base64 without padding.
    private static ByteString Packed(string status, string type)
    {
        var text = (string)Detail(Parse(status)!, type)!;
        return ByteString.FromBase64(text.PadRight((text.Length + 3) / 4 * 4, '='));
    }

    private static JsonNode Detail(JsonNode status, string type) =>
        status["details"]!.AsArray().Single(detail => (string?)detail!["type"] == type)!["value"]!;
}
