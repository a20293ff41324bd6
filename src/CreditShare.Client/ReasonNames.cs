using CreditShare.V1;

namespace CreditShare.Client;

/// <summary>Reasons as they travel: the names of the enumeration without their prefix.</summary>
public static class ReasonNames
{
    private const string Prefix = "ERROR_REASON_";

    /// <summary>The reason of that name, or <see cref="ErrorReason.Unspecified"/> for one this client does not know.</summary>
    /// <param name="name">Such as <c>NUMBER_CHECK_DIGIT</c>.</param>
    public static ErrorReason Parse(string? name)
    {
        var value = ErrorsReflection.Descriptor.EnumTypes[0].FindValueByName(Prefix + name);
        return value is null ? ErrorReason.Unspecified : (ErrorReason)value.Number;
    }

    /// <summary>The name of a reason, such as <c>NUMBER_CHECK_DIGIT</c>.</summary>
    /// <param name="reason">A reason; one outside the enumeration is named by its number.</param>
    public static string Of(ErrorReason reason)
    {
        var value = ErrorsReflection.Descriptor.EnumTypes[0].FindValueByNumber((int)reason);
        return value is null ? ((int)reason).ToString(System.Globalization.CultureInfo.InvariantCulture) : value.Name[Prefix.Length..];
    }
}
