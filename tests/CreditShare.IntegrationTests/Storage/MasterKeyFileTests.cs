using CreditShare.Core.Journal;
using CreditShare.IntegrationTests.Infrastructure;
using CreditShare.Storage.Sealing;
using NUnit.Framework;

namespace CreditShare.IntegrationTests.Storage;

internal sealed class MasterKeyFileTests
{
    private TemporaryFolder? _folder;

    private string File => Path.Combine(_folder!.Path, "keys", "master.key");

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => _folder?.Dispose();

    [Test]
    public void A_missing_key_is_refused_unless_it_may_be_made()
    {
        Assert.That(() => Keyring.Open(File, MissingKeyFile.Refuse), Throws.InstanceOf<StoreMismatchException>().With.Message.Contains("does not exist"));
        Assert.That(File, Does.Not.Exist);

        using var made = Keyring.Open(File, MissingKeyFile.Create);
        using var read = Keyring.Open(File, MissingKeyFile.Refuse);
        Assert.That(read.CheckValue.ToArray(), Is.EqualTo(made.CheckValue.ToArray()));
    }

    [Test]
    public void A_made_key_is_random_and_its_owners_alone()
    {
        MasterKeyFile.Read(File, MissingKeyFile.Create);
        var other = Path.Combine(_folder!.Path, "other.key");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(System.IO.File.ReadAllBytes(File), Has.Length.EqualTo(32).And.Not.EqualTo(MasterKeyFile.Read(other, MissingKeyFile.Create)));
            if (!OperatingSystem.IsWindows())
            {
                Assert.That(System.IO.File.GetUnixFileMode(File), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
            }
        }
    }

    [TestCase(UnixFileMode.GroupRead)]
    [TestCase(UnixFileMode.OtherRead)]
    [TestCase(UnixFileMode.GroupWrite)]
    public void A_key_that_others_can_touch_is_refused(UnixFileMode more)
    {
        MasterKeyFile.Read(File, MissingKeyFile.Create);
        if (!OperatingSystem.IsWindows()) System.IO.File.SetUnixFileMode(File, UnixFileMode.UserRead | UnixFileMode.UserWrite | more);

        Assert.That(() => Keyring.Open(File, MissingKeyFile.Create), Throws.InstanceOf<StoreMismatchException>().With.Message.Contains("0600"));
    }

    [TestCase(0x180, 1000u, 1000u, 1000u, 1000u, false)]   // 0600, one's own
    [TestCase(0x100, 1000u, 1000u, 1000u, 1000u, false)]   // 0400, one's own
    [TestCase(0x120, 0u, 1654u, 1654u, 1654u, false)]      // 0440, root's, mounted for the process's group
    [TestCase(0x120, 0u, 100u, 1654u, 1654u, true)]        // another group
    [TestCase(0x120, 1654u, 1654u, 1654u, 1654u, true)]    // one's own: nobody needs the group
    [TestCase(0x120, 1000u, 1654u, 1654u, 1654u, true)]    // somebody else's
    [TestCase(0x120, 0u, 0u, 0u, 0u, true)]                // root reads its own without a group
    [TestCase(0x1A0, 0u, 1654u, 1654u, 1654u, true)]       // 0640
    [TestCase(0x130, 0u, 1654u, 1654u, 1654u, true)]       // 0460
    [TestCase(0x124, 0u, 1654u, 1654u, 1654u, true)]       // 0444
    public void Only_a_secret_that_is_mounted_for_the_process_may_be_read_by_a_group(
        int mode, uint owner, uint group, uint user, uint own, bool refused) =>
        Assert.That(
            MasterKeyFile.IsOpenToOthers((UnixFileMode)mode, new FileOwner(owner, group), new FileOwner(user, own)), Is.EqualTo(refused));

    [Test]
    public void A_file_whose_owner_cannot_be_told_may_be_read_by_no_group() =>
        Assert.That(MasterKeyFile.IsOpenToOthers((UnixFileMode)0x120, owner: null, new FileOwner(1654, 1654)), Is.True);

    [Test, CancelAfter(120_000)]
    [Platform(Include = "Linux", Reason = "owners by number")]
    public async Task The_owner_is_the_one_that_the_system_names(CancellationToken cancellationToken)
    {
        MasterKeyFile.Read(File, MissingKeyFile.Create);
        var named = await Shell.RunAsync("stat -c %u:%g \"$1\"; echo \"$(id -u):$(id -g)\"", [File], cancellationToken);

        var (file, process) = (FileOwner.Of(File), FileOwner.OfProcess);
        Assert.That(named, Is.EqualTo($"{file?.User}:{file?.Group}\n{process?.User}:{process?.Group}\n"));
    }

    [TestCase(0)]
    [TestCase(31)]
    [TestCase(33)]
    [TestCase(64)]
    public void A_key_of_another_length_is_refused(int length)
    {
        MasterKeyFile.Read(File, MissingKeyFile.Create);
        System.IO.File.WriteAllBytes(File, new byte[length]);

        Assert.That(() => Keyring.Open(File, MissingKeyFile.Create), Throws.InstanceOf<StoreMismatchException>().With.Message.Contains("32"));
    }
}
