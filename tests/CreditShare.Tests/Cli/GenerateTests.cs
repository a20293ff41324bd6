using CreditShare.Cli.Generate;
using CreditShare.Cli.Listings;
using CreditShare.Cli.Lookup;
using CreditShare.Core.Numbers;
using NUnit.Framework;

namespace CreditShare.Tests.Cli;

internal sealed class GenerateTests
{
    private const int Listings = 2_000;
    private const int Customers = 20_000;
    private const int Hits = 1_500;

    private static readonly DateOnly s_today = new(2026, 11, 24);

    [Test]
    public void The_same_seed_makes_the_same_files()
    {
        var listings = MakeListings(seed: 5);
        var customers = MakeCustomers(seed: 5);

        Assert.That(listings, Is.EqualTo(MakeListings(seed: 5)));
        Assert.That(listings, Is.Not.EqualTo(MakeListings(seed: 6)));
        Assert.That(customers, Is.EqualTo(MakeCustomers(seed: 5)));
    }

    [Test]
    public void Every_listing_is_lawful() =>
        Assert.That(Lawfulness.ProblemsIn(MakeListings(seed: 1), s_today).Where(p => p.Length > 0), Is.Empty);

    [Test]
    public void No_two_listings_share_a_case()
    {
        var cases = RowsOf(MakeListings(seed: 1)).Select(row => row.Fields.Text(ImportColumns.CaseNumber)).ToList();

        Assert.That(cases, Has.Count.EqualTo(Listings));
        Assert.That(cases.Distinct().ToList(), Has.Count.EqualTo(Listings));
    }

    /// <summary>A second way to the same answer: the listings by every number they are found under, and the names by eye.</summary>
    [Test]
    public async Task The_expected_verdicts_are_those_of_the_listings()
    {
        var names = NamesByNumber(MakeListings(seed: 1));
        var (customers, expected) = MakeCustomers(seed: 1);
        using var reader = new CustomerReader(new StringReader(customers));
        var verdicts = new List<string>();
        var row = 0;
        await foreach (var customer in reader.ReadAsync(CancellationToken.None))
        {
            row++;
            Assert.That(
                DocumentNumber.TryParse((DocumentType)customer.Type, customer.Number, "", s_today, out var number, out var fault),
                Is.True,
                $"row {row}: {fault}");
            var known = number.Equivalents.SelectMany(n => names[KeyOf(n)]).ToHashSet();
            if (known.Count == 0) continue;

            var isListed = customer.Name.Length == 0 || known.Contains(customer.Name);
            verdicts.Add($"{row},{(isListed ? "LISTED" : "NAME_MISMATCH")}");
        }

        using (Assert.EnterMultipleScope())
        {
            Assert.That(row, Is.EqualTo(Customers));
            Assert.That(verdicts, Has.Count.EqualTo(Hits));
            Assert.That(expected.TrimEnd().Split('\n').Skip(1), Is.EqualTo(verdicts));
            Assert.That(verdicts.Count(v => v.EndsWith("NAME_MISMATCH", StringComparison.Ordinal)), Is.GreaterThan(Hits / 50));
        }
    }

