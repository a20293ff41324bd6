using CreditShare.Tests.Conventions;

namespace CreditShare.Tests.Contract;

/// <summary>The compiled descriptors of a folder of protos, with everything they import, in a temporary file.</summary>
internal sealed class ContractImage : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("creditshare-contract-");

    private ContractImage()
    {
    }

    public string Path => System.IO.Path.Combine(_folder.FullName, "image.binpb");

    /// <summary>Compiles the contract of this tree.</summary>
    public static Task<ContractImage> OfContractAsync(CancellationToken cancellationToken) =>
        new ContractImage().CompileAsync(SourceTree.PathOf("protos"), cancellationToken);

    /// <summary>Compiles one file given as text.</summary>
    public static async Task<ContractImage> OfTextAsync(string name, string proto, CancellationToken cancellationToken)
    {
        var image = new ContractImage();
        var root = image._folder.CreateSubdirectory("protos");
        var file = new FileInfo(System.IO.Path.Combine(root.FullName, name));
        file.Directory!.Create();
        await File.WriteAllTextAsync(file.FullName, proto, cancellationToken);
        return await image.CompileAsync(root.FullName, cancellationToken);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private async Task<ContractImage> CompileAsync(string root, CancellationToken cancellationToken)
    {
        string[] files = [.. Directory.EnumerateFiles(root, "*.proto", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        var run = await ToolRun.OfAsync(
            BuildAssets.Protoc,
            ["--include_imports", "--include_source_info", $"--descriptor_set_out={Path}", .. Includes(root), .. files],
            cancellationToken);
        if (run.ExitCode == 0) return this;

        Dispose();
        throw new InvalidOperationException(run.Output);
    }

    private static IEnumerable<string> Includes(string root) => BuildAssets.ImportFolders.Prepend(root).Select(folder => $"--proto_path={folder}");
}
