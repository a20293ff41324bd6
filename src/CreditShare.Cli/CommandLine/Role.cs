namespace CreditShare.Cli.CommandLine;

/// <summary>The identities that a development server leaves in its data folder.</summary>
internal enum Role
{
    Court,
    Bank,
    Department,
    Operator,
    Auditor,
}
