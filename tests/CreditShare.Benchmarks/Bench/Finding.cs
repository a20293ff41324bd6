namespace CreditShare.Benchmarks.Bench;

/// <summary>One line of the table: what was measured at us and, in the same pairs, at a peer.</summary>
internal sealed record Finding
{
    /// <summary>What was done, in a few words.</summary>
    public required string Work { get; init; }

    /// <summary>Of the values: calls/s, ms, bytes.</summary>
    public required string Unit { get; init; }

    /// <summary>One value a pair, in the order of measuring.</summary>
    public required IReadOnlyList<double> Ours { get; init; }

    /// <summary>What a user would take instead; empty without a peer.</summary>
    public string Peer { get; init; } = "";

    /// <summary>The peer's values, as many as ours; empty without a peer.</summary>
    public IReadOnlyList<double> Peers { get; init; } = [];

    public Goal Goal { get; init; } = Goal.None;

    public double Median => Figures.Median(Ours);

    /// <summary>Ours over the peer's, pair by pair.</summary>
    public IReadOnlyList<double> Ratios => [.. Ours.Zip(Peers, (ours, peer) => ours / peer)];

    /// <summary>The median of <see cref="Ratios"/>; NaN without a peer.</summary>
    public double Ratio => Peers.Count == 0 ? double.NaN : Figures.Median(Ratios);
}
