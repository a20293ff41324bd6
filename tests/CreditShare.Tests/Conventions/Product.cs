using System.Reflection;
using System.Runtime.CompilerServices;

namespace CreditShare.Tests.Conventions;

/// <summary>The assemblies that ship, and their types as people wrote them.</summary>
internal static class Product
{
    public static Assembly Contracts { get; } = Assembly.Load("CreditShare.Contracts");

    public static Assembly Core { get; } = Assembly.Load("CreditShare.Core");

    public static Assembly Storage { get; } = Assembly.Load("CreditShare.Storage");

    public static Assembly Server { get; } = Assembly.Load("CreditShare.Server");

    public static Assembly Client { get; } = Assembly.Load("CreditShare.Client");

    public static Assembly Receiver { get; } = Assembly.Load("CreditShare.Receiver");

    public static Assembly Cli { get; } = Assembly.Load("creditshare");

    /// <summary>Those whose code is written by hand.</summary>
    public static IReadOnlyList<Assembly> HandWritten { get; } = [Core, Storage, Server, Client, Receiver, Cli];

    /// <summary>The types of an assembly without those that a compiler or a source generator made.</summary>
    public static IEnumerable<Type> WrittenTypes(Assembly assembly) => assembly.GetTypes().Where(IsWritten);

    /// <summary>Whether the compiler made the member or the type around it.</summary>
    public static bool IsGenerated(MemberInfo member) =>
        member.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false)
        || member.IsDefined(typeof(System.CodeDom.Compiler.GeneratedCodeAttribute), inherit: false)
        || member.Name.Contains('<', StringComparison.Ordinal)
        || (member.DeclaringType is { } outer && IsGenerated(outer));

    private static bool IsWritten(Type type) =>
        !IsGenerated(type) && type.Namespace is { } space && space.StartsWith("CreditShare.", StringComparison.Ordinal);
}
