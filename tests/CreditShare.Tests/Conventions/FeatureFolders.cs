using System.Reflection;

namespace CreditShare.Tests.Conventions;

/// <summary>The folders below a root namespace, and who names whom.</summary>
internal sealed class FeatureFolders
{
    private readonly string _root;
    private readonly HashSet<string> _shared;
    private readonly ILookup<string, Type> _types;

    /// <param name="assembly">What is scanned.</param>
    /// <param name="root">The namespace whose next segment is the folder.</param>
    /// <param name="shared">The folders that every other may name; they may name each other, and no feature.</param>
    public FeatureFolders(Assembly assembly, string root, params string[] shared)
    {
        _root = root + ".";
        _shared = shared.ToHashSet(StringComparer.Ordinal);
        _types = assembly.GetTypes().Where(type => FolderOf(type) is not null).ToLookup(type => FolderOf(type)!);
    }

    /// <summary>Every folder, in order.</summary>
    public IReadOnlyList<string> Folders => [.. _types.Select(folder => folder.Key).Order()];

    /// <summary>The folders that are nobody's to name, in order.</summary>
    public IReadOnlyList<string> Features => [.. Folders.Where(folder => !_shared.Contains(folder))];

    /// <summary>Each place where a folder names a feature that is not itself, as a sentence.</summary>
    public IReadOnlyList<string> Trespasses() =>
    [
        .. from folder in _types
           from type in folder
           from named in TypeReferences.Of(type)
           where named.Assembly == type.Assembly
           let target = FolderOf(named)
           where target is not null && target != folder.Key && !_shared.Contains(target)
           orderby folder.Key, target
           select $"{folder.Key} names {target}: {type.FullName} → {named.FullName}",
    ];

    private string? FolderOf(Type type) =>
        type.Namespace is { } space && space.StartsWith(_root, StringComparison.Ordinal) ? space[_root.Length..].Split('.')[0] : null;
}
