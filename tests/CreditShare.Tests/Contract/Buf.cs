using CreditShare.Tests.Conventions;

namespace CreditShare.Tests.Contract;

/// <summary>buf over an image: it can fetch no imports here, so protoc builds the image with them.</summary>
internal static class Buf
{
    /// <summary>Where tests/run.sh put it; null if it did not.</summary>
    public static string? Program { get; } = Find();

    /// <summary>The problems that buf finds in the style of an image.</summary>
    public static Task<ToolRun> LintAsync(string image, CancellationToken cancellationToken) =>
        ToolRun.OfAsync(Program!, ["lint", image, "--config", Configuration], cancellationToken);

    /// <summary>What of an older image a newer one breaks.</summary>
    public static Task<ToolRun> BreakingAsync(string image, string against, CancellationToken cancellationToken) =>
        ToolRun.OfAsync(Program!, ["breaking", image, "--against", against, "--config", Configuration], cancellationToken);

    private static string Configuration => SourceTree.PathOf("protos/buf.yaml");

    private static string? Find()
    {
        var modules = Environment.GetEnvironmentVariable("CREDITSHARE_TEST_TOOLS") ?? SourceTree.PathOf(".tools/node_modules");
        var program = Path.Combine(modules, ".bin", OperatingSystem.IsWindows() ? "buf.cmd" : "buf");
        return File.Exists(program) ? program : null;
    }
}
