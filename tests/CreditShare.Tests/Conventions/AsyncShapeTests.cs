using System.Reflection;
using NUnit.Framework;

namespace CreditShare.Tests.Conventions;

internal sealed class AsyncShapeTests
{
    /// <summary>A batch is the work of several callers, none of whom may call it off for the others.</summary>
    private static readonly string[] s_batches = ["CreditShare.Storage.IDisclosureEngine.WriteAsync"];

    [Test]
    public void Asynchronous_methods_are_named_so_and_take_their_token_last()
    {
        var methods = Product.HandWritten.SelectMany(Product.WrittenTypes).SelectMany(WrittenMethods).ToList();

        Assert.That(methods, Is.Not.Empty, "nothing was scanned");
        Assert.That(methods.SelectMany(method => AsyncShapes.FaultsOf(method, tokenMayBeOptional: method.Module.Assembly == Product.Client)), Is.Empty);
    }

    [Test]
    public void Every_asynchronous_member_of_a_port_can_be_cancelled()
    {
        var members = Product.HandWritten.SelectMany(Product.WrittenTypes).Where(type => type.IsInterface)
            .SelectMany(WrittenMethods)
            .Where(method => method.Name.EndsWith("Async", StringComparison.Ordinal))
            .ToList();

        Assert.That(members, Is.Not.Empty, "nothing was scanned");
        Assert.That(
            members.Where(method => method.GetParameters().LastOrDefault()?.ParameterType != typeof(CancellationToken))
                .Select(method => $"{method.DeclaringType!.FullName}.{method.Name}")
                .Except(s_batches),
            Is.Empty);
    }

    [TestCase(nameof(Samples.AsyncFaults.Nameless), "does not end in Async")]
    [TestCase(nameof(Samples.AsyncFaults.PlainAsync), "cannot be awaited")]
    [TestCase(nameof(Samples.AsyncFaults.MisplacedAsync), "not last")]
    [TestCase(nameof(Samples.AsyncFaults.OptionalAsync), "optional")]
    public void A_fault_is_seen(string method, string fault)
    {
        var faulty = typeof(Samples.AsyncFaults).GetMethod(method)!;

        Assert.That(AsyncShapes.FaultsOf(faulty, tokenMayBeOptional: false), Has.One.Contains(fault));
    }

    private static IEnumerable<MethodInfo> WrittenMethods(Type type) =>
        TypeReferences.MethodsOf(type).OfType<MethodInfo>()
            .Where(method => !method.IsSpecialName && !Product.IsGenerated(method) && !AsyncShapes.IsImposed(method) && method.Name != "Main");
}
