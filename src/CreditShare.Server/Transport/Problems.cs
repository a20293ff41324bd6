using CreditShare.V1;

namespace CreditShare.Server.Transport;

/// <summary>Gathers everything that is wrong with a request, so that its sender learns of all of it at once.</summary>
internal sealed class Problems
{
    /// <summary>Problems told at most; a request with more is told the first of them.</summary>
    public const int Limit = 200;

    private readonly List<FieldProblem> _found = [];

    /// <summary>Whether nothing is wrong so far.</summary>
    public bool IsEmpty => _found.Count == 0;

    /// <summary>What is wrong, in the order it was found.</summary>
    public IReadOnlyList<FieldProblem> Found => _found;

    /// <summary>Adds a problem; once, when form and rules both find it.</summary>
    /// <param name="field">The field's path in the request; empty for the request as a whole.</param>
    /// <param name="reason">What is wrong with it.</param>
    /// <param name="detail">More in English; never an identity number.</param>
    public void Add(string field, ErrorReason reason, string? detail = null)
    {
        if (_found.Count >= Limit || _found.Exists(known => known.Field == field && known.Reason == reason)) return;

        _found.Add(new FieldProblem(field, reason, detail));
    }

    /// <summary>Whether something is wrong with that field, or with one below it.</summary>
    public bool Has(string field)
    {
        foreach (var problem in _found)
        {
            if (!problem.Field.StartsWith(field, StringComparison.Ordinal)) continue;
            if (problem.Field.Length == field.Length || problem.Field[field.Length] is '.' or '[') return true;
        }

        return false;
    }

    /// <summary>The refusal these problems amount to.</summary>
    /// <exception cref="InvalidOperationException">Nothing is wrong.</exception>
    public RefusedException ToRefused() => RefusalMapping.ToRefused(_found);

    /// <summary>Refuses if anything is wrong.</summary>
    /// <exception cref="RefusedException">With the single reason, or with SEVERAL_VIOLATIONS.</exception>
    public void ThrowIfAny()
    {
        if (!IsEmpty) throw ToRefused();
    }
}
