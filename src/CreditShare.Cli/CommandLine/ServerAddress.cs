namespace CreditShare.Cli.CommandLine;

/// <summary>Where the service is.</summary>
internal static class ServerAddress
{
    /// <summary>The file in which a development server writes its address while it accepts calls.</summary>
    internal const string FileName = "address";

    internal static Uri Find(Invocation invocation)
    {
        if (invocation.ServerOption is { } given) return given;

        var file = Path.Combine(invocation.DataFolder, FileName);
        if (!File.Exists(file))
        {
            throw new CommandFailedException(
                $"No server is running on {invocation.DataFolder}. Start one there, or name one with --server and --identity.",
                ExitCodes.Unreachable);
        }

        var text = File.ReadAllText(file).Trim();
        return Uri.TryCreate(text, UriKind.Absolute, out var uri)
            ? uri
            : throw new CommandFailedException($"{file} does not hold an address.");
    }
}
