using System.Globalization;
using System.Reflection;

namespace CreditShare.Storage;

/// <summary>A step of the schema.</summary>
internal sealed record Migration(int Number, string Sql);

/// <summary>The statements of an engine, which live in files named for the operation.</summary>
internal static class EmbeddedSql
{
    private static readonly Assembly s_assembly = typeof(EmbeddedSql).Assembly;

    /// <summary>Reads a statement.</summary>
    public static string Read(string engine, string operation) => ReadResource($"CreditShare.Storage.{engine}.Sql.{operation}.sql");

    /// <summary>Reads the migrations of an engine, the first first.</summary>
    public static IReadOnlyList<Migration> ReadMigrations(string engine)
    {
        var prefix = $"CreditShare.Storage.{engine}.Migrations.";
        return
        [
            .. s_assembly.GetManifestResourceNames()
                .Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
                .Select(name => new Migration(
                    int.Parse(name.AsSpan(prefix.Length, 4), NumberStyles.None, CultureInfo.InvariantCulture), ReadResource(name))),
        ];
    }

    private static string ReadResource(string name)
    {
        using var stream = s_assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"{name} is not embedded.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
