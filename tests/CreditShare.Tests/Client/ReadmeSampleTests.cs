using CreditShare.Client;
using CreditShare.Tests.Conventions;
using CreditShare.V1;
using NUnit.Framework;

namespace CreditShare.Tests.Client;

/// <summary>The sample of the package's README, compiled, so that it cannot rot.</summary>
internal sealed class ReadmeSampleTests
{
    [Test]
    public void The_sample_is_the_one_that_is_compiled_here()
    {
        var source = LinesOf(File.ReadAllText(SourceTree.PathOf("tests/CreditShare.Tests/Client/ReadmeSampleTests.cs")), "SampleAsync()\n    {\n", "\n        return");
        var readme = LinesOf(File.ReadAllText(SourceTree.PathOf("src/CreditShare.Client/README.md")), "```csharp\n", "```");

        Func<Task<CheckSubjectResponse>> compiled = SampleAsync;
        Assert.That(readme, Is.Not.Empty.And.EqualTo(source), compiled.Method.Name);
    }

    private static async Task<CheckSubjectResponse> SampleAsync()
    {
        using var identity = PartnerIdentity.FromFolder("identities/bank");        // cert.pem, key.pem, ca.pem
        using var client = new CreditShareClient(new CreditShareClientOptions
        {
            Address = new Uri("https://creditshare.example:7443"),
            Identity = identity,
        });

        var answer = await client.CheckAsync(new CheckSubjectRequest
        {
            Document = new IdentityDocument { Type = DocumentType.ResidentId, Number = "110000199003072138" },
            Name = "测试甲",
            Purpose = Purpose.Credit,
            Reference = "loan-2026-000001",
            Operator = "clerk-17",
        });

        return answer;
    }

    private static IEnumerable<string> LinesOf(string text, string from, string to)
    {
        var start = text.LastIndexOf(from, StringComparison.Ordinal) + from.Length;
        return text[start..text.IndexOf(to, start, StringComparison.Ordinal)].Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0);
    }
}
