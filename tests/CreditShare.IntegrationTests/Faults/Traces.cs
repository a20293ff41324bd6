using System.Text;

namespace CreditShare.IntegrationTests.Faults;

/// <summary>Looks for personal data where it must not be, in every form in which programs write text.</summary>
internal sealed class Traces
{
    private readonly List<(string Of, byte[] Bytes)> _forms = [];

    /// <param name="secrets">What must not be found.</param>
    public Traces(IEnumerable<string> secrets)
    {
        foreach (var secret in secrets)
        {
            var bytes = Encoding.UTF8.GetBytes(secret);
            _forms.Add(($"{secret} as text", bytes));
            _forms.Add(($"{secret} in lower-case hexadecimal", Encoding.ASCII.GetBytes(Convert.ToHexStringLower(bytes))));
            _forms.Add(($"{secret} in upper-case hexadecimal", Encoding.ASCII.GetBytes(Convert.ToHexString(bytes))));
            _forms.Add(($"{secret} in UTF-16", Encoding.Unicode.GetBytes(secret)));
            _forms.Add(($"{secret} escaped for a URL", Encoding.ASCII.GetBytes(Uri.EscapeDataString(secret))));
            _forms.Add(($"{secret} escaped for JSON", Encoding.ASCII.GetBytes(string.Concat(secret.Select(c => c < 128 ? $"{c}" : $"\\u{(int)c:x4}")))));
        }
    }

    /// <summary>Which of them are in something; each once.</summary>
    public IEnumerable<string> In(ReadOnlySpan<byte> place)
    {
        var found = new List<string>();
        foreach (var (of, bytes) in _forms)
        {
            if (place.IndexOf(bytes) >= 0) found.Add(of);
        }

        return found;
    }

    /// <summary>Which of them are in a text.</summary>
    public IEnumerable<string> In(string place) => In(Encoding.UTF8.GetBytes(place));
}
