using System.Runtime.CompilerServices;

namespace CreditShare.Tests.Conventions;

/// <summary>The files of the repository that people wrote.</summary>
internal static class SourceTree
{
    private static readonly string[] s_builtFolders = ["bin", "obj", "node_modules", "TestResults", "BenchmarkDotNet.Artifacts"];

    /// <summary>The folder that holds the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>A path below the root, in the separators of this machine.</summary>
    public static string PathOf(string path) => Path.Combine(Root, path.Replace('/', Path.DirectorySeparatorChar));

    /// <summary>The path below the root, with slashes.</summary>
    public static string NameOf(string path) => Path.GetRelativePath(Root, path).Replace(Path.DirectorySeparatorChar, '/');

    /// <summary>Every file of that ending below a folder of the root, without what a build makes.</summary>
    public static IEnumerable<string> Files(string folder, string ending)
    {
        var start = PathOf(folder);
        if (!Directory.Exists(start)) return [];
        return Directory.EnumerateFiles(start, "*" + ending, SearchOption.AllDirectories)
            .Where(file => !Path.GetRelativePath(start, file).Split(Path.DirectorySeparatorChar).Any(s_builtFolders.Contains))
            .Order(StringComparer.Ordinal);
    }

    private static string FindRoot([CallerFilePath] string thisFile = "")
    {
        // From where the tests were built first: a build on one machine may run on another.
        foreach (var start in new[] { AppContext.BaseDirectory, Path.GetDirectoryName(thisFile)! })
        {
            for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            {
                if (File.Exists(Path.Combine(folder.FullName, "CreditShare.sln"))) return folder.FullName;
            }
        }

        throw new InvalidOperationException("The tests must run below the folder that holds CreditShare.sln.");
    }
}
