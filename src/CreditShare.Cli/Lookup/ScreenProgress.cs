using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using CreditShare.Cli.CommandLine;

namespace CreditShare.Cli.Lookup;

/// <summary>How far a screening is: a small file beside its output, so that an interrupted one can be resumed.</summary>
internal sealed record ScreenProgress
{
    private const string Suffix = ".progress";

    /// <summary>Which input it is: SHA-256 of the whole.</summary>
    public required string Input { get; init; }

    /// <summary>Rows that are answered and whose results are in the files.</summary>
    public required long Rows { get; init; }

    /// <summary>Bytes of the output that belong to those rows.</summary>
    public required long OutputBytes { get; init; }

    /// <summary>Bytes of the file of invalid rows that belong to those rows; 0 without such a file.</summary>
    public required long InvalidBytes { get; init; }

    /// <summary>Rows of each kind so far.</summary>
    public required ScreenTally Tally { get; init; }

    internal static string PathFor(string output) => output + Suffix;

    internal static ScreenProgress Start(string input) =>
        new() { Input = input, Rows = 0, OutputBytes = 0, InvalidBytes = 0, Tally = new ScreenTally() };

    /// <summary>Reads where an interrupted screening is.</summary>
    /// <returns>Null if there is none to resume.</returns>
    /// <exception cref="CommandFailedException">It was of another input, or the file is damaged.</exception>
    internal static ScreenProgress? Load(string output, string input)
    {
        var path = PathFor(output);
        if (!File.Exists(path)) return null;

        ScreenProgress? progress;
        try
        {
            progress = JsonSerializer.Deserialize(File.ReadAllText(path), ScreenProgressJson.Default.ScreenProgress);
        }
        catch (JsonException ex)
        {
            throw new CommandFailedException($"{path} is damaged. Delete it to start anew.", inner: ex);
        }

        return progress?.Input == input
            ? progress
            : throw new CommandFailedException($"{path} is of another input. Delete it to start anew.");
    }

    /// <summary>Writes it in one step: a crash leaves the old one or the new one.</summary>
    internal void Save(string output)
    {
        var path = PathFor(output);
        var fresh = path + ".new";
        File.WriteAllText(fresh, JsonSerializer.Serialize(this, ScreenProgressJson.Default.ScreenProgress));
        File.Move(fresh, path, overwrite: true);
    }

    internal static void Remove(string output) => File.Delete(PathFor(output));

    /// <summary>Tells one input from another by all of it: a row changed in the middle would stand unasked in the results.</summary>
    internal static async Task<string> FingerprintAsync(string path, CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken));
    }
}

/// <summary>Rows by what became of them.</summary>
internal sealed record ScreenTally(long Listed = 0, long NameMismatch = 0, long Invalid = 0, long NotListed = 0);

/// <summary>Reads and writes the progress without reflection.</summary>
[JsonSerializable(typeof(ScreenProgress))]
internal sealed partial class ScreenProgressJson : JsonSerializerContext;
