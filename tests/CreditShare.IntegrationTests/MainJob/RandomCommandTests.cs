using CreditShare.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using NUnit.Framework;

namespace CreditShare.IntegrationTests.MainJob;

/// <summary>Random commands over few documents: every answer equals the fold of the journal.</summary>
[TestFixtureSource(typeof(Setting), nameof(Setting.All))]
internal sealed class RandomCommandTests(string setting)
{
    private const int Documents = 6;
    private const int Names = 2;
    private const int Steps = 250;

    [TestCase(1), TestCase(2), TestCase(3), CancelAfter(120_000)]
    public async Task Every_answer_equals_the_fold_of_the_journal(int seed, CancellationToken cancellationToken)
    {
        await using var scene = await Scene.OpenAsync(setting, cancellationToken);
        var random = new Random(seed);
        var alive = new List<(ListingReceipt Receipt, string Court, string Name)>();

        for (var step = 0; step < Steps; step++)
        {
            // Step 1: the court does something; a refusal is fine, the fold below is what counts.
            Position? written = null;
            try
            {
                written = (await ActAsync(scene, random, alive, cancellationToken))?.Position;
            }
            catch (RpcException e) when (e.StatusCode is StatusCode.AlreadyExists or StatusCode.FailedPrecondition or StatusCode.InvalidArgument)
            {
                // Already listed, nothing changed, identity replaced: refused as it should be.
            }

            // Step 2: the bank asks about any document under any name.
            var document = random.Next(Documents);
            var name = NameOf(random.Next(Names));
            var answer = await scene.CheckAsync(Cast.Resident(document), name, written, cancellationToken);

            // Step 3: the journal, folded up to the answer's sequence, says the same.
            var listings = await FoldAsync(scene, cancellationToken);
            var naming = listings.Where(listing => listing.Subject.Documents.Any(d => d.Number == Cast.Resident(document))).ToList();
            var expected = naming.Any(listing => listing.Subject.Name == name) ? Verdict.Listed
                : naming.Count > 0 ? Verdict.NameMismatch
                : Verdict.NotListed;
            Assert.That(answer.Verdict, Is.EqualTo(expected), $"seed {seed}, step {step}");
            if (expected == Verdict.Listed)
            {
                Assert.That(
                    answer.Listings.Select(listing => (listing.Name, listing.Version)),
                    Is.EquivalentTo(naming.Where(listing => listing.Subject.Name == name).Select(listing => (listing.Name, listing.Version))));
            }
        }
    }

    private static string NameOf(int number) => number == 0 ? "测试寅" : "测试卯";

    private static async Task<ListingReceipt?> ActAsync(
        Scene scene, Random random, List<(ListingReceipt Receipt, string Court, string Name)> alive, CancellationToken cancellationToken)
    {
        var numbers = Enumerable.Range(0, 1 + random.Next(2)).Select(_ => Cast.Resident(random.Next(Documents) / 2 * 2)).Distinct().ToArray();
        if (alive.Count < 4 || random.Next(3) == 0)
        {
            var court = random.Next(2) == 0 ? Cast.Court : Cast.OtherCourt;
            var name = NameOf(random.Next(Names));
            var receipt = await scene.PublishAsync(Cast.ListingOf(name, court, numbers), court, cancellationToken);
            alive.Add((receipt, court, name));
            return receipt;
        }

        var at = random.Next(alive.Count);
        var (listing, itsCourt, itsName) = alive[at];
        if (random.Next(2) == 0)
        {
            alive.RemoveAt(at);
            return random.Next(2) == 0
                ? await scene.WithdrawAsync(listing, EndReason.Performed, cancellationToken)
                : (await scene.Court.RevokeListingAsync(
                    new RevokeListingRequest { Name = listing.Name, ExpectedVersion = listing.Version, RequestId = Cast.NewId(), Operator = "书记员" },
                    cancellationToken: cancellationToken)).Receipt;
        }

        var corrected = await scene.Court.CorrectListingAsync(
            new CorrectListingRequest
            {
                Name = listing.Name,
                ExpectedVersion = listing.Version,
                RequestId = Cast.NewId(),
                Operator = "书记员",
                Listing = Cast.ListingOf(itsName, itsCourt, numbers),
                UpdateMask = new FieldMask { Paths = { "subject.documents", "subject.birth_date", "subject.sex" } },
            },
            cancellationToken: cancellationToken);
        alive[at] = (corrected.Receipt, itsCourt, itsName);
        return corrected.Receipt;
    }

    /// <summary>The published listings, folded from the changes that a department has received.</summary>
    private static async Task<List<Listing>> FoldAsync(Scene scene, CancellationToken cancellationToken)
    {
        var fold = new Dictionary<string, Listing?>(StringComparer.Ordinal);
        foreach (var change in await scene.FollowToHeadAsync(new Cursor(), cancellationToken)) fold[change.ListingName] = change.Listing;
        return [.. fold.Values.OfType<Listing>()];
    }
}
