using System.Diagnostics;
using CreditShare.IntegrationTests.Infrastructure;
using CreditShare.IntegrationTests.MainJob;
using CreditShare.V1;
using Grpc.Core;

namespace CreditShare.IntegrationTests.Faults;

/// <summary>What a node said to one question.</summary>
/// <param name="Asked">When it was asked, on the interview's watch.</param>
/// <param name="Took">How long it took to say so.</param>
/// <param name="Verdict">The verdict, if it answered.</param>
/// <param name="Refusal">The refusal, if it did not.</param>
internal sealed record Reply(TimeSpan Asked, TimeSpan Took, Verdict? Verdict, Refusal? Refusal)
{
    /// <summary>Whether the node said that it may not answer now, in the manner of the contract.</summary>
    public bool IsStale => Refusal is { Code: StatusCode.Unavailable, Reason: "NODE_STALE", RetryAfter: not null };
}

/// <summary>Questions to one node, one after the other, with the time of each.</summary>
internal sealed class Interview(Scene scene)
{
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly List<Reply> _replies = [];

    /// <summary>All it has said, in order.</summary>
    public IReadOnlyList<Reply> Replies => _replies;

    /// <summary>How long the interview lasts.</summary>
    public TimeSpan Elapsed => _watch.Elapsed;

    /// <summary>Asks whether a resident is listed.</summary>
    public async Task<Reply> AskAsync(string number, string name, CancellationToken cancellationToken)
    {
        var asked = _watch.Elapsed;
        Verdict? verdict = null;
        Refusal? refusal = null;
        try
        {
            verdict = (await scene.CheckAsync(number, name, null, cancellationToken)).Verdict;
        }
        catch (RpcException e) when (!cancellationToken.IsCancellationRequested)
        {
            refusal = Refusal.Of(e);
        }

        var reply = new Reply(asked, _watch.Elapsed - asked, verdict, refusal);
        _replies.Add(reply);
        return reply;
    }

    /// <summary>Asks the same until the reply is as wanted.</summary>
    public async Task<Reply> AskUntilAsync(Func<Reply, bool> wanted, string number, string name, CancellationToken cancellationToken)
    {
        Reply? last = null;
        await Shell.WaitUntilAsync(async token => wanted(last = await AskAsync(number, name, token)), "another reply", cancellationToken);
        return last!;
    }
}
