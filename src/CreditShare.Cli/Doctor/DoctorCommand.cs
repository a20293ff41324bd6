using System.CommandLine;
using CreditShare.Cli.CommandLine;

namespace CreditShare.Cli.Doctor;

/// <summary><c>doctor</c>: finds what stands between this machine and the service.</summary>
internal static class DoctorCommand
{
    internal static Command Create(CliHost host) =>
        new Command("doctor", "Check address, certificate, TLS, health, clock and registration, a verdict a line.")
            .Runs(host, (run, stop) => new Examination(run).RunAsync(stop));
}
