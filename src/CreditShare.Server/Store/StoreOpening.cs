using CreditShare.Core.Journal;
using CreditShare.Storage.Sealing;
using CreditShare.Storage.Sqlite;
using Microsoft.Extensions.Options;

namespace CreditShare.Server.Store;

/// <summary>Opens the engine before anything that stands on it is made.</summary>
internal sealed class StoreOpening(
    IOptions<DataOptions> data,
    IOptions<KeysOptions> keys,
    IHostEnvironment environment,
    TimeProvider clock,
    ILoggerFactory loggers)
{
    private const string DevelopmentKey = "keys/master.key";

    /// <summary>The open store.</summary>
    /// <exception cref="InvalidOperationException">Asked for before <see cref="OpenAsync"/>.</exception>
    public IStore Store
    {
        get => field ?? throw new InvalidOperationException("The store is not open.");
        private set;
    }

    /// <summary>The keys derived from the master key.</summary>
    /// <exception cref="InvalidOperationException">Asked for before <see cref="OpenAsync"/>.</exception>
    public Keyring Keys
    {
        get => field ?? throw new InvalidOperationException("The store is not open.");
        private set;
    }

    /// <summary>Opens it.</summary>
    /// <param name="cancellationToken">Stops the opening.</param>
    /// <exception cref="OptionsValidationException">A setting is missing or wrong.</exception>
    /// <exception cref="StoreMismatchException">The store is of another version or under another key, or in use by another server.</exception>
    /// <exception cref="StoreUnavailableException">It cannot be reached.</exception>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        Keys = OpenKeys();
        var logger = loggers.CreateLogger("CreditShare.Storage");
        Store = await SqliteStore.OpenAsync(
            new SqliteStoreOptions { Folder = data.Value.FullPath }, Keys, clock, logger, cancellationToken);
    }

    private Keyring OpenKeys()
    {
        if (keys.Value.MasterKeyFile is { } file) return Keyring.Open(Path.GetFullPath(file), MissingKeyFile.Refuse);
        if (environment.IsDevelopment()) return Keyring.Open(Path.Combine(data.Value.FullPath, DevelopmentKey), MissingKeyFile.Create);

        throw new OptionsValidationException(KeysOptions.Section, typeof(KeysOptions),
            ["Outside of development the server needs Keys:MasterKeyFile: a file of 32 random bytes with mode 0600."]);
    }
}
