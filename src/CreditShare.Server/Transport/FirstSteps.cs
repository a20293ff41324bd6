namespace CreditShare.Server.Transport;

/// <summary>What to type next, told by a development server to whoever started it.</summary>
internal static class FirstSteps
{
    private const string ServerProject = "CreditShare.Server";
    private const string CliProject = "CreditShare.Cli";

    /// <summary>The commands, with the path at which the command line really is.</summary>
    /// <param name="serverFolder">Where the server's program lies.</param>
    /// <param name="currentFolder">Where the user stands, and where the data folder is looked for.</param>
    public static string Text(string serverFolder, string currentFolder)
    {
        var program = Path.Combine(
            Path.TrimEndingDirectorySeparator(serverFolder).Replace(ServerProject, CliProject, StringComparison.Ordinal),
            OperatingSystem.IsWindows() ? "creditshare.exe" : "creditshare");
        var alias = File.Exists(program)
            ? $"""  alias creditshare="{Shorten(program, currentFolder)}" """.TrimEnd()
            : $"  dotnet build src/{CliProject}    # then take the creditshare it names";
        return $"""
            Try, in another shell in this folder:
            {alias}
              creditshare doctor
              creditshare demo
            """;
    }

    private static string Shorten(string path, string currentFolder)
    {
        var relative = Path.GetRelativePath(currentFolder, path);
        return relative.StartsWith("..", StringComparison.Ordinal) || Path.IsPathRooted(relative) ? path : "$PWD/" + relative.Replace('\\', '/');
    }
}