    [Test]
    public async Task Customers_come_in_the_forms_that_banks_have()
    {
        using var reader = new CustomerReader(new StringReader(MakeCustomers(seed: 1).Customers));
        var customers = await reader.ReadAsync(CancellationToken.None).ToListAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(customers, Has.Some.Matches<CreditShare.Client.ScreenSubject>(c => c.Number.Length == 15));
            Assert.That(customers, Has.Some.Matches<CreditShare.Client.ScreenSubject>(c => c.Number.EndsWith('x')));
            Assert.That(customers, Has.Some.Matches<CreditShare.Client.ScreenSubject>(c => c.Number.Contains(' ')));
            Assert.That(customers, Has.Some.Matches<CreditShare.Client.ScreenSubject>(c => c.Type == CreditShare.V1.DocumentType.HmPermit));
            Assert.That(customers, Has.Some.Matches<CreditShare.Client.ScreenSubject>(c => c.Type == CreditShare.V1.DocumentType.OrgCode));
        }
    }

    [Test]
    public void Numbers_are_given_to_nobody()
    {
        var numbers = new SyntheticNumbers(seed: 3);
        var people = Enumerable.Range(0, 5_000).Select(i => numbers.Person(i)).ToList();
        var organisations = Enumerable.Range(0, 5_000).Select(i => SyntheticNumbers.SocialCredit(numbers.OrganisationCode(i))).ToList();

        var passports = Enumerable.Range(0, 5_000).Concat([20_000_000, 49_999_999]).Select(i => numbers.Passport(i)).ToList();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(passports, Is.All.Match("^Z[V-Z][0-9]{7}$"));
            Assert.That(passports.Distinct().ToList(), Has.Count.EqualTo(passports.Count));
            Assert.That(people, Is.All.Matches<string>(n => n!.AsSpan(2, 4) is "0000"));
            Assert.That(organisations, Is.All.Matches<string>(n => n!.AsSpan(2, 6) is "990000"));
            Assert.That(people.Distinct().ToList(), Has.Count.EqualTo(5_000));
            Assert.That(organisations.Distinct().ToList(), Has.Count.EqualTo(5_000));
        }
    }

    [Test]
    public async Task The_verb_writes_its_three_files()
    {
        var folder = Directory.CreateTempSubdirectory("creditshare-generate-");
        try
        {
            var run = await CliRun.RunAsync(
                "generate", "--listings", "20", "--customers", "100", "--hits", "10", "--seed", "4", "--as-of", "2026-11-24", "--out", folder.FullName,
                "--json");
            var told = System.Text.Json.JsonDocument.Parse(run.Output).RootElement;

            using (Assert.EnterMultipleScope())
            {
                Assert.That(run.Code, Is.Zero, run.Error);
                Assert.That(told.GetProperty("folder").GetString(), Is.EqualTo(folder.FullName));
                Assert.That(told.GetProperty("hits").GetInt64(), Is.EqualTo(10));
                Assert.That(File.ReadLines(Path.Combine(folder.FullName, "listings.csv")).ToList(), Has.Count.EqualTo(21));
                Assert.That(File.ReadLines(Path.Combine(folder.FullName, "customers.csv")).ToList(), Has.Count.EqualTo(101));
                Assert.That(File.ReadLines(Path.Combine(folder.FullName, "expected-hits.csv")).ToList(), Has.Count.EqualTo(11));
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string MakeListings(ulong seed)
    {
        var output = new StringWriter { NewLine = "\n" };
        new ListingsFile(new SyntheticSubjects(seed), s_today).Write(output, Listings, _ => { });
        return output.ToString();
    }

    private static (string Customers, string Expected) MakeCustomers(ulong seed)
    {
        var customers = new StringWriter { NewLine = "\n" };
        var expected = new StringWriter { NewLine = "\n" };
        new CustomersFile(new SyntheticSubjects(seed), Listings, Customers, Hits).Write(customers, expected, _ => { });
        return (customers.ToString(), expected.ToString());
    }

    private static ILookup<string, string> NamesByNumber(string listings) =>
        RowsOf(listings)
            .SelectMany(row =>
            {
                var subject = ListingRow.Read(row.Fields, s_today).Subject;
                return subject.Documents.SelectMany(d => Keys(d), (_, key) => (key, subject.Name));
            })
            .ToLookup(pair => pair.key, pair => pair.Name);

    private static IEnumerable<string> Keys(CreditShare.V1.IdentityDocument document)
    {
        var isValid = DocumentNumber.TryParse((DocumentType)document.Type, document.Number, document.Country, s_today, out var number, out _);
        Assert.That(isValid, Is.True);
        return number.Equivalents.Select(KeyOf);
    }

    private static string KeyOf(DocumentNumber number)
    {
        Span<byte> key = stackalloc byte[DocumentNumber.MaxKeyBytes];
        return Convert.ToHexString(key[..number.WriteKey(key)]);
    }

    private static IEnumerable<(SourceRow Row, RowFields Fields)> RowsOf(string listings)
    {
        using var reader = new ImportReader(new StringReader(listings));
        while (reader.TryRead(out var row))
        {
            yield return (row, reader.FieldsOf(row));
        }
    }
}
