using System.Globalization;

namespace CreditShare.IntegrationTests.Faults;

/// <summary>What a server shows its operator on the management port.</summary>
internal static class Metrics
{
    private static readonly HttpClient s_http = new() { Timeout = TimeSpan.FromSeconds(10) };

    /// <summary>The whole page.</summary>
    public static Task<string> ReadAsync(Uri management, CancellationToken cancellationToken) =>
        s_http.GetStringAsync(new Uri(management, "/metrics"), cancellationToken);

    /// <summary>The sum of a metric over all its rows that carry a label; 0 if it has none yet.</summary>
    /// <param name="management">The server's management address.</param>
    /// <param name="name">The metric's name on the page.</param>
    /// <param name="label">A label with its value, as <c>name="value"</c>; empty for all rows.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async Task<double> SumAsync(Uri management, string name, string label, CancellationToken cancellationToken) =>
        (from line in (await ReadAsync(management, cancellationToken)).Split('\n')
         where line.StartsWith(name + "{", StringComparison.Ordinal) || line.StartsWith(name + " ", StringComparison.Ordinal)
         where line.Contains(label, StringComparison.Ordinal)
         select double.Parse(ValueOf(line), CultureInfo.InvariantCulture)).Sum();

    // A row is a name, labels in braces if it has any, the value, and perhaps the time.
    private static string ValueOf(string row) => row[(row.LastIndexOf('}') is >= 0 and var end ? end + 1 : row.IndexOf(' ', StringComparison.Ordinal))..].Trim().Split(' ')[0];
}
