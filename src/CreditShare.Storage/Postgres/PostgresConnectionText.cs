using Npgsql;

namespace CreditShare.Storage.Postgres;

/// <summary>Looks at a connection string before anything connects with it.</summary>
internal static class PostgresConnectionText
{
    /// <summary>Reads a connection string.</summary>
    /// <param name="text">The string.</param>
    /// <param name="holdsSecret">Whether it holds a password, under whatever name Npgsql has for it.</param>
    /// <param name="problem">What is wrong with it; never a value out of it.</param>
    /// <returns>Whether it can be read.</returns>
    public static bool TryRead(string text, out bool holdsSecret, out string problem)
    {
        (holdsSecret, problem) = (false, "");
        try
        {
            var settings = new NpgsqlConnectionStringBuilder(text);
            holdsSecret = !string.IsNullOrEmpty(settings.Password) || !string.IsNullOrEmpty(settings.SslPassword);
            return true;
        }
        catch (Exception e) when (e is ArgumentException or FormatException or OverflowException or InvalidCastException)
        {
            problem = e.Message;
            return false;
        }
    }
}
