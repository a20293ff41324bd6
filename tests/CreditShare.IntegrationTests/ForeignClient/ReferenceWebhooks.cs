using System.Text.Json;
using System.Text.Json.Nodes;
using NUnit.Framework;

namespace CreditShare.IntegrationTests.ForeignClient;

/// <summary>The reference library of Standard Webhooks.</summary>
internal static class ReferenceWebhooks
{
    /// <summary>Signs a webhook.</summary>
    public static async Task<string> SignAsync(string secret, string id, DateTimeOffset at, string body, CancellationToken cancellationToken)
    {
        var answer = await AskAsync(
            new JsonObject
            {
                ["sign"] = new JsonObject { ["secret"] = secret, ["id"] = id, ["timestamp"] = at.ToUnixTimeSeconds(), ["body"] = body },
            },
            cancellationToken);
        return (string)answer["signature"]!;
    }

    /// <summary>Verifies a webhook against its own clock.</summary>
    /// <returns>What is wrong; null if nothing is.</returns>
    public static async Task<string?> VerifyAsync(
        string secret, IReadOnlyDictionary<string, string> headers, string body, CancellationToken cancellationToken)
    {
        var answer = await AskAsync(
            new JsonObject
            {
                ["verify"] = new JsonObject { ["secret"] = secret, ["body"] = body, ["headers"] = JsonSerializer.SerializeToNode(headers) },
            },
            cancellationToken);
        return (bool)answer["valid"]! ? null : (string)answer["error"]!;
    }

    private static async Task<JsonNode> AskAsync(JsonObject question, CancellationToken cancellationToken)
    {
        string[] arguments = [Path.Combine(ForeignTools.Root, "tests", "tools", "webhook-check.mjs"), ForeignTools.Modules!];
        var (code, output, errors) = await ForeignTools.RunAsync(ForeignTools.Node!, arguments, question.ToJsonString(), cancellationToken);
        Assert.That(code, Is.Zero, errors);
        return JsonNode.Parse(output)!;
    }
}
