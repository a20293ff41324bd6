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
