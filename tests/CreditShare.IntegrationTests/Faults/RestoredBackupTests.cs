using CreditShare.Client;
using CreditShare.IntegrationTests.Infrastructure;
using CreditShare.IntegrationTests.MainJob;
using CreditShare.V1;
using NUnit.Framework;

namespace CreditShare.IntegrationTests.Faults;

/// <summary>A backup is restored that lacks what receivers have seen, as the operator's book tells.</summary>
[Platform(Exclude = "Win", Reason = "signals")]
internal sealed class RestoredBackupTests
{
    [Test, CancelAfter(240_000)]
    public async Task Once_the_epoch_is_raised_a_receiver_learns_where_the_histories_part(CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();
        var data = Path.Combine(folder.Path, "creditshare-data");
        var backup = Path.Combine(folder.Path, "backup");
        await ServeAsync(folder, server => PublishAsync(server, 1, cancellationToken), cancellationToken);
        CopyFolder(data, backup);

        // What the backup lacks, and a receiver has seen.
        Cursor seen = new();
        await ServeAsync(
            folder,
            async server =>
            {
                await PublishAsync(server, 2, cancellationToken);
                seen = await HeadAsync(server, cancellationToken);
            },
            cancellationToken);

        Directory.Delete(data, recursive: true);
        CopyFolder(backup, data);
        var raised = await ServerProcess.RunAsync(folder.Path, "Development", ["epoch", "raise"], cancellationToken);
        var verified = await ServerProcess.RunAsync(folder.Path, "Development", ["verify"], cancellationToken);

        FeedDivergedException? diverged = null;
        Cursor head = new();
        await ServeAsync(
            folder,
            async server =>
            {
                await PublishAsync(server, 3, cancellationToken);
                head = await HeadAsync(server, cancellationToken);
                using var department = Connect(server, "department");
                diverged = await Assert.ThrowsAsync<FeedDivergedException>(
                    async () => await department.ListChangesAsync(new ListChangesRequest { From = seen }, cancellationToken));
            },
            cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(raised.Code, Is.Zero, raised.Output);
            Assert.That(raised.Output, Does.StartWith("Epoch 2 begins with change 2."));
            Assert.That(verified.Code, Is.Zero, verified.Output);
            Assert.That((seen.Epoch, seen.Sequence), Is.EqualTo((1u, 2L)));
            Assert.That((head.Epoch, head.Sequence), Is.EqualTo((2u, 2L)));
            Assert.That(diverged?.LastCommon, Is.EqualTo(new Position { Epoch = 1, Sequence = 1 }));
        }
    }

    private static async Task ServeAsync(TemporaryFolder folder, Func<ServerProcess, Task> work, CancellationToken cancellationToken)
    {
        await using var server = await ServerProcess.ServeAsync(folder.Path, "Development", [], cancellationToken);
        await work(server);
        await server.TerminateAsync(cancellationToken);
        Assert.That(await server.WaitAsync(cancellationToken), Is.Zero, server.Output);
    }

    private static async Task PublishAsync(ServerProcess server, int number, CancellationToken cancellationToken)
    {
        using var court = Connect(server, "court");
        await court.PublishAsync(
            new PublishListingRequest
            {
                Parent = $"courts/{Cast.Court}",
                Listing = Cast.ListingOf("测试甲", Cast.Court, Cast.Resident(number)),
                Operator = "书记员",
            },
            cancellationToken);
    }

    private static async Task<Cursor> HeadAsync(ServerProcess server, CancellationToken cancellationToken)
    {
        using var department = Connect(server, "department");
        return (await department.GetHeadAsync(cancellationToken)).Head;
    }

    private static CreditShareClient Connect(ServerProcess server, string role) => new(new CreditShareClientOptions
    {
        Address = server.Address,
        Identity = PartnerIdentity.FromFolder(Path.Combine(server.DataFolder, "identities", role)),
    });

    private static void CopyFolder(string from, string to)
    {
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}
