using CreditShare.Core.Journal;
using CreditShare.Storage.Postgres;
using CreditShare.Storage.Sealing;
using CreditShare.Storage.Sqlite;
using Microsoft.Extensions.Options;

namespace CreditShare.Server.Store;

/// <summary>Opens the engine that the settings name, before anything that stands on it is made.</summary>
internal sealed class StoreOpening(
    IOptions<DataOptions> data,
    IOptions<PostgresOptions> postgres,
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
    /// <param name="schema">Whether an older schema is brought up to date; the embedded engine always does so.</param>
    /// <param name="cancellationToken">Stops the opening.</param>
    /// <exception cref="OptionsValidationException">A setting is missing or wrong.</exception>
    /// <exception cref="StoreMismatchException">The store is of another version or under another key, or in use by another server.</exception>
    /// <exception cref="StoreUnavailableException">It cannot be reached.</exception>
    public async Task OpenAsync(OldSchema schema, CancellationToken cancellationToken)
    {
        Keys = OpenKeys();
        var logger = loggers.CreateLogger("CreditShare.Storage");
        var settings = postgres.Value;
        if (string.IsNullOrEmpty(settings.ConnectionString))
        {
            Store = await SqliteStore.OpenAsync(
                new SqliteStoreOptions { Folder = data.Value.FullPath }, Keys, clock, logger, cancellationToken);
            return;
        }

        var options = new PostgresStoreOptions
        {
            ConnectionString = settings.ConnectionString,
            Password = await ReadPasswordAsync(settings.PasswordFile, cancellationToken),
            Migrate = schema == OldSchema.Migrate || settings.Migrate,
        };
        Store = await PostgresStore.OpenAsync(options, Keys, clock, logger, cancellationToken);
    }

    private Keyring OpenKeys()
    {
        if (keys.Value.MasterKeyFile is { } file) return Keyring.Open(Path.GetFullPath(file), MissingKeyFile.Refuse);
        if (environment.IsDevelopment()) return Keyring.Open(Path.Combine(data.Value.FullPath, DevelopmentKey), MissingKeyFile.Create);

        throw new OptionsValidationException(KeysOptions.Section, typeof(KeysOptions),
            ["Outside of development the server needs Keys:MasterKeyFile: a file of 32 random bytes with mode 0600."]);
    }

    private static async Task<string?> ReadPasswordAsync(string? file, CancellationToken cancellationToken)
    {
        if (file is null) return null;

        try
        {
            return (await File.ReadAllTextAsync(file, cancellationToken)).Trim();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new OptionsValidationException(
                PostgresOptions.Section, typeof(PostgresOptions), [$"Postgres:PasswordFile cannot be read: {exception.Message}"]);
        }
    }
}
