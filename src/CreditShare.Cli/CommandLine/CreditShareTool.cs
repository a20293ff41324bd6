using System.CommandLine;
using System.CommandLine.Invocation;
using CreditShare.Cli.Courts;
using CreditShare.Cli.Demo;
using CreditShare.Cli.Doctor;
using CreditShare.Cli.Feed;
using CreditShare.Cli.Generate;
using CreditShare.Cli.Listings;
using CreditShare.Cli.Lookup;
using CreditShare.Cli.Partners;
using CreditShare.Cli.Subscriptions;

namespace CreditShare.Cli.CommandLine;

/// <summary>The whole tool: every noun with its verbs.</summary>
internal static class CreditShareTool
{
    internal static async Task<int> RunAsync(IReadOnlyList<string> args, CliHost host)
    {
        var parse = CreateRoot(host).Parse(args);
        var surroundings = new InvocationConfiguration
        {
            Output = host.Output,
            Error = host.Error,
            EnableDefaultExceptionHandler = false,
        };
        if (parse.Action is ParseErrorAction wrong)
        {
            // The pages of help would bury the one line that says what is wrong.
            wrong.ShowHelp = false;
            surroundings.Output = host.Error;
            await parse.InvokeAsync(surroundings);
            host.Error.WriteLine("Add --help to see what is possible.");
            return ExitCodes.Usage;
        }

        var code = await parse.InvokeAsync(surroundings);
        await host.Output.FlushAsync();
        return code;
    }

    internal static RootCommand CreateRoot(CliHost host)
    {
        var root = new RootCommand("CreditShare: publish, check and follow the list of judgment defaulters.")
        {
            Noun("listing", "What courts do.",
            [
                PublishCommand.Create(host), ConfirmCommand.Create(host), CancelCommand.Create(host), ShowCommand.Create(host),
                VersionsCommand.Create(host), CorrectCommand.Create(host), ExtendCommand.Create(host),
                WithdrawCommand.Create(host), RevokeCommand.Create(host), ImportCommand.Create(host),
            ]),
            CheckCommand.Create(host),
            ScreenCommand.Create(host),
            CandidatesCommand.Create(host),
            Noun("feed", "How departments follow the list.",
                [FollowCommand.Create(host), ExportCommand.Create(host), HeadCommand.Create(host)]),
            Noun("subscription", "How changes are pushed to departments.", [ListenCommand.Create(host)]),
            Noun("partner", "Who may call, and for what.", PartnerCommands.Create(host)),
            Noun("court", "The courts as reference data.", CourtCommands.Create(host)),
            GenerateCommand.Create(host),
            DemoCommand.Create(host),
            DoctorCommand.Create(host),
        };
        root.HelpName = "creditshare";
        GlobalOptions.AddTo(root);
        return root;
    }

    private static Command Noun(string name, string description, IEnumerable<Command> verbs)
    {
        var noun = new Command(name, description);
        foreach (var verb in verbs)
        {
            noun.Subcommands.Add(verb);
        }

        return noun;
    }
}
