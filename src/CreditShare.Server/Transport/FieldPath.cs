using System.Globalization;

namespace CreditShare.Server.Transport;

/// <summary>Where a field stands in a request. Its text is put together only when something is wrong there, which of most requests nothing is.</summary>
/// <param name="Prefix">What stands before the field's name, with its dot; empty at the top.</param>
/// <param name="Name">The field's name, or several joined with dots.</param>
/// <param name="Index">Its place in a repeated field; -1 for the field as a whole.</param>
/// <param name="Suffix">What stands behind, with its dot; empty for nothing.</param>
internal readonly record struct FieldPath(string Prefix, string Name, int Index = -1, string Suffix = "")
{
    /// <summary>A path that is a text already.</summary>
    public static implicit operator FieldPath(string path) => new("", path);

    /// <summary>A field below this one.</summary>
    public FieldPath Below(string name) => this with { Suffix = Suffix.Length == 0 ? "." + name : $"{Suffix}.{name}" };

    /// <summary>The path in the contract's words.</summary>
    public override string ToString() => Index < 0
        ? string.Concat(Prefix, Name, Suffix)
        : string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Name}[{Index}]{Suffix}");
}
