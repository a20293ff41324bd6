using CreditShare.Core.Numbers;

namespace CreditShare.Core.Courts;

/// <summary>The checks of court rows against each other and against a table.</summary>
internal static class CourtTableCheck
{
    internal static IReadOnlyList<CourtFault> Run(CourtTable table, IReadOnlyList<Court> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var faults = new List<CourtFault>();
        var seen = new HashSet<CourtCode>();
        var merged = table.With(rows.Where(row => row.Code != default));

        for (var i = 0; i < rows.Count; i++)
        {
            var row = rows[i];
            if (row.Code == default)
            {
                faults.Add(new(i, CourtFaultKind.BadCode, ""));
                continue;
            }

            faults.AddRange(Kinds(row, isFirst: seen.Add(row.Code), merged)
                .Select(kind => new CourtFault(i, kind, row.Code.Value)));
        }

        return faults;
    }

    private static IEnumerable<CourtFaultKind> Kinds(Court row, bool isFirst, CourtTable merged)
    {
        if (!SubjectName.TryParse(row.Name, out _, out _)) yield return CourtFaultKind.BadName;
        if (row.Level != row.Code.Level) yield return CourtFaultKind.WrongLevel;
        if (!isFirst) yield return CourtFaultKind.Duplicate;

        if (row.Parent is null != (row.Code.Level == CourtLevel.Supreme))
        {
            yield return CourtFaultKind.MissingParent;
        }
        else if (row.Parent is { } parent)
        {
            if (!merged.TryFind(parent, out var above))
            {
                yield return CourtFaultKind.UnknownParent;
            }
            else if (above.Code.Level <= row.Code.Level)
            {
                yield return CourtFaultKind.WrongParentLevel;
            }

            if (IsInCycle(row, merged)) yield return CourtFaultKind.Cycle;
        }

        if (row.ValidFrom > row.ValidTo) yield return CourtFaultKind.BadValidity;
    }

    private static bool IsInCycle(Court start, CourtTable merged)
    {
        var visited = new HashSet<CourtCode>();
        var next = start.Parent;
        while (next is { } code && visited.Add(code) && merged.TryFind(code, out var court))
        {
            if (code == start.Code) return true;
            next = court.Parent;
        }

        return false;
    }
}
