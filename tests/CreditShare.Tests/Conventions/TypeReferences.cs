using System.Reflection;
using System.Reflection.Emit;

namespace CreditShare.Tests.Conventions;

/// <summary>What a type names: in its signatures, its attributes and, instruction by instruction, in its methods.</summary>
/// <remarks>It reads what was compiled, so that an alias, a global using or a lambda hides nothing. Only constants, which the compiler copies, are not seen.</remarks>
internal static class TypeReferences
{
    private const BindingFlags Declared =
        BindingFlags.DeclaredOnly | BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    private static readonly Dictionary<short, OpCode> s_opCodes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => code.Value);

    /// <summary>Every type that a type names, generic arguments and element types included.</summary>
    public static IReadOnlySet<Type> Of(Type type)
    {
        var named = new HashSet<Type>();
        Add(named, type.BaseType);
        AddAll(named, type.GetInterfaces());
        AddAttributes(named, type);
        if (type.IsGenericTypeDefinition) AddAll(named, type.GetGenericArguments().SelectMany(argument => argument.GetGenericParameterConstraints()));

        foreach (var member in type.GetMembers(Declared))
        {
            AddAttributes(named, member);
            if (member is FieldInfo field) Add(named, field.FieldType);
            if (member is EventInfo happening) Add(named, happening.EventHandlerType);
            if (member is MethodBase method) AddMethod(named, method);
        }

        return named;
    }

    /// <summary>The methods and constructors that a method calls or takes the address of, with what was compiled into it.</summary>
    public static IEnumerable<MethodBase> CallsOf(MethodBase method) => MembersNamedBy(method).OfType<MethodBase>();

    /// <summary>Every method and constructor that a type declares.</summary>
    public static IEnumerable<MethodBase> MethodsOf(Type type) => type.GetMembers(Declared).OfType<MethodBase>();

    private static void AddMethod(HashSet<Type> named, MethodBase method)
    {
        if (method is MethodInfo { ReturnType: var returned }) Add(named, returned);
        foreach (var parameter in method.GetParameters())
        {
            Add(named, parameter.ParameterType);
            AddAttributes(named, parameter.CustomAttributes);
        }

        if (method.IsGenericMethodDefinition) AddAll(named, method.GetGenericArguments().SelectMany(argument => argument.GetGenericParameterConstraints()));
        if (method.GetMethodBody() is not { } body) return;

        AddAll(named, body.LocalVariables.Select(local => local.LocalType));
        AddAll(named, body.ExceptionHandlingClauses.Where(clause => clause.Flags == ExceptionHandlingClauseOptions.Clause).Select(clause => clause.CatchType));
        foreach (var member in MembersNamedBy(method))
        {
            Add(named, member as Type ?? member.DeclaringType);
            if (member is MethodInfo { IsGenericMethod: true } called) AddAll(named, called.GetGenericArguments());
        }
    }

    private static void AddAttributes(HashSet<Type> named, MemberInfo member) => AddAttributes(named, member.CustomAttributes);

    private static void AddAttributes(HashSet<Type> named, IEnumerable<CustomAttributeData> attributes)
    {
        foreach (var attribute in attributes)
        {
            Add(named, attribute.AttributeType);
            AddAll(named, attribute.ConstructorArguments.Select(argument => argument.Value).OfType<Type>());
            AddAll(named, attribute.NamedArguments.Select(argument => argument.TypedValue.Value).OfType<Type>());
        }
    }

    private static void AddAll(HashSet<Type> named, IEnumerable<Type?> types)
    {
        foreach (var type in types)
        {
            Add(named, type);
        }
    }

    private static void Add(HashSet<Type> named, Type? type)
    {
        while (type is { HasElementType: true })
        {
            type = type.GetElementType();
        }

        if (type is null || type.IsGenericParameter) return;
        if (type is { IsGenericType: true, IsGenericTypeDefinition: false })
        {
            AddAll(named, type.GetGenericArguments());
            type = type.GetGenericTypeDefinition();
        }

        if (named.Add(type)) Add(named, type.DeclaringType);
    }

    private static IEnumerable<MemberInfo> MembersNamedBy(MethodBase method)
    {
        if (method.GetMethodBody()?.GetILAsByteArray() is not { } code) yield break;

        var ofType = method.DeclaringType is { IsGenericType: true } type ? type.GetGenericArguments() : null;
        var ofMethod = method.IsGenericMethodDefinition ? method.GetGenericArguments() : null;
        foreach (var token in TokensIn(code))
        {
            if (method.Module.ResolveMember(token, ofType, ofMethod) is { } member) yield return member;
        }
    }

    private static List<int> TokensIn(byte[] code)
    {
        var tokens = new List<int>();
        var at = 0;
        while (at < code.Length)
        {
            short value = code[at++];
            if (value == 0xFE) value = unchecked((short)(0xFE00 | code[at++]));
            var operand = s_opCodes[value].OperandType;
            if (operand is OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineType or OperandType.InlineTok)
            {
                tokens.Add(BitConverter.ToInt32(code, at));
            }

            at += operand == OperandType.InlineSwitch ? 4 + (4 * BitConverter.ToInt32(code, at)) : SizeOf(operand);
        }

        return tokens;
    }

    private static int SizeOf(OperandType operand) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        _ => 4,
    };
}
