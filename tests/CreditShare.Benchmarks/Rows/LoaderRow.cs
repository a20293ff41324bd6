using CreditShare.Benchmarks.Bench;
using CreditShare.Benchmarks.Rows.Check;
using CreditShare.Benchmarks.Rows.Loader;
using CreditShare.Benchmarks.Traffic;

namespace CreditShare.Benchmarks.Rows;

/// <summary>What the bench's own load client costs, beside the one that everybody knows.</summary>
internal sealed class LoaderRow : IRow
{
    private const int Connections = 4;
    private const int Callers = 64;

    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(0.5);

    public string Name => "loader";

    public string Title => "the bench's load client beside h2load";

    public string Method =>
        "Both ask the same server the same: the bare grpc-dotnet echo of the row `check`, in a process of its own, over HTTP/2 in clear, for h2load takes no client certificate and "
        + $"our server nothing else. The same request each time, on {Connections} connections with {Callers} callers, each asking again once it has its answer. Ours is the client of the rows `check` "
        + "and `submit`, without its TLS; it compares every answer's verdict. h2load (nghttp2, one thread) counts statuses and bytes, which are compared with what so many answers must "
        + "come to. Client and server share the cores: what a client costs, the server has not. The nearer the ratio to 1, the less of a figure over mTLS is the client's.";

    public async Task<IReadOnlyList<Finding>> RunAsync(BenchScene scene)
    {
        var calls = scene.Amount(200_000, 50_000);
        var question = CheckQuestions.MakeForEcho();
        await using var echo = await PeerProcess.StartAsync(CheckPeer.Echo, server: null);
        using var client = LoadClient.Open(echo.Address, identity: null, CheckQuestions.Rpc, Connections, [.. Enumerable.Repeat(question, calls)]);
        var h2load = await H2Load.MakeAsync(
            new Uri(echo.Address, CheckQuestions.Rpc), scene.NewFolder("h2load"), question.Body, LoadQuestion.HeadBytes + EchoService.MakeAnswer().CalculateSize());

        // What runs for the first time is compiled while it does.
        client.Saturate(Callers, Settle, TimeSpan.FromSeconds(scene.Amount(8, 2)));

        var (ours, peers) = await scene.InTurnAsync(() => Task.FromResult(AskEach(client, calls)), () => h2load.RunAsync(calls, Connections, Callers));
        return
        [
            new Finding
            {
                Work = "echo in clear, flat out", Unit = "calls/s", Ours = [.. ours.Select(run => run.PerSecond)],
                Peer = "h2load", Peers = [.. peers.Select(run => run.PerSecond)],
            },
            new Finding
            {
                Work = "processor time of the client", Unit = "µs a call", Ours = [.. ours.Select(run => run.Microseconds)],
                Peer = "h2load", Peers = [.. peers.Select(run => run.Microseconds)],
            },
        ];
    }

    private static CallRate AskEach(LoadClient client, int calls)
    {
        var before = Environment.CpuUsage.TotalTime;
        var (elapsed, _) = client.AskEach(Callers);
        return new CallRate(calls / elapsed.TotalSeconds, (Environment.CpuUsage.TotalTime - before).TotalMicroseconds / calls);
    }
}
