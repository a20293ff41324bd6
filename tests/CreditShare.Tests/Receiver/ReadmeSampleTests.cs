using System.Collections.Concurrent;
using CreditShare.Receiver;
using CreditShare.Tests.Conventions;
using CreditShare.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace CreditShare.Tests.Receiver;

/// <summary>The samples of the package's README, compiled, so that they cannot rot.</summary>
internal sealed class ReadmeSampleTests
{
    [Test]
    public void The_samples_are_those_that_are_compiled_here()
    {
        var source = File.ReadAllText(SourceTree.PathOf("tests/CreditShare.Tests/Receiver/ReadmeSampleTests.cs"));
        var readme = File.ReadAllText(SourceTree.PathOf("src/CreditShare.Receiver/README.md")).Split("```csharp\n");

        Func<WebApplication> compiled = Sample;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(readme, Has.Length.EqualTo(3), compiled.Method.Name);
            Assert.That(LinesOf(readme[1], "", "```"), Is.EqualTo(LinesOf(source, "WebApplication Sample()\n    {\n", "\n        return")));
            Assert.That(LinesOf(readme[2], "", "```"), Is.EqualTo(LinesOf(source, "// The department.\n", "\n    // The end.")));
        }
    }

    private static WebApplication Sample()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Services.AddSingleton<IReceiverState>(new FileReceiverState("creditshare.db"));
        builder.Services.AddCreditShareReceiver<FlightDesk>(options =>
        {
            options.Secrets.Add(File.ReadAllText("webhook-secret").Trim());          // webhooks: whsec_…
            options.CallerSpkiSha256.Add(builder.Configuration["CreditShareKey"]!);  // gRPC: the one key that may call
        });

        var app = builder.Build();
        app.MapCreditShareWebhook("/hooks/creditshare");
        app.MapCreditShareReceiver();

        return app;
    }

    // The department.
    private sealed class FlightDesk : IChangeHandler
    {
        private readonly ConcurrentDictionary<string, Listing> _barred = new();

        public Task<ChangeOutcome> ApplyAsync(ReceivedChange change, CancellationToken cancellationToken)
        {
            if (change.Listing is not { } listing) _barred.TryRemove(change.ListingName, out _);
            else if (listing.Subject is null) return Task.FromResult(ChangeOutcome.Rejected("It names nobody."));
            else _barred[change.ListingName] = listing;

            return Task.FromResult(ChangeOutcome.Applied);
        }
    }

    // The end.
    private static IEnumerable<string> LinesOf(string text, string from, string to)
    {
        var start = from.Length == 0 ? 0 : text.LastIndexOf(from, StringComparison.Ordinal) + from.Length;
        return text[start..text.IndexOf(to, start, StringComparison.Ordinal)].Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0);
    }
}
