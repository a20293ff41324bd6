using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace CreditShare.Cli.CommandLine;

/// <summary>The options that every verb takes.</summary>
internal static class GlobalOptions
{
    internal static readonly Option<Uri?> Server = new("--server")
    {
        Description = "Where the service is, such as https://localhost:7443. Left out: what the development server wrote into its data folder.",
        HelpName = "URL",
        Recursive = true,
        CustomParser = ParseUri,
    };

    internal static readonly Option<string?> Identity = new("--identity")
    {
        Description = "A folder with cert.pem, key.pem and ca.pem. Left out: the development identity of --as.",
        HelpName = "FOLDER",
        Recursive = true,
    };

    internal static readonly Option<Role?> As = new("--as")
    {
        Description = "The development identity: court, bank, department, operator or auditor. Left out: the one the verb is for.",
        HelpName = "ROLE",
        Recursive = true,
    };

    internal static readonly Option<string> Data = new("--data")
    {
        Description = "The development server's data folder.",
        HelpName = "FOLDER",
        Recursive = true,
        DefaultValueFactory = _ => "creditshare-data",
    };

    internal static readonly Option<bool> Json = new("--json")
    {
        Description = "Print protobuf's canonical JSON, one object a line.",
        Recursive = true,
    };

    internal static readonly Option<TimeSpan?> Timeout = new("--timeout")
    {
        Description = "How long one call may take, in seconds. Left out: 30.",
        HelpName = "SECONDS",
        Recursive = true,
        CustomParser = ParseSeconds,
    };

    internal static void AddTo(Command root)
    {
        root.Options.Add(Server);
        root.Options.Add(Identity);
        root.Options.Add(As);
        root.Options.Add(Data);
        root.Options.Add(Json);
        root.Options.Add(Timeout);
    }

    private static Uri? ParseUri(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps) return uri;

        result.AddError($"'{text}' is not an https address.");
        return null;
    }

    private static TimeSpan? ParseSeconds(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
            && seconds is > 0 and <= 86_400)
        {
            return TimeSpan.FromSeconds(seconds);
        }

        result.AddError($"'{text}' is not a number of seconds above 0 and up to 86400.");
        return null;
    }
}
