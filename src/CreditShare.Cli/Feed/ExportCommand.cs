using System.CommandLine;
using System.Text;
using CreditShare.Cli.CommandLine;
using CreditShare.Client;
using CreditShare.V1;

namespace CreditShare.Cli.Feed;

/// <summary><c>feed export</c>: the list as it stands, a JSON object a line, and the cursor to follow from.</summary>
internal static class ExportCommand
{
    private const string PartSuffix = ".part";

    internal static Command Create(CliHost host)
    {
        var file = Values.Text("--out", "The file to write, a Listing in canonical JSON a line. Left out: standard output.", "FILE");
        var filter = new FeedFilterOptions();
        var command = new Command("export", "Export the list as it stands; the cursor to follow from is printed at the end.") { file };
        filter.AddTo(command);
        return command.Runs(host, async (run, stop) =>
        {
            using var connection = run.Connect(Role.Department);
            if (run.Get(file) is not { } path)
            {
                var cursor = await WriteAsync(run, connection.Client, filter.Read(run), run.Output, stop);
                await run.Host.Error.WriteLineAsync($"cursor {PositionText.Form(cursor)}");
                return ExitCodes.Done;
            }

            // A file under its own name is complete: an export that broke off leaves only its part.
            var part = run.PathOf(path) + PartSuffix;
            Cursor end;
            await using (var output = new StreamWriter(part, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)))
            {
                end = await WriteAsync(run, connection.Client, filter.Read(run), output, stop);
            }

            File.Move(part, run.PathOf(path), overwrite: true);
            run.Print(end, (output, cursor) => output.WriteLine($"cursor {PositionText.Form(cursor)}"));
            return ExitCodes.Done;
        });
    }

    private static async Task<Cursor> WriteAsync(
        Invocation run, CreditShareClient client, FeedOptions options, TextWriter output, CancellationToken cancellationToken)
    {
        Cursor? cursor = null;
        await ProgressMeter.RunAsync(run.Host, "export", async meter =>
        {
            await foreach (var frame in client.ExportAsync(options, cancellationToken))
            {
                cursor = frame.Cursor;
                foreach (var listing in frame.Listings)
                {
                    await output.WriteLineAsync(JsonText.Line(listing));
                }

                meter.Add(frame.Listings.Count);
            }
        });
        return cursor ?? throw new CommandFailedException("The service sent no frame at all: there is nothing to follow from.");
    }
}
