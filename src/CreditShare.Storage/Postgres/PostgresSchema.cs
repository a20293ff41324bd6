using CreditShare.Core.Journal;
using CreditShare.Storage.Sealing;
using Npgsql;

namespace CreditShare.Storage.Postgres;

/// <summary>Holds the database to this version's schema and to one master key.</summary>
internal static class PostgresSchema
{
    private const int OldestServer = 15;
    private const string KeyCheck = "key_check";

    /// <summary>Checks the schema and, if allowed, runs the migrations that are missing.</summary>
    /// <exception cref="StoreMismatchException">The server is too old, or the schema is of another version.</exception>
    public static Task<bool> PrepareAsync(PostgresConnections connections, bool migrate, CancellationToken cancellationToken) =>
        connections.RunPatientlyAsync(
            async (connection, token) =>
            {
                if (connection.PostgreSqlVersion.Major < OldestServer)
                {
                    throw new StoreMismatchException($"The server is PostgreSQL {connection.PostgreSqlVersion}; {OldestServer} or later is needed.");
                }

                await using var transaction = await connection.BeginTransactionAsync(token);
                await ExecuteAsync(connection, PostgresSql.LiftTimeout, token);
                await ExecuteAsync(connection, PostgresSql.LockSchema, token);
                var known = EmbeddedSql.ReadMigrations("Postgres");
                var version = await ReadVersionAsync(connection, token);
                CheckVersion(version, known[^1].Number, migrate);
                if (version == known[^1].Number) return true;

                await ExecuteAsync(connection, PostgresSql.CreateSchemaVersion, token);
                foreach (var migration in known.Where(migration => migration.Number > version))
                {
                    await ExecuteAsync(connection, migration.Sql, token);
                    await using var remember = new NpgsqlCommand(PostgresSql.InsertSchemaVersion, connection);
                    remember.Parameters.With(migration.Number);
                    await remember.ExecuteNonQueryAsync(token);
                }

                await transaction.CommitAsync(token);
                return true;
            },
            cancellationToken);

    /// <summary>Remembers the master key at the first start, and recognises it later.</summary>
    /// <exception cref="StoreMismatchException">The database was written under another key.</exception>
    public static async Task CheckKeyAsync(PostgresConnections connections, Keyring keys, CancellationToken cancellationToken)
    {
        var mine = keys.CheckValue.ToArray();
        await connections.WriteAsync(batch => batch.Then(PostgresSql.InsertMeta).With(KeyCheck).With(mine), cancellationToken);
        var kept = await connections.QueryAsync(
            PostgresSql.ReadMeta, parameters => parameters.With(KeyCheck), row => row.GetFieldValue<byte[]>(0), cancellationToken);
        if (!kept.Single().AsSpan().SequenceEqual(mine))
        {
            throw new StoreMismatchException("The database was written under another master key. Give the server that key's file.");
        }
    }

    private static void CheckVersion(int version, int known, bool migrate)
    {
        if (version > known)
        {
            throw new StoreMismatchException(
                $"The database has schema {version}, this version knows {known}: it was written by a later version. Run that one.");
        }

        if (version < known && !migrate)
        {
            throw new StoreMismatchException(
                $"The database has schema {version}, this version needs {known}. Make a backup, then run the verb migrate once.");
        }
    }

    private static async Task<int> ReadVersionAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var exists = new NpgsqlCommand(PostgresSql.HasSchemaVersion, connection);
        if (await exists.ExecuteScalarAsync(cancellationToken) is not true) return 0;

        await using var version = new NpgsqlCommand(PostgresSql.ReadSchemaVersion, connection);
        return (int)(await version.ExecuteScalarAsync(cancellationToken))!;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        // Only statements of the embedded files come here.
#pragma warning disable CA2100
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
