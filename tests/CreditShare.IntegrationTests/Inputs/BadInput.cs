using Google.Protobuf;
using Grpc.Core;
using NUnit.Framework;

namespace CreditShare.IntegrationTests.Inputs;

/// <summary>What somebody sends that must be refused, and what he is told then.</summary>
internal sealed record BadInput
{
    /// <summary>Who sends it, as <see cref="Desk.As"/> knows him.</summary>
    public required string Sender { get; init; }

    /// <summary>The requests of the call.</summary>
    public required Func<Desk, IMessage[]> Requests { get; init; }

    public StatusCode Code { get; init; } = StatusCode.InvalidArgument;

    public required string Reason { get; init; }

    /// <summary>The violations as <c>field REASON</c>, all of them.</summary>
    public string[] Violations { get; init; } = [];

    /// <summary>The metadata that must come along, as <c>key=value</c>.</summary>
    public string[] Metadata { get; init; } = [];

    /// <summary>A row of a table.</summary>
    /// <param name="sentence">The test's name.</param>
    public TestCaseData Named(string sentence) => new TestCaseData(this).SetName(sentence.Replace(' ', '_') + "_is_refused");

    /// <summary>With the reason and the violations: <c>field REASON</c> each. One reason alone stands for the call too, several are SEVERAL_VIOLATIONS.</summary>
    public static (string Reason, string[] Violations) Violating(params string[] violations)
    {
        var reasons = violations.Select(violation => violation.Split(' ')[1]).Distinct().ToList();
        return (reasons.Count == 1 ? reasons[0] : "SEVERAL_VIOLATIONS", violations);
    }
}
