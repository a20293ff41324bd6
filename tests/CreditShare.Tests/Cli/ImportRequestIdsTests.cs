using CreditShare.Cli.Listings;
using NUnit.Framework;

namespace CreditShare.Tests.Cli;

internal sealed class ImportRequestIdsTests
{
    [Test]
    public async Task The_ids_of_a_file_are_the_same_each_time_follow_each_other_and_are_no_other_files()
    {
        var first = await IdsOfAsync("one file");
        var again = await IdsOfAsync("one file");
        var other = await IdsOfAsync("another file");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(again, Is.EqualTo(first));
            Assert.That(first.Intersect(other), Is.Empty);
            Assert.That(first, Is.Unique.And.Ordered.Using((IComparer<string>)StringComparer.Ordinal));
            Assert.That(first.Select(id => Guid.Parse(id).Version), Is.All.EqualTo(8));
        }
    }

    private static async Task<string[]> IdsOfAsync(string content)
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, content);
            var ids = await ImportRequestIds.OfFileAsync(file, CancellationToken.None);
            return [.. new long[] { 1, 2, 255, 256, 65_536, uint.MaxValue }.Select(ids.Of)];
        }
        finally
        {
            File.Delete(file);
        }
    }
}
