using CreditShare.Benchmarks.Bench;
using CreditShare.Benchmarks.Rows.Check;
using CreditShare.Benchmarks.Rows.Submit;
using CreditShare.Benchmarks.Traffic;
using CreditShare.Client;
using static CreditShare.Benchmarks.Figures;

namespace CreditShare.Benchmarks.Rows;

/// <summary>What .NET lets an operator choose for the server's process, each choice beside the server as it is shipped.</summary>
internal sealed class SettingsRow : IRow
{
    private const int Callers = 64;
    private const int Connections = 4;
    private const int Customers = 50_000;

    // Each is read by .NET at the start of a process; a variable goes before what the program was built with.
    private static readonly (string Work, string Variable, string Value)[] s_variants =
    [
        ("workstation collector", "DOTNET_gcServer", "0"),
        ("no collecting beside the work", "DOTNET_gcConcurrent", "0"),
        ("a heap for each core, always", "DOTNET_GCDynamicAdaptationMode", "0"),
        ("no profile-guided recompilation", "DOTNET_TieredPGO", "0"),
        ("continuations on the sockets' thread", "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1"),
    ];

    public string Name => "settings";

    public string Title => "the server as it is shipped, beside other settings of .NET";

    public string Method =>
        "Two servers on SQLite with the same listings, one as it is shipped, one with an environment variable that changes a setting; a ratio above 1 speaks for what is shipped. "
        + $"Checks as in the row `check`, flat out, among 20,000 listings and those submitted since, 50,000 to 75,000; submits as in the row `submit`, on SQLite, 5,000 a turn. {Callers} callers each; both servers are warm "
        + "before they are measured. Not among the rows of a whole run: it takes some minutes and decides what changes seldom.";

    public async Task<IReadOnlyList<Finding>> RunAsync(BenchScene scene)
    {
        var submits = scene.Amount(5_000, 500);
        var before = scene.Amount(30_000, 1_000);
        var folder = scene.NewFolder("settings");
        var data = Path.Combine(folder, "data");
        await Tools.RunAsync(
            Tools.Cli, folder, "generate", "--listings", Text(scene.Amount(20_000, 2_000)), "--customers", Text(Customers), "--hits", Text(Customers / 100),
            "--out", data, "--seed", "2");
        var questions = CheckQuestions.Read(Path.Combine(data, "customers.csv"), Path.Combine(data, "expected-hits.csv"));
        var requests = SampleListings.Read(await SampleListings.MakeFileAsync(scene, before + (scene.Pairs * submits)))
            .ConvertAll(LoadQuestion.Frame);

        List<Finding> findings = [];
        foreach (var (work, variable, value) in s_variants)
        {
            // Both anew, so that neither has been at work for longer.
            await using var shipped = await StartAsync([]);
            await using var other = await StartAsync(new() { [variable] = value });
            var (ours, theirs) = await scene.InTurnAsync(() => Task.FromResult(shipped.Turn(submits)), () => Task.FromResult(other.Turn(submits)), warmUp: false);
            findings.Add(Of("checks", "calls/s", turn => turn.Checks));
            findings.Add(Of("submits", "1/s", turn => turn.Submits));

            Finding Of(string what, string unit, Func<(double Checks, double Submits), double> figure) => new()
            {
                Work = what,
                Unit = unit,
                Ours = [.. ours.Select(figure)],
                Peer = $"{work} ({variable}={value})",
                Peers = [.. theirs.Select(figure)],
            };
        }

        return findings;

        async Task<Subject> StartAsync(Dictionary<string, string> environment)
        {
            var server = await MeasuredServer.StartAsync(scene.NewFolder("server"), environment, $"--Access:CallsPerSecond={Text(10_000_000)}");
            await Tools.RunAsync(Tools.Cli, folder, "listing", "import", Path.Combine(data, "listings.csv"), "--data", server.Folder);
            var subject = new Subject(server, questions.ToLoad(), requests, TimeSpan.FromMilliseconds(scene.Amount(1_500, 300)));
            subject.WarmUp(before, TimeSpan.FromMilliseconds(scene.Amount(8_000, 1_000)));
            return subject;
        }
    }

    /// <summary>A server, what it is asked, and how much of that it has taken.</summary>
    private sealed class Subject : IAsyncDisposable
    {
        private static readonly TimeSpan s_settle = TimeSpan.FromMilliseconds(200);

        private readonly MeasuredServer _server;
        private readonly List<byte[]> _requests;
        private readonly TimeSpan _time;
        private readonly PartnerIdentity _bank;
        private readonly LoadClient _checks;
        private int _submitted;

        public Subject(MeasuredServer server, IReadOnlyList<LoadQuestion> questions, List<byte[]> requests, TimeSpan time)
        {
            (_server, _requests, _time) = (server, requests, time);
            _bank = PartnerIdentity.FromFolder(Path.Combine(server.Folder, "identities", "bank"));
            _checks = LoadClient.Open(server.Address, _bank, CheckQuestions.Rpc, Connections, questions);
        }

        public void WarmUp(int submits, TimeSpan checks)
        {
            _checks.Saturate(Callers, s_settle, checks);
            Submit(submits);
        }

        public (double Checks, double Submits) Turn(int submits) => (_checks.Saturate(Callers, s_settle, _time).PerSecond, Submit(submits));

        public async ValueTask DisposeAsync()
        {
            _checks.Dispose();
            _bank.Dispose();
            await _server.DisposeAsync();
        }

        private double Submit(int count)
        {
            var rate = SubmitLoad.Run(_server, _requests.GetRange(_submitted, count), Callers).Rate;
            _submitted += count;
            return rate;
        }
    }
}
