namespace CreditShare.Core.Numbers;

/// <summary>A person's sex as the identity document states it.</summary>
public enum Sex
{
    /// <summary>Not known.</summary>
    Unspecified = 0,

    /// <summary>Male.</summary>
    Male = 1,

    /// <summary>Female.</summary>
    Female = 2,
}
