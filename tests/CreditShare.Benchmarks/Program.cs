using CreditShare.Benchmarks;

// The bench: `dotnet run -c Release --project tests/CreditShare.Benchmarks -- floors` prints the figures of the main job.
return args switch
{
    ["floors", .. var rest] => await Floors.RunAsync(rest),
    ["micro", .. var rest] => Micro.Run(rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("""
        usage: CreditShare.Benchmarks floors [--listings N] [--customers N] [--runs N]
               CreditShare.Benchmarks micro [BenchmarkDotNet options]

        floors  imports, screens and checks over mTLS on loopback, on SQLite, and on PostgreSQL with Redis when
                CREDITSHARE_TEST_POSTGRES and CREDITSHARE_TEST_REDIS name servers.
        micro   what is below a microsecond: parsing, hashing, probing.
        """);
    return 2;
}
