using System.Text;
using CreditShare.Core.Journal;
using CreditShare.Storage;
using CreditShare.Storage.Postgres;
using CreditShare.Storage.Sealing;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace CreditShare.IntegrationTests.Infrastructure;

/// <summary>PostgreSQL in a database of its own.</summary>
internal sealed class StoreOnPostgres : StoreEngine
{
    private PostgresDatabase? _database;

    /// <summary>Where the store is.</summary>
    public string ConnectionString => _database!.ConnectionString;

    public override Task<IStore> OpenAsync(Keyring keys, TimeProvider clock, ILogger logger, CancellationToken cancellationToken) =>
        PostgresStore.OpenAsync(
            new PostgresStoreOptions { ConnectionString = ConnectionString, Migrate = true }, keys, clock, logger, cancellationToken);

    // Every table as text, in which bytea stands as hexadecimal digits: those are put back into bytes.
    public override async Task<byte[]> ReadAllBytesAsync(CancellationToken cancellationToken)
    {
        var bytes = new MemoryStream();
        await using var source = NpgsqlDataSource.Create(ConnectionString);
        foreach (var table in await ReadTextsAsync(source, "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace", cancellationToken))
        {
            foreach (var row in await ReadTextsAsync(source, $"SELECT t::text FROM {table} AS t", cancellationToken))
            {
                bytes.Write(Encoding.UTF8.GetBytes(row));
                foreach (var part in row.Split("\\\\x").Skip(1))
                {
                    var digits = part.TakeWhile(char.IsAsciiHexDigitLower).Count() / 2 * 2;
                    bytes.Write(Convert.FromHexString(part.AsSpan(0, digits)));
                }
            }
        }

        return bytes.ToArray();
    }

    public override async Task TamperAsync(string sql, CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(ConnectionString);
        await ReadTextsAsync(source, sql, cancellationToken);
    }

    public override async Task TakeBackAsync(int schema, CancellationToken cancellationToken)
    {
        await TamperAsync("ALTER SCHEMA public RENAME TO newest", cancellationToken);
        await TamperAsync("CREATE SCHEMA public", cancellationToken);
        await TamperAsync(PostgresSql.CreateSchemaVersion, cancellationToken);
        foreach (var migration in EmbeddedSql.ReadMigrations("Postgres").Where(migration => migration.Number <= schema))
        {
            await TamperAsync(migration.Sql, cancellationToken);
            await TamperAsync($"INSERT INTO schema_version (number) VALUES ({migration.Number})", cancellationToken);
        }

        await using var source = NpgsqlDataSource.Create(ConnectionString);
        const string Tables =
            "SELECT table_name || ' ' || string_agg(quote_ident(column_name), ', ') FROM information_schema.columns "
            + "WHERE table_schema = 'public' AND table_name <> 'schema_version' GROUP BY table_name";
        foreach (var table in await ReadTextsAsync(source, Tables, cancellationToken))
        {
            var (name, columns) = (table[..table.IndexOf(' ')], table[table.IndexOf(' ')..]);
            await TamperAsync($"DELETE FROM public.{name}", cancellationToken);
            await TamperAsync($"INSERT INTO public.{name} ({columns}) SELECT {columns} FROM newest.{name}", cancellationToken);
        }

        await TamperAsync("DROP SCHEMA newest CASCADE", cancellationToken);
    }

    public override async ValueTask DisposeAsync()
    {
        if (_database is not null) await _database.DisposeAsync();
    }

    protected override async Task PrepareAsync(CancellationToken cancellationToken) =>
        _database = await PostgresDatabase.CreateAsync(cancellationToken);

    private static async Task<List<string>> ReadTextsAsync(NpgsqlDataSource source, string sql, CancellationToken cancellationToken)
    {
        // The statements are those of the tests.
#pragma warning disable CA2100
        await using var command = source.CreateCommand(sql);
#pragma warning restore CA2100
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var texts = new List<string>();
        while (await reader.ReadAsync(cancellationToken)) texts.Add(reader.GetString(0));
        return texts;
    }
}
