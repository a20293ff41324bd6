using System.Collections.Concurrent;
using Npgsql;

namespace CreditShare.Benchmarks;

/// <summary>Databases of their own on the server that CREDITSHARE_TEST_POSTGRES names.</summary>
internal static class Databases
{
    private static readonly ConcurrentQueue<string> s_made = new();

    /// <summary>How to reach the server; null if the environment names none.</summary>
    public static string? Postgres => Environment.GetEnvironmentVariable("CREDITSHARE_TEST_POSTGRES") is { Length: > 0 } text ? text : null;

    /// <summary>Makes a database.</summary>
    /// <param name="work">Where the password's file goes.</param>
    /// <param name="postgres">How to reach the server.</param>
    /// <param name="number">Parts databases of one process.</param>
    /// <returns>The settings of a CreditShare server that uses it.</returns>
    public static async Task<List<string>> MakeAsync(string work, string postgres, int number)
    {
        var database = $"creditshare_bench_{Environment.ProcessId}_{number}";
        await using var source = NpgsqlDataSource.Create(postgres);
        await using var command = source.CreateCommand($"CREATE DATABASE {database}");
        await command.ExecuteNonQueryAsync();
        s_made.Enqueue(database);
        var connection = new NpgsqlConnectionStringBuilder(postgres) { Database = database };
        List<string> settings = ["--Postgres:Migrate=true"];
        if (connection.Password is { Length: > 0 } password)
        {
            // The server takes a password from a file only.
            var file = Path.Combine(work, "postgres-password");
            await File.WriteAllTextAsync(file, password);
            settings.Add($"--Postgres:PasswordFile={file}");
            connection.Password = null;
        }

        settings.Add($"--Postgres:ConnectionString={connection.ConnectionString}");
        return settings;
    }

    /// <summary>Drops what this process has made, whoever is still connected. Else PostgreSQL goes round in each every minute, to see what there is to
    /// vacuum, and whatever is measured after that shares the cores with it.</summary>
    public static async Task DropAllAsync()
    {
        if (s_made.IsEmpty || Postgres is not { } postgres) return;

        try
        {
            await using var source = NpgsqlDataSource.Create(postgres);
            while (s_made.TryDequeue(out var database))
            {
                await using var command = source.CreateCommand($"DROP DATABASE IF EXISTS {database} WITH (FORCE)");
                await command.ExecuteNonQueryAsync();
            }
        }
        catch (NpgsqlException exception)
        {
            // What was measured counts all the same, and what failed before this has its own words.
            Console.Error.WriteLine($"Databases of the bench are left behind: {exception.Message}");
        }
    }
}
