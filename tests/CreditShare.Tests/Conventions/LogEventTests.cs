using System.Reflection;
using Microsoft.Extensions.Logging;
using NUnit.Framework;

namespace CreditShare.Tests.Conventions;

internal sealed class LogEventTests
{
    private const int BlockSize = 1_000;

    private static List<(string Class, int Id)> Events { get; } =
    [
        .. from type in new[] { Product.Server, Product.Storage, Product.Receiver }.SelectMany(Product.WrittenTypes)
           from method in type.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
           let message = method.GetCustomAttribute<LoggerMessageAttribute>()
           where message is not null
           select (type.FullName!, message.EventId),
    ];

    [Test]
    public void Every_event_has_an_id_of_its_own()
    {
        Assert.That(Events, Is.Not.Empty, "nothing was scanned");
        Assert.That(Events.Select(happening => happening.Id), Is.Unique.And.All.GreaterThanOrEqualTo(BlockSize));
    }

    [Test]
    public void A_features_events_lie_in_one_block()
    {
        var blocks = Events.GroupBy(happening => happening.Class, happening => happening.Id / BlockSize);

        Assert.That(Events, Is.Not.Empty, "nothing was scanned");
        Assert.That(blocks.Where(block => block.Distinct().Count() > 1).Select(block => block.Key), Is.Empty);
    }
}
