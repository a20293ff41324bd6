using System.CommandLine;
using CreditShare.Cli.CommandLine;
using CreditShare.V1;

namespace CreditShare.Cli.Lookup;

/// <summary><c>candidates</c>: who of that name is listed. It never decides.</summary>
internal static class CandidatesCommand
{
    internal static Command Create(CliHost host)
    {
        var name = new Argument<string>("NAME") { Description = "The full name; compared exactly after normalisation." };
        var year = new Option<int?>("--birth-year") { Description = "The year of birth. This or --region is needed.", HelpName = "YEAR" };
        var region = Values.Text("--region", "The province as in the court's code (京, 粤 …). This or --birth-year is needed.", "CHARACTER");
        var query = new QueryOptions();
        var command = new Command("candidates", "Find listed persons or organisations by name, to help a human.") { name, year, region };
        query.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetResult(year) is null && result.GetResult(region) is null) result.AddError("--birth-year or --region is needed.");
        });
        return command.Runs(host, async (run, stop) =>
        {
            using var connection = run.Connect(Role.Bank);
            var response = await connection.Client.FindCandidatesAsync(
                new FindCandidatesRequest
                {
                    Name = run.Get(name),
                    BirthYear = run.Get(year) ?? 0,
                    Region = run.Get(region) ?? "",
                    Purpose = query.Purpose(run),
                    Reference = query.Reference(run),
                    Operator = query.Operator(run),
                },
                stop);
            run.Print(response, AnswerText.Write);
            return ExitCodes.Done;
        });
    }
}
