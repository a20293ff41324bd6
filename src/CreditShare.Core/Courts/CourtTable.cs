using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace CreditShare.Core.Courts;

/// <summary>The known courts. Immutable, so safe for concurrent callers; a changed table is a new one.</summary>
public sealed class CourtTable
{
    private const string SeedName = "CreditShare.Core.Courts.seed.csv";

    // Basic, intermediate, High, Supreme: a longer way up is a fault in the data and ends the walk.
    private const int MaxSteps = 4;

    private readonly FrozenDictionary<CourtCode, Court> _byCode;

    private CourtTable(IEnumerable<Court> courts)
    {
        Courts = [.. courts.OrderBy(court => court.Code)];
        _byCode = Courts.ToFrozenDictionary(court => court.Code);
    }

    /// <summary>A table without courts.</summary>
    public static CourtTable Empty { get; } = new([]);

    /// <summary>What the software brings along: the Supreme People's Court, the High Courts, a few courts below them and the made-up courts
    /// of region 测. A deployment imports the rest.</summary>
    public static CourtTable Seed { get; } = LoadSeed();

    /// <summary>All courts by code.</summary>
    public ImmutableArray<Court> Courts { get; }

    /// <summary>Finds a court by its code, whether it is valid today or not.</summary>
    public bool TryFind(CourtCode code, [NotNullWhen(true)] out Court? court) => _byCode.TryGetValue(code, out court);

    /// <summary>Whether a platform speaks for a court: it is that court, or stands above it. False if either is not in the table.</summary>
    public bool Covers(CourtCode platform, CourtCode court)
    {
        CourtCode? current = court;
        for (var step = 0; step < MaxSteps && current is { } code && TryFind(code, out var found); step++)
        {
            if (code == platform) return true;
            current = found.Parent;
        }

        return false;
    }

    /// <summary>A table with these courts added, or put in the place of those with the same code; of two with one code the later counts.
    /// Call <see cref="Validate"/> first: this takes what it is given.</summary>
    public CourtTable With(IEnumerable<Court> courts)
    {
        ArgumentNullException.ThrowIfNull(courts);
        var merged = _byCode.ToDictionary();
        foreach (var court in courts) merged[court.Code] = court;
        return new(merged.Values);
    }

    /// <summary>Checks rows that are to be added to this table by <see cref="With"/>.</summary>
    /// <returns>All faults, ordered by row; empty if the rows may be added. A row may have several.</returns>
    public IReadOnlyList<CourtFault> Validate(IReadOnlyList<Court> rows) => CourtTableCheck.Run(this, rows);

    private static CourtTable LoadSeed()
    {
        using var stream = typeof(CourtTable).Assembly.GetManifestResourceStream(SeedName)
            ?? throw new InvalidOperationException($"The resource {SeedName} is missing.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var parsed = CourtCsv.Parse(reader);
        return parsed.Faults.Count == 0 && Empty.Validate(parsed.Courts).Count == 0
            ? Empty.With(parsed.Courts)
            : throw new InvalidOperationException($"The resource {SeedName} has faults.");
    }
}
