using CreditShare.V1;

namespace CreditShare.Client;

/// <summary>A subject to ask about in a screening.</summary>
/// <param name="Type">The document's type.</param>
/// <param name="Number">The document's number, as the caller has it.</param>
/// <param name="Name">The subject's name; may be empty for an organisation.</param>
/// <param name="Country">A passport's issuing country, ISO 3166-1; null for every other type.</param>
/// <param name="BirthDate">The holder's birth date, needed with a passport; else null.</param>
public readonly record struct ScreenSubject(
    DocumentType Type, string Number, string Name, string? Country = null, DateOnly? BirthDate = null)
{
    /// <summary>The document's type only: number and name belong in no log.</summary>
    public override string ToString() => Type.ToString();
}
