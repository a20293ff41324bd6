namespace CreditShare.Cli.Listings;

/// <summary>Rows that somebody should look at.</summary>
internal sealed class DoubtfulRows
{
    /// <summary>How many are named; the rest is only counted.</summary>
    private const int MaxNamed = 20;

    private readonly List<long> _first = [];

    internal long Count { get; private set; }

    /// <summary>The first of them, as people write them.</summary>
    internal string Named => string.Join(", ", _first) + (Count > _first.Count ? " …" : "");

    internal void Add(long row)
    {
        Count++;
        if (_first.Count < MaxNamed) _first.Add(row);
    }
}
