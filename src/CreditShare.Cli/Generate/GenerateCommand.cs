using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using CreditShare.Cli.CommandLine;
using CreditShare.Core.Calendar;

namespace CreditShare.Cli.Generate;

/// <summary><c>generate</c>: listings and customers who do not exist, for trials and measurements.</summary>
internal static class GenerateCommand
{
    private const int BufferBytes = 256 * 1024;

    internal static Command Create(CliHost host)
    {
        var listings = Count("--listings", "How many listings.", 1_000);
        var customers = Count("--customers", "How many customers.", 10_000);
        var hits = Count("--hits", "How many of the customers are listed, under their own name or another.", 100);
        var folder = Values.Text("--out", "The folder for listings.csv, customers.csv and expected-hits.csv. Left out: the current one.", "FOLDER");
        var seed = new Option<long>("--seed") { Description = "The same seed makes the same files.", HelpName = "N", DefaultValueFactory = _ => 1 };
        var asOf = Values.Date("--as-of", "The day on which the listings are lawful. Left out: today.");
        var command = new Command("generate", "Make up listings and customers with valid check digits; none of them exists.")
        {
            listings, customers, hits, folder, seed, asOf,
        };
        return command.Runs(host, async (run, stop) =>
        {
            if (run.Get(hits) > run.Get(customers)) throw CommandFailedException.Usage("--hits cannot be more than --customers.");
            if (run.Get(hits) > 0 && run.Get(listings) == 0) throw CommandFailedException.Usage("--hits needs --listings.");

            var target = run.PathOf(run.Get(folder) ?? ".");
            Directory.CreateDirectory(target);
            var subjects = new SyntheticSubjects((ulong)run.Get(seed));
            var total = run.Get(listings) + run.Get(customers);
            await ProgressMeter.RunAsync(host, "generate", meter => Task.Run(
                () =>
                {
                    using (var output = Open(target, "listings.csv"))
                    {
                        new ListingsFile(subjects, run.Get(asOf) ?? host.Clock.Today()).Write(output, run.Get(listings), Written);
                    }

                    using var people = Open(target, "customers.csv");
                    using var expected = Open(target, "expected-hits.csv");
                    new CustomersFile(subjects, run.Get(listings), run.Get(customers), run.Get(hits)).Write(people, expected, Written);

                    void Written(long rows)
                    {
                        stop.ThrowIfCancellationRequested();
                        meter.Add(rows);
                        meter.SetFraction((double)meter.Rows / total);
                    }
                },
                stop));
            Report(run, target, (run.Get(listings), run.Get(customers), run.Get(hits)));
            return ExitCodes.Done;
        });
    }

    private static void Report(Invocation run, string target, (long Listings, long Customers, long Hits) made) =>
        run.Output.WriteLine(run.IsJson
            ? JsonText.Line(new JsonObject
            {
                ["folder"] = target,
                ["listings"] = made.Listings,
                ["customers"] = made.Customers,
                ["hits"] = made.Hits,
            })
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{made.Listings} listings, {made.Customers} customers of whom {made.Hits} are listed: {target}"));

    private static Option<long> Count(string name, string description, long usual)
    {
        var option = new Option<long>(name)
        {
            Description = $"{description} Left out: {usual}.",
            HelpName = "N",
            DefaultValueFactory = _ => usual,
        };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<long>() is < 0 or > SyntheticNumbers.Capacity / 2)
            {
                result.AddError($"{name} must be 0 to {SyntheticNumbers.Capacity / 2}.");
            }
        });
        return option;
    }

    private static StreamWriter Open(string folder, string name) =>
        new(Path.Combine(folder, name), append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), BufferBytes) { NewLine = "\n" };
}
