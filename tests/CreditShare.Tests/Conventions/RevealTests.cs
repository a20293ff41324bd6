using NUnit.Framework;

namespace CreditShare.Tests.Conventions;

/// <summary>Where an identity number leaves the type that masks it. A new place is a decision: it is added here, with its reason.</summary>
internal sealed class RevealTests
{
    private static readonly string[] s_allowed =
    [
        // The values themselves: masks, equivalents, keys.
        "CreditShare.Core.Numbers.DocumentNumber",

        // The stored bytes, which leave it sealed only.
        "CreditShare.Storage.Codec.ListingBodies",

        // The whole number for partners that were granted the view FULL, and for the listing's own court.
        "CreditShare.Server.Mapping.DocumentMapping",
    ];

    [Test]
    public void Numbers_are_revealed_only_where_that_is_decided()
    {
        var places = Product.HandWritten.SelectMany(assembly => assembly.GetTypes()).SelectMany(PlacesIn).Distinct().Order().ToList();

        Assert.That(places, Is.Not.Empty, "nothing was scanned");
        Assert.That(places.Except(s_allowed), Is.Empty);
    }

    [Test]
    public void A_lambda_that_reveals_is_seen() =>
        Assert.That(typeof(Samples.Discloser).GetNestedTypes(System.Reflection.BindingFlags.NonPublic).SelectMany(PlacesIn), Is.Not.Empty);

    /// <summary>The outermost written type around each call, since lambdas and iterators live in types of their own.</summary>
    private static IEnumerable<string> PlacesIn(Type type) =>
        from method in TypeReferences.MethodsOf(type)
        from called in TypeReferences.CallsOf(method)
        where called.Name == "Reveal" && called.DeclaringType?.Assembly == Product.Core
        select Outermost(type).FullName;

    private static Type Outermost(Type type) => type.DeclaringType is { } outer ? Outermost(outer) : type;
}
