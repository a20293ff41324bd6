using CreditShare.Server.Store;

namespace CreditShare.Server.Verbs;

/// <summary>Something the program does instead of serving, on the machine itself.</summary>
/// <param name="Words">What is typed.</param>
/// <param name="Help">What it does, in one line.</param>
/// <param name="Schema">What it does with an older schema.</param>
/// <param name="RunAsync">Does it on the open store, and gives the exit code.</param>
internal sealed record Verb(
    string[] Words, string Help, OldSchema Schema, Func<WebApplication, TextWriter, CancellationToken, Task<int>> RunAsync)
{
    /// <summary>All of them.</summary>
    public static readonly Verb[] All =
    [
        new(["migrate"], "Brings the store's schema up to date.", OldSchema.Migrate, MigrateVerb.RunAsync),
        new(["verify"], "Walks the whole journal and proves its chain of hashes.", OldSchema.Refuse, VerifyVerb.RunAsync),
        new(["epoch", "raise"], "Begins a new life of the journal, after a restore or a failover that may have lost its tail.",
            OldSchema.Refuse, EpochVerb.RunAsync),
        new(["operator", "add"], "Registers the first operator: --id ID --certificate FILE.", OldSchema.Refuse, OperatorVerb.RunAsync),
    ];

    /// <summary>The verb that a command line begins with; null if there is none.</summary>
    public static Verb? Find(IReadOnlyList<string> args) =>
        Array.Find(All, verb => args.Count >= verb.Words.Length && args.Take(verb.Words.Length).SequenceEqual(verb.Words));

    /// <summary>What can be typed.</summary>
    public static string Usage { get; } = string.Join(Environment.NewLine, [
        "Usage: CreditShare.Server [verb] [--Section:Key=value …]",
        "  serve           Serves; the default.",
        .. All.Select(verb => $"  {string.Join(' ', verb.Words),-15} {verb.Help}"),
    ]);
}
