using System.CommandLine;
using CreditShare.Client;
using Google.Protobuf;

namespace CreditShare.Cli.CommandLine;

/// <summary>One run of a verb: its options, its output, its way to the service.</summary>
internal sealed class Invocation(ParseResult parse, CliHost host)
{
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(30);

    internal CliHost Host { get; } = host;

    internal TextWriter Output => Host.Output;

    internal bool IsJson => parse.GetValue(GlobalOptions.Json);

    internal T? Get<T>(Option<T> option) => parse.GetValue(option);

    internal T? Get<T>(Argument<T> argument) => parse.GetValue(argument);

    internal bool Has(Option option) => parse.GetResult(option) is { Implicit: false };

    /// <summary>A path as the user means it: from the folder the tool was started in.</summary>
    internal string PathOf(string path) => Path.GetFullPath(path, Host.CurrentFolder);

    internal string DataFolder => PathOf(parse.GetValue(GlobalOptions.Data)!);

    internal Uri? ServerOption => parse.GetValue(GlobalOptions.Server);

    /// <summary>Opens a client as the identity asked for, or as the one the verb is for.</summary>
    /// <exception cref="CommandFailedException">No address or no identity is to be found.</exception>
    internal CliConnection Connect(Role natural) => Open(parse.GetValue(GlobalOptions.As) ?? natural);

    /// <summary>As <see cref="Connect"/>, for a run that speaks as several: <c>--as</c> is not heard.</summary>
    internal CliConnection ConnectAs(Role role) => Open(role);

    /// <summary>The partner that this run speaks as: what the option says, else the development partner of the identity.</summary>
    /// <exception cref="CommandFailedException">The identity is no development one, and says nothing of the partner's id.</exception>
    internal string PartnerOf(Option<string?> option, Role natural)
    {
        if (parse.GetValue(option) is { Length: > 0 } id) return id;
        if (parse.GetValue(GlobalOptions.Identity) is not null)
        {
            throw CommandFailedException.Usage("--partner is needed: a certificate does not tell the partner's id.");
        }

        return "dev-" + (parse.GetValue(GlobalOptions.As) ?? natural).ToString().ToLowerInvariant();
    }

    /// <summary>Prints a message as JSON, or by the given text.</summary>
    internal void Print<T>(T message, Action<TextWriter, T> text)
        where T : IMessage
    {
        if (IsJson)
        {
            Output.WriteLine(JsonText.Line(message));
        }
        else
        {
            text(Output, message);
        }
    }

    /// <summary>Who answers for a command: the option, else the user of the machine.</summary>
    internal string OperatorOf(Option<string?> option)
    {
        var name = parse.GetValue(option) ?? Host.User;
        return string.IsNullOrWhiteSpace(name)
            ? throw CommandFailedException.Usage("--operator is needed: the environment names no user.")
            : name;
    }

    private CliConnection Open(Role role)
    {
        // The address first: where no server runs there are no identities either, and that is the effect, not the cause.
        var address = ServerAddress.Find(this);
        return CliConnection.Open(IdentityFolder.Find(this, role), new CreditShareClientOptions
        {
            Address = address,
            Deadline = parse.GetValue(GlobalOptions.Timeout) ?? DefaultTimeout,
            Clock = Host.Clock,
        });
    }
}
