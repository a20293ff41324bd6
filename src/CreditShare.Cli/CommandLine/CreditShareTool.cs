using System.CommandLine;
using System.CommandLine.Invocation;
using CreditShare.Cli.Courts;
using CreditShare.Cli.Demo;
using CreditShare.Cli.Doctor;
using CreditShare.Cli.Feed;
using CreditShare.Cli.Generate;
using CreditShare.Cli.Listings;
using CreditShare.Cli.Lookup;
using CreditShare.Cli.Measures;
using CreditShare.Cli.Partners;
using CreditShare.Cli.Propagation;
using CreditShare.Cli.Subscriptions;

namespace CreditShare.Cli.CommandLine;

/// <summary>The whole tool: every noun with its verbs.</summary>
internal static class CreditShareTool
{
    internal static async Task<int> RunAsync(IReadOnlyList<string> args, CliHost host)
    {
        var parse = CreateRoot(host, args).Parse(args);
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

    /// <summary>Makes the tool's commands.</summary>
    /// <param name="host">What they run in.</param>
    /// <param name="args">What was typed: nouns that do not occur in it come without their verbs, since making them all costs a short
    /// command a third of its time. Null for all.</param>
    internal static RootCommand CreateRoot(CliHost host, IReadOnlyList<string>? args = null)
    {
        var root = new RootCommand("CreditShare: publish, check and follow the list of judgment defaulters.")
        {
            Noun("listing", "What courts do.", () =>
            [
                PublishCommand.Create(host), ConfirmCommand.Create(host), CancelCommand.Create(host), ShowCommand.Create(host),
                ListCommand.Create(host), VersionsCommand.Create(host), CorrectCommand.Create(host), ExtendCommand.Create(host),
                WithdrawCommand.Create(host), RevokeCommand.Create(host), ImportCommand.Create(host),
            ]),
            CheckCommand.Create(host),
            ScreenCommand.Create(host),
            CandidatesCommand.Create(host),
            Noun("feed", "How departments follow the list.",
                () => [FollowCommand.Create(host), ExportCommand.Create(host), HeadCommand.Create(host)]),
            Noun("subscription", "How changes are pushed to departments.", () => SubscriptionCommands.Create(host)),
            Noun("propagation", "Who was told of a listing, and who has applied its end.", () => PropagationCommands.Create(host)),
            Noun("measure", "What was done because of a listing.", () => MeasureCommands.Create(host)),
            Noun("partner", "Who may call, and for what.", () => PartnerCommands.Create(host)),
            Noun("court", "The courts as reference data.", () => CourtCommands.Create(host)),
            GenerateCommand.Create(host),
            DemoCommand.Create(host),
            DoctorCommand.Create(host),
        };
        root.HelpName = "creditshare";
        GlobalOptions.AddTo(root);
        return root;

        Command Noun(string name, string description, Func<IEnumerable<Command>> verbs)
        {
            var noun = new Command(name, description);
            if (args is not null && !args.Contains(name) && !args.Any(IsDirective)) return noun;

            foreach (var verb in verbs()) noun.Subcommands.Add(verb);
            return noun;
        }
    }

    // Such as [suggest], by which a shell asks for completions.
    private static bool IsDirective(string argument) => argument.StartsWith('[');
}
