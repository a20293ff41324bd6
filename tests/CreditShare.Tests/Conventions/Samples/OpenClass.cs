namespace CreditShare.Tests.Conventions.Samples;

/// <summary>Breaks the rule that classes are sealed, on purpose.</summary>
internal class OpenClass
{
    public virtual int Answer => 42;
}

/// <summary>Keeps the compiler from sealing its base in thought.</summary>
internal sealed class DerivedClass : OpenClass;
