namespace CreditShare.Cli.CommandLine;

/// <summary>What scripts may rely on.</summary>
internal static class ExitCodes
{
    /// <summary>Done.</summary>
    internal const int Done = 0;

    /// <summary>Refused by the service, or failed.</summary>
    internal const int Failed = 1;

    /// <summary>The command line itself is wrong.</summary>
    internal const int Usage = 2;

    /// <summary>The service could not be reached, or could not answer.</summary>
    internal const int Unreachable = 3;

    /// <summary><c>check</c>: the subject is listed.</summary>
    internal const int Listed = 10;

    /// <summary><c>check</c>: the document is listed under another name.</summary>
    internal const int NameMismatch = 11;
}
