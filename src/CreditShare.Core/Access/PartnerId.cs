namespace CreditShare.Core.Access;

/// <summary>A registered agency's id: 2 to 40 characters of a–z, 0–9 and hyphen.</summary>
public readonly record struct PartnerId
{
    /// <summary>The longest id, in characters.</summary>
    public const int MaxLength = 40;

    private readonly string? _value;

    private PartnerId(string value) => _value = value;

    /// <summary>The system itself, which records expiry; no partner can be registered under it.</summary>
    public static PartnerId System { get; } = new("");

    /// <summary>The id.</summary>
    public string Value => _value ?? throw new InvalidOperationException("Partner id is not set.");

    /// <summary>Parses an id.</summary>
    /// <returns><see langword="false"/> if a character or the length is not allowed.</returns>
    public static bool TryParse(string? text, out PartnerId id)
    {
        id = default;
        if (text is not { Length: >= 2 and <= MaxLength } || text[0] == '-' || text[^1] == '-') return false;
        foreach (var character in text)
        {
            if (character is not ((>= 'a' and <= 'z') or (>= '0' and <= '9') or '-')) return false;
        }

        id = new PartnerId(text);
        return true;
    }

    /// <summary>An id read back from the store, which held only parsed ones.</summary>
    public static PartnerId Restore(string value) => value.Length == 0 ? System : new PartnerId(value);

    /// <inheritdoc/>
    public override string ToString() => _value ?? "";
}
