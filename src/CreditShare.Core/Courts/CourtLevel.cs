namespace CreditShare.Core.Courts;

/// <summary>A court's place in the hierarchy; a greater value is a higher court.</summary>
public enum CourtLevel : byte
{
    /// <summary>Not given.</summary>
    Unspecified = 0,

    /// <summary>A basic court; its code has four digits.</summary>
    Basic = 1,

    /// <summary>An intermediate court; its code has two digits.</summary>
    Intermediate = 2,

    /// <summary>A High Court; its code is one character.</summary>
    High = 3,

    /// <summary>The Supreme People's Court, 最高法.</summary>
    Supreme = 4,
}
