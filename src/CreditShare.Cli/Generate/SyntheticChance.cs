namespace CreditShare.Cli.Generate;

/// <summary>
/// Chance that depends on the seed, the purpose and an index alone: the same on every machine and in every version, and row n can be
/// made without making the rows before it. The mixing is that of SplitMix64.
/// </summary>
internal readonly struct SyntheticChance(ulong seed)
{
    private const ulong Golden = 0x9E3779B97F4A7C15;

    /// <summary>A number from 0 up to, but without, the bound.</summary>
    internal int Below(int bound, Draw draw, long index) =>
        (int)(Mix(Mix(seed + ((ulong)draw * Golden)) + ((ulong)index * Golden)) % (ulong)bound);

    /// <summary>Whether this is one of about every so many indexes.</summary>
    internal bool OneIn(int count, Draw draw, long index) => Below(count, draw, index) == 0;

    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}

/// <summary>What is drawn; each draws independently of the others. The values are part of what a seed means.</summary>
internal enum Draw
{
    Kind = 1,
    Name = 2,
    SecondDocument = 3,
    Repeat = 4,
    RepeatOf = 5,
    Court = 6,
    DecisionDay = 7,
    FilingDay = 8,
    Ground = 9,
    Amount = 10,
    Performance = 11,
    Origin = 12,
    Mismatch = 13,
    Form = 14,
    Extension = 15,
    Service = 16,
}
