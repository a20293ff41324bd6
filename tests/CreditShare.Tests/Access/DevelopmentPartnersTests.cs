using System.Collections.Immutable;
using CreditShare.Core.Access;
using CreditShare.Server.Access;
using CreditShare.Server.Store;
using CreditShare.Server.Transport;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NUnit.Framework;

namespace CreditShare.Tests.Access;

internal sealed class DevelopmentPartnersTests
{
    private readonly FakeRegistryStore _store = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("creditshare-identities-");

    [TearDown]
    public void RemoveFolder() => _folder.Delete(recursive: true);

    [Test]
    public async Task A_start_that_ended_before_its_new_certificate_was_registered_locks_nobody_out()
    {
        await StartAsync();
        var key = _store["dev-bank"].Keys.Single();
        Directory.Delete(DevelopmentIdentities.FolderOf(_folder.FullName, "bank"), recursive: true);
        DevelopmentIdentities.Ensure(_folder.FullName, TimeProvider.System);

        await StartAsync();

        Assert.That(_store["dev-bank"].Keys.Single().SpkiSha256, Is.Not.EqualTo(key.SpkiSha256).And.EqualTo(OnDisk("bank")));
    }

    [Test]
    public async Task A_key_that_an_operator_left_to_a_development_partner_stays()
    {
        await StartAsync();
        var added = new PartnerKey(new string('a', 64), DateTimeOffset.UnixEpoch);
        _store.With(_store["dev-bank"] with { Keys = [added] });

        await StartAsync();

        Assert.That(_store["dev-bank"].Keys, Is.EqualTo(ImmutableArray.Create(added)));
    }

    private string OnDisk(string role) => DevelopmentIdentities.Ensure(_folder.FullName, TimeProvider.System).Fingerprints[role];

    private async Task StartAsync()
    {
        var identity = new ServerIdentity(
            Options.Create(new TlsOptions()), Options.Create(new DataOptions { Folder = _folder.FullName }), new Development(), TimeProvider.System);
        await new DevelopmentPartners(identity, _store, TimeProvider.System, NullLogger<DevelopmentPartners>.Instance)
            .StartAsync(CancellationToken.None);
    }

    private sealed class Development : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = Environments.Development;

        public string ApplicationName { get; set; } = "";

        public string ContentRootPath { get; set; } = "";

        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }
}
