using System.CommandLine;
using CreditShare.Cli.CommandLine;
using CreditShare.Core.Calendar;
using CreditShare.V1;

namespace CreditShare.Cli.Lookup;

/// <summary><c>check</c>: asks about one subject.</summary>
internal static class CheckCommand
{
    internal static Command Create(CliHost host)
    {
        var number = new Argument<string>("NUMBER") { Description = "The number of the subject's document." };
        var type = Values.Word<DocumentType>("--type", "The document's type; needed unless the number proves it by its check character.");
        var name = Values.Text("--name", "The subject's name; needed for a person.", "NAME");
        var country = Values.Text("--country", "A passport's issuing country, such as CHN.", "CODE");
        var birthDate = Values.Date("--birth-date", "The holder's birth date; needed with a passport.");
        var view = Values.Word<View>("--view", "How much of the listings to show.");
        var atLeast = Values.Text("--at-least", "Answer only from this position on: EPOCH:SEQUENCE.", "POSITION");
        var query = new QueryOptions();
        var command = new Command("check", "Ask whether somebody is listed. Exits 0 if not, 10 if listed, 11 if only the name differs.")
        {
            number, type, name, country, birthDate, view, atLeast,
        };
        query.AddTo(command);
        return command.Runs(host, async (run, stop) =>
        {
            var request = new CheckSubjectRequest
            {
                Document = new IdentityDocument
                {
                    Type = run.Has(type) ? run.Get(type) : TypeOf(run.Get(number)!, run.Get(country), host.Clock.Today()),
                    Number = run.Get(number),
                    Country = run.Get(country) ?? "",
                    HolderBirthDate = run.Get(birthDate).ToContract(),
                },
                Name = run.Get(name) ?? "",
                Purpose = query.Purpose(run),
                Reference = query.Reference(run),
                Operator = query.Operator(run),
                View = run.Get(view),
                AtLeast = run.Get(atLeast) is { } position ? PositionText.Parse(position) : null,
            };
            using var connection = run.Connect(Role.Bank);
            var answer = await connection.Client.CheckAsync(request, stop);
            run.Print(answer, AnswerText.Write);
            return ExitCodeOf(answer.Verdict);
        });
    }

    /// <summary>The exit code of a verdict; a verdict this tool does not know is no clearance.</summary>
    internal static int ExitCodeOf(Verdict verdict) => verdict switch
    {
        Verdict.NotListed => ExitCodes.Done,
        Verdict.Listed => ExitCodes.Listed,
        Verdict.NameMismatch => ExitCodes.NameMismatch,
        _ => throw new CommandFailedException("The answer has no verdict that this version knows."),
    };

    private static DocumentType TypeOf(string number, string? country, DateOnly today)
    {
        if (country is not null) return DocumentType.Passport;

        return DocumentGuess.TypesOf(number, today) switch
        {
            [var type] => type,
            [] when DocumentGuess.MeantBy(number, SubjectKind.Unspecified) is var meant and not DocumentType.Unspecified => meant,
            [] => throw CommandFailedException.Usage("The number's form does not tell its type: give --type."),
            var several => throw CommandFailedException.Usage(
                $"The number may be of several types; give --type {string.Join(" or ", several.Select(ContractWords<DocumentType>.Of))}."),
        };
    }
}
