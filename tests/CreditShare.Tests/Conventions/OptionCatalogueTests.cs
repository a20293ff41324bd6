using NUnit.Framework;

namespace CreditShare.Tests.Conventions;

internal sealed class OptionCatalogueTests
{
    private static IReadOnlyList<DocumentedOption> Book { get; } = OptionCatalogue.RowsOf(File.ReadAllLines(SourceTree.PathOf("deploy/README.md")));

    [Test]
    public void The_operators_book_lists_every_option_as_it_is()
    {
        var options = OptionCatalogue.ClassesOf(Product.Server).SelectMany(OptionCatalogue.KeysOf).ToList();

        Assert.That(options, Is.Not.Empty, "nothing was scanned");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Lines(options.Except(Book)), Is.Empty, "rows that deploy/README.md lacks, or has with another default or other bounds");
            Assert.That(Lines(Book.Except(options)), Is.Empty, "rows of deploy/README.md that no options class has");
        }
    }

    [Test]
    public void Every_options_class_names_its_section()
    {
        var classes = OptionCatalogue.ClassesOf(Product.Server).ToList();

        Assert.That(classes, Is.Not.Empty, "nothing was scanned");
        Assert.That(classes.Where(type => OptionCatalogue.SectionOf(type) is null), Is.Empty);
    }

    [Test]
    public void The_book_names_no_option_twice() => Assert.That(Book.Select(row => row.Key), Is.Unique);

    [Test]
    public void A_row_is_made_of_what_the_class_says() =>
        Assert.That(
            OptionCatalogue.KeysOf(typeof(Samples.SampleOptions)),
            Is.EqualTo(
            [
                new DocumentedOption("Sample:Wait", "250 ms", "100 ms to 1 min"),
                new DocumentedOption("Sample:Keep", "24 h", "–"),
                new DocumentedOption("Sample:Most", "5000", "1 to 10000"),
                new DocumentedOption("Sample:File", "–", "–"),
            ]));

    [Test]
    public void A_row_is_read_from_a_table() =>
        Assert.That(
            OptionCatalogue.RowsOf(["| option | default | bounds | what it does |", "|---|---|---|---|", "| `Sample:Wait` | 250 ms | 100 ms to 1 min | Waits. |"]),
            Is.EqualTo([new DocumentedOption("Sample:Wait", "250 ms", "100 ms to 1 min")]));

    // In one piece, so that a failure shows every row, ready to be copied.
    private static string Lines(IEnumerable<DocumentedOption> options) => string.Join('\n', options);
}
