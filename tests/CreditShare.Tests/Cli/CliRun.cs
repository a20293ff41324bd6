using CreditShare.Cli.CommandLine;

namespace CreditShare.Tests.Cli;

/// <summary>The tool within the test's process, on a machine without a server.</summary>
internal static class CliRun
{
    public static async Task<CliResult> RunAsync(params string[] args) => await RunAsync(input: "", args);

    public static async Task<CliResult> RunAsync(string input, string[] args)
    {
        var output = new StringWriter();
        var error = new StringWriter();
        using var host = Host(output, error, input);
        var code = await CreditShareTool.RunAsync(args, host);
        return new CliResult(code, output.ToString(), error.ToString());
    }

    public static CliHost Host(TextWriter output, TextWriter error, string input = "") => new()
    {
        Output = output,
        Error = error,
        Input = new StringReader(input),
        OutputIsTerminal = false,
        ErrorIsTerminal = false,
        CurrentFolder = Path.Combine(Path.GetTempPath(), "creditshare-without-a-server"),
        User = "tester",
    };
}

/// <summary>What a run left.</summary>
internal sealed record CliResult(int Code, string Output, string Error);
