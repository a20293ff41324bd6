using CreditShare.Core.Numbers;

namespace CreditShare.Server.Lookup;

/// <summary>A subject somebody asks about, checked.</summary>
internal sealed record SubjectQuery
{
    /// <summary>The document.</summary>
    public required DocumentNumber Document { get; init; }

    /// <summary>The name; null only for an organisation.</summary>
    public required SubjectName? Name { get; init; }

    /// <summary>The holder's birth date; set for a passport, and only there: other numbers identify by themselves.</summary>
    public required DateOnly? HolderBirthDate { get; init; }
}
