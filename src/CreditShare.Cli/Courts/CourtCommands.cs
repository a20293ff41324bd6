using System.CommandLine;
using System.Globalization;
using System.Text;
using CreditShare.Cli.CommandLine;
using CreditShare.Core.Courts;
using ContractCourt = CreditShare.V1.Court;
using ContractLevel = CreditShare.V1.CourtLevel;

namespace CreditShare.Cli.Courts;

/// <summary>The verbs of <c>court</c>.</summary>
internal static class CourtCommands
{
    internal static IEnumerable<Command> Create(CliHost host) => [CreateImport(host), CreateList(host)];

    private static Command CreateImport(CliHost host)
    {
        var file = new Argument<string>("FILE") { Description = $"CSV with the columns {CourtCsv.Header}." };
        return new Command("import", "Add courts and change known ones, all or none.") { file }.Runs(host, async (run, stop) =>
        {
            var result = Read(run.PathOf(run.Get(file)!));
            foreach (var fault in result.Faults)
            {
                // For people the first row after the header is row 1, as in every other table of this tool.
                host.Error.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"  row {fault.Row + 1}: {fault.Kind} {fault.Subject}").TrimEnd());
            }

            if (result.Faults.Count > 0) throw new CommandFailedException("Nothing was imported: the table has faults.");

            using var connection = run.Connect(Role.Operator);
            var known = await connection.Client.ImportCourtsAsync(result.Courts.Select(ToContract), stop);
            run.Print(
                new V1.ImportCourtsResponse { CourtCount = known },
                (output, response) => output.WriteLine(
                    string.Create(CultureInfo.InvariantCulture, $"{result.Courts.Count} imported, {response.CourtCount} known.")));
            return ExitCodes.Done;
        });
    }

    private static CourtCsvResult Read(string path)
    {
        using var reader = new StreamReader(path, Encoding.UTF8);
        try
        {
            return CourtCsv.Parse(reader);
        }
        catch (FormatException ex)
        {
            throw new CommandFailedException($"{path} is no table of courts. {ex.Message}.", inner: ex);
        }
    }

    private static Command CreateList(CliHost host) =>
        new Command("list", "List the courts by code.").Runs(host, async (run, stop) =>
        {
            using var connection = run.Connect(Role.Operator);
            await foreach (var court in connection.Client.ListCourtsAsync(stop))
            {
                run.Print(court, Write);
            }

            return ExitCodes.Done;
        });

    private static void Write(TextWriter output, ContractCourt court)
    {
        var validity = court.ValidFrom is null && court.ValidTo is null ? "" : $"  {court.ValidFrom.Form()} to {court.ValidTo.Form()}";
        var parent = court.ParentCode.Length > 0 ? $"  below {court.ParentCode}" : "";
        output.WriteLine($"{court.Code}  {court.DisplayName}  {ContractWords<ContractLevel>.Of(court.Level)}{parent}{validity}");
    }

    // The values of the two level enumerations are the same by contract.
    private static ContractCourt ToContract(Court court) => new()
    {
        Code = court.Code.Value,
        DisplayName = court.Name,
        Level = (ContractLevel)court.Level,
        ParentCode = court.Parent?.Value ?? "",
        ValidFrom = court.ValidFrom.ToContract(),
        ValidTo = court.ValidTo.ToContract(),
    };
}
