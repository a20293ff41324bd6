using System.Collections.Immutable;

namespace CreditShare.Core.Listings;

/// <summary>Collects what is wrong with a content, and keeps quiet about missing parts whose fault is known already.</summary>
/// <param name="alreadyViolated">Paths at which something was found wrong before; null for none.</param>
internal sealed class ContentFindings(IReadOnlySet<string>? alreadyViolated)
{
    // Nothing is wrong with nearly every row of an import, so there is no list until something is.
    private List<Violation>? _violations;

    public ImmutableArray<Violation> ToViolations() => _violations is null ? [] : [.. _violations];

    public void Add(string field, RefusalReason reason) => (_violations ??= []).Add(new Violation(field, reason));

    /// <summary>Says that a part is missing, unless a fault at its path, above it or below it explains why.</summary>
    public void AddMissing(string field, RefusalReason reason = RefusalReason.FieldRequired)
    {
        if (!Knows(field)) Add(field, reason);
    }

    /// <summary>Whether a fault was found before at that path, above it or below it.</summary>
    public bool Knows(string field) =>
        alreadyViolated is not null && alreadyViolated.Any(known => IsWithin(known, field) || IsWithin(field, known));

    public void LimitText(string? text, string field, int maxLength)
    {
        if (text?.Length > maxLength) Add(field, RefusalReason.FieldTooLong);
    }

    public void RequireText(string? text, string field, int maxLength)
    {
        if (string.IsNullOrWhiteSpace(text)) AddMissing(field);
        LimitText(text, field, maxLength);
    }

    /// <summary>Asks for a named value other than the one that stands for "not given".</summary>
    /// <returns>Whether it is one.</returns>
    public bool RequireEnum<T>(T value, string field)
        where T : struct, Enum
    {
        if (EqualityComparer<T>.Default.Equals(value, default))
        {
            AddMissing(field);
            return false;
        }

        if (Enum.IsDefined(value)) return true;

        Add(field, RefusalReason.FieldInvalid);
        return false;
    }

    private static bool IsWithin(string path, string outer) =>
        path.StartsWith(outer, StringComparison.Ordinal)
        && (path.Length == outer.Length || path[outer.Length] is '.' or '[');
}
