using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;

namespace CreditShare.Tests.Conventions;

/// <summary>A method and how many lines its body spans, from its first to its last statement.</summary>
internal sealed record MethodLength(string Name, int Lines);

/// <summary>Reads from the debug symbols how long each method is.</summary>
internal static class MethodLengths
{
    /// <summary>The methods of an assembly, lambdas within the method that holds them; constructors are left out, since field initialisers count as theirs.</summary>
    public static IEnumerable<MethodLength> Of(Assembly assembly)
    {
        using var stream = File.OpenRead(Path.ChangeExtension(assembly.Location, ".pdb"));
        using var provider = MetadataReaderProvider.FromPortablePdbStream(stream);
        var reader = provider.GetMetadataReader();
        var lengths = new List<MethodLength>();
        foreach (var handle in reader.MethodDebugInformation)
        {
            var information = reader.GetMethodDebugInformation(handle);
            if (information.Document.IsNil || IsGenerated(reader.GetString(reader.GetDocument(information.Document).Name))) continue;

            var method = assembly.ManifestModule.ResolveMethod(MetadataTokens.GetToken(handle.ToDefinitionHandle()))!;
            var points = information.GetSequencePoints().Where(point => !point.IsHidden).ToList();
            if (method is ConstructorInfo || points.Count == 0) continue;
            var lines = points.Max(point => point.EndLine) - points.Min(point => point.StartLine) + 1;
            lengths.Add(new($"{method.DeclaringType!.FullName}.{method.Name}", lines));
        }

        return lengths;
    }

    /// <summary>Three statements, five lines with its braces, which an optimised build does not show; for the test of the measure.</summary>
    internal static int Measured(int seed)
    {
        var sum = seed;
        sum += 1;
        return sum;
    }

    private static bool IsGenerated(string path) => path.Replace('\\', '/').Contains("/obj/", StringComparison.Ordinal);
}
