using System.CommandLine;
using CreditShare.Cli.CommandLine;
using CreditShare.V1;
using Google.Protobuf.WellKnownTypes;

namespace CreditShare.Cli.Measures;

/// <summary><c>measure report</c>: what was done because of a listing, or that it was lifted.</summary>
internal static class ReportCommand
{
    internal static Command Create(CliHost host)
    {
        var reference = new Argument<string>("REFERENCE") { Description = "Your own reference: one measure each." };
        var listing = Values.Text("--listing", "The listing: courts/{court_code}/listings/{uuid}.", "NAME");
        var version = new Option<long>("--listing-version") { Description = "The version that was acted on.", HelpName = "N" };
        var code = Values.Text("--code", "The measure, such as 7.1.", "CODE");
        var outcome = Values.Word<MeasureOutcome>("--outcome", "What became of the matter; lifted closes the measure of the reference.");
        outcome.Required = true;
        var basis = Values.Text("--legal-basis", "On what it rests in law.");
        var at = Values.Instant("--at", "When it was applied, or lifted. Left out: now.");
        var branch = Values.Text("--branch", "Your branch.");
        var note = Values.Text("--note", "A note, without personal data.");
        var who = Values.Text("--operator", "Who answers for it, a pseudonym. Left out: the user of this machine.");
        var command = new Command("report", "Report a measure, or its lifting. The same report again changes nothing.")
        {
            reference, listing, version, code, outcome, basis, at, branch, note, who,
        };
        return command.Runs(host, async (run, stop) =>
        {
            var time = Timestamp.FromDateTimeOffset(run.Get(at) ?? run.Host.Clock.GetUtcNow());
            var measure = new Measure { Reference = run.Get(reference), Listing = run.Get(listing) ?? "", Code = run.Get(code) ?? "", Outcome = run.Get(outcome) };
            if (measure.Outcome == MeasureOutcome.Lifted)
            {
                measure.LiftTime = time;
            }
            else
            {
                measure.ApplyTime = time;
                measure.ListingVersion = run.Get(version);
                measure.LegalBasis = run.Get(basis) ?? "";
                measure.Branch = run.Get(branch) ?? "";
                measure.Note = run.Get(note) ?? "";
                measure.Operator = run.OperatorOf(who);
            }

            using var connection = run.Connect(Role.Department);
            run.Print(await connection.Client.ReportMeasureAsync(measure, stop), MeasureText.WriteLine);
            return ExitCodes.Done;
        });
    }
}
