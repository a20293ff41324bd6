using CreditShare.Cli.CommandLine;
using CreditShare.Client;

namespace CreditShare.Cli.Lookup;

/// <summary>One screening of a file.</summary>
internal sealed record ScreenJob
{
    internal required string Input { get; init; }

    internal required string Output { get; init; }

    internal required string? Invalid { get; init; }

    internal required string Encoding { get; init; }

    internal required bool Resume { get; init; }

    internal required ScreenOptions Options { get; init; }

    /// <summary>Runs it to its end.</summary>
    /// <returns>The counts over all runs that made up the screening.</returns>
    internal async Task<ScreenProgress> RunAsync(CliHost host, CreditShareClient client, CancellationToken cancellationToken)
    {
        var fingerprint = await ScreenProgress.FingerprintAsync(Input, cancellationToken);
        var progress = (Resume ? ScreenProgress.Load(Output, fingerprint) : null) ?? ScreenProgress.Start(fingerprint);
        var begin = progress.Rows;
        if (begin > 0 && progress.InvalidBytes > 0 != Invalid is not null)
        {
            throw new CommandFailedException("Resume it with --invalid just as it was begun: rows would be missing from that file.");
        }

        using var text = TextFiles.OpenText(Input, Encoding);
        using var customers = new CustomerReader(text);
        customers.Skip(begin);

        // Once: the length of a stream of a file is a question to the system.
        var length = Math.Max(1.0, text.BaseStream.Length);
        using (var writer = new ScreenWriter(Output, Invalid, progress))
        {
            await ProgressMeter.RunAsync(host, "screen", async meter =>
            {
                await foreach (var block in client.ScreenAsync(customers.ReadAsync(cancellationToken), Options, cancellationToken))
                {
                    progress = await writer.WriteAsync(block, begin + block.FirstIndex, progress);
                    progress.Save(Output);
                    meter.Add(block.SubjectCount);
                    meter.SetFraction(text.BaseStream.Position / length);
                }
            });
        }

        ScreenProgress.Remove(Output);
        return progress;
    }
}
