using CreditShare.Core.Courts;

namespace CreditShare.Server.Access;

/// <summary>The courts known to this node: those the software brings along and those that were imported.</summary>
internal sealed class CourtDirectory
{
    private volatile CourtTable _table = CourtTable.Seed;

    /// <summary>The table as it stands.</summary>
    public CourtTable Table => _table;

    /// <summary>A court's name; its code if the court is not known.</summary>
    public string NameOf(CourtCode code) => _table.TryFind(code, out var court) ? court.Name : code.Value;

    /// <summary>Puts the imported courts in force.</summary>
    public void Replace(IEnumerable<Court> imported) => _table = CourtTable.Seed.With(imported);
}
