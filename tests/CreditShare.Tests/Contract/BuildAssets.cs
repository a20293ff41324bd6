using System.Runtime.InteropServices;
using System.Text.Json;
using CreditShare.Tests.Conventions;

namespace CreditShare.Tests.Contract;

/// <summary>Where the restored packages of the contract's project lie: protoc, and the protos that ours import.</summary>
internal static class BuildAssets
{
    private static readonly Lazy<JsonDocument> s_assets = new(() =>
        JsonDocument.Parse(File.ReadAllText(SourceTree.PathOf("src/CreditShare.Contracts/obj/project.assets.json"))));

    /// <summary>The compiler that the build itself uses.</summary>
    public static string Protoc => Path.Combine(FolderOf("Grpc.Tools"), "tools", Platform, OperatingSystem.IsWindows() ? "protoc.exe" : "protoc");

    /// <summary>The folders in which protoc finds what the contract imports.</summary>
    public static IReadOnlyList<string> ImportFolders =>
        [Path.Combine(FolderOf("Google.Api.CommonProtos"), "content", "protos"), Path.Combine(FolderOf("Grpc.Tools"), "build", "native", "include")];

    private static string Platform => (OperatingSystem.IsWindows(), OperatingSystem.IsMacOS(), RuntimeInformation.OSArchitecture) switch
    {
        (true, _, _) => "windows_x64",
        (_, true, _) => "macosx_universal",
        (_, _, Architecture.Arm64) => "linux_arm64",
        _ => "linux_x64",
    };

    private static string FolderOf(string package)
    {
        var library = s_assets.Value.RootElement.GetProperty("libraries").EnumerateObject()
            .Single(each => each.Name.StartsWith(package + "/", StringComparison.OrdinalIgnoreCase));
        var path = library.Value.GetProperty("path").GetString()!;
        return s_assets.Value.RootElement.GetProperty("packageFolders").EnumerateObject()
            .Select(folder => Path.Combine(folder.Name, path))
            .First(Directory.Exists);
    }
}
