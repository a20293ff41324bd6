using System.Reflection;
using System.Runtime.CompilerServices;

namespace CreditShare.Tests.Conventions;

/// <summary>How methods that can be awaited or enumerated asynchronously must look.</summary>
internal static class AsyncShapes
{
    private static readonly Type[] s_awaited = [typeof(Task), typeof(Task<>), typeof(ValueTask), typeof(ValueTask<>), typeof(IAsyncEnumerable<>)];

    /// <summary>Each fault of a method whose shape is ours to choose, as a sentence.</summary>
    public static IEnumerable<string> FaultsOf(MethodInfo method, bool tokenMayBeOptional)
    {
        var name = $"{method.DeclaringType!.FullName}.{method.Name}";
        if (IsAwaited(method.ReturnType) && !method.Name.EndsWith("Async", StringComparison.Ordinal)) yield return $"{name} does not end in Async";
        if (!IsAwaited(method.ReturnType) && method.Name.EndsWith("Async", StringComparison.Ordinal)) yield return $"{name} ends in Async but cannot be awaited";

        var parameters = method.GetParameters();
        var at = Array.FindIndex(parameters, parameter => parameter.ParameterType == typeof(CancellationToken));
        if (at < 0) yield break;
        if (at != parameters.Length - 1) yield return $"{name} has its CancellationToken not last";
        if (parameters[at].HasDefaultValue && !tokenMayBeOptional) yield return $"{name} has an optional CancellationToken";
    }

    /// <summary>Whether the name and the parameters are another's: an override, or the member of an interface that is not ours.</summary>
    public static bool IsImposed(MethodInfo method)
    {
        if (method.GetBaseDefinition() != method) return true;
        if (method.DeclaringType is not { IsInterface: false } type) return false;
        return type.GetInterfaces()
            .Where(contract => !Product.HandWritten.Contains(contract.Assembly))
            .Any(contract => type.GetInterfaceMap(contract).TargetMethods.Contains(method));
    }

    private static bool IsAwaited(Type type) =>
        s_awaited.Contains(type.IsGenericType ? type.GetGenericTypeDefinition() : type)
        || type.GetMethod(nameof(Task.GetAwaiter), BindingFlags.Instance | BindingFlags.Public) is { ReturnType: var awaiter }
            && typeof(INotifyCompletion).IsAssignableFrom(awaiter);
}
