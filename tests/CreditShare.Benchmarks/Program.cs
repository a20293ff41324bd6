using CreditShare.Benchmarks;
using CreditShare.Benchmarks.Bench;
using CreditShare.Benchmarks.Push;
using CreditShare.Benchmarks.Rows.Check;
using CreditShare.Benchmarks.Rows.Connections;

// The bench: `dotnet run -c Release --project tests/CreditShare.Benchmarks -- floors` prints the figures of the main job.
return args switch
{
    ["bench", .. var rest] => await BenchRun.RunAsync(rest),
    [CheckPeer.Verb, .. var rest] => await CheckPeer.RunAsync(rest),
    [VariedServer.Verb, .. var rest] => await VariedServer.RunAsync(rest),
    ["floors", .. var rest] => await Floors.RunAsync(rest),
    ["micro", .. var rest] => Micro.Run(rest),
    ["push", .. var rest] => await PushFigures.RunAsync(rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("""
        usage: CreditShare.Benchmarks bench [ROW ...] [--quick] [--pairs N] [--out FOLDER]
               CreditShare.Benchmarks floors [--listings N] [--customers N] [--runs N]
               CreditShare.Benchmarks micro [BenchmarkDotNet options]
               CreditShare.Benchmarks push [throughput|sick|backlog] [--runs N] [--postgres true] [the part's options]

        bench   every row beside its peers, in turn; tests/bench.sh starts the servers it needs.
        floors  imports, screens and checks over mTLS on loopback, on SQLite, and on PostgreSQL with Redis when
                CREDITSHARE_TEST_POSTGRES and CREDITSHARE_TEST_REDIS name servers.
        micro   what is below a microsecond: parsing, hashing, probing.
        push    deliveries to receivers in this process: how many, beside a bare loop that posts the same bodies; how soon,
                without and with sick receivers beside them; how soon a withdrawal comes past a backlog.
                throughput: --endpoints N --singles N --changes N    sick: --healthy N --seconds N --rate N
                backlog: --changes N --healthy N --withdrawals N --rate N --slow MILLISECONDS
        """);
    return 2;
}
