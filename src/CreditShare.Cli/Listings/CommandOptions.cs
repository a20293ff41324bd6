using System.CommandLine;
using CreditShare.Cli.CommandLine;
using CreditShare.Client;
using CreditShare.V1;

namespace CreditShare.Cli.Listings;

/// <summary>What every command on an existing listing asks for: name, version, operator, request id.</summary>
internal sealed class CommandOptions
{
    internal Argument<string> Name { get; } = new("NAME") { Description = "The listing: courts/{court_code}/listings/{uuid}." };

    internal Option<long?> Version { get; } = new("--version")
    {
        Description = "The version you saw. Left out: the present one is read first.",
        HelpName = "N",
    };

    internal Option<string?> Operator { get; } = OperatorOption();

    internal Option<string?> RequestId { get; } = RequestIdOption();

    internal static Option<string?> OperatorOption() =>
        Values.Text("--operator", "Who answers for it. Left out: the user of this machine.", "WHO");

    internal static Option<string?> RequestIdOption() =>
        Values.Text("--request-id", "A UUID of yours; the same again repeats the first answer. Left out: a fresh one.", "UUID");

    internal void AddTo(Command command)
    {
        command.Arguments.Add(Name);
        command.Options.Add(Version);
        command.Options.Add(Operator);
        command.Options.Add(RequestId);
        command.Validators.Add(result =>
        {
            // The version is a part of the request: read anew, it would be another one after the first was carried out.
            if (result.GetResult(RequestId) is { Implicit: false } && result.GetResult(Version) is not { Implicit: false })
            {
                result.AddError("--request-id needs --version, the one that the first attempt named.");
            }
        });
    }

    /// <summary>Runs a command on a listing and prints the receipt.</summary>
    internal async Task<int> SendAsync(
        Invocation run,
        Func<CreditShareClient, CommandHead, Task<ListingReceipt>> send,
        CancellationToken cancellationToken)
    {
        using var connection = run.Connect(Role.Court);
        var head = new CommandHead(
            run.Get(Name)!,
            run.Get(Version) ?? (await connection.Client.GetListingAsync(run.Get(Name)!, cancellationToken)).Version,
            run.Get(RequestId) ?? Guid.NewGuid().ToString(),
            run.OperatorOf(Operator));
        var receipt = await RequestIds.TellOnDoubtAsync(run, RequestIds.RepeatOf(head), () => send(connection.Client, head));
        run.Print(receipt, ListingText.Write);
        return ExitCodes.Done;
    }
}

/// <summary>The fields that all commands on a listing share.</summary>
internal sealed record CommandHead(string Name, long Version, string RequestId, string Operator);
