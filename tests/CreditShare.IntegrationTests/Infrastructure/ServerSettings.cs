using Npgsql;

namespace CreditShare.IntegrationTests.Infrastructure;

/// <summary>A server's settings as it takes them.</summary>
internal static class ServerSettings
{
    private const string Postgres = "--Postgres:ConnectionString=";

    /// <summary>Puts the password of a PostgreSQL into a file of the folder, since the server takes none on its command line.</summary>
    public static string[] WithoutSecrets(IEnumerable<string> settings, string folder) =>
        [.. settings.SelectMany(setting => setting.StartsWith(Postgres, StringComparison.Ordinal) ? ForPostgres(setting[Postgres.Length..], folder) : [setting])];

    private static string[] ForPostgres(string connectionString, string folder)
    {
        var parts = new NpgsqlConnectionStringBuilder(connectionString);
        if (parts.Password is not { Length: > 0 } password) return [Postgres + connectionString];

        var file = Path.Combine(folder, "postgres-password");
        File.WriteAllText(file, password);
        parts.Remove("Password");
        return [Postgres + parts.ConnectionString, $"--Postgres:PasswordFile={file}"];
    }
}
