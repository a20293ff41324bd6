using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Net;
using CreditShare.Cli.CommandLine;

namespace CreditShare.Cli.Subscriptions;

/// <summary><c>subscription listen</c>: a receiver to try a subscription with, which prints each change that arrives.</summary>
internal static class ListenCommand
{
    private const int DefaultPort = 9000;

    internal static Command Create(CliHost host)
    {
        var port = new Option<int>("--port") { Description = "Where to listen; 0 takes a free one.", HelpName = "N", DefaultValueFactory = _ => DefaultPort };
        port.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && int.TryParse(text, CultureInfo.InvariantCulture, out var number) && number is < 0 or > ushort.MaxValue)
            {
                result.AddError($"'{text}' is not a port.");
            }
        });
        var address = new Option<IPAddress>("--address")
        {
            Description = "On which address of this machine.",
            HelpName = "IP",
            DefaultValueFactory = _ => IPAddress.Loopback,
            CustomParser = ParseAddress,
        };
        var secrets = new Option<string[]>("--secret") { Description = "The webhook's secret, whsec_…; twice while rotating. Left out: a new one, told.", HelpName = "SECRET" };
        var callers = new Option<string[]>("--caller-key") { Description = "By gRPC only from this key, the SHA-256 of its SPKI. Left out: from whoever connects.", HelpName = "HEX" };
        var certificate = Values.Text("--certificate", "The server's certificate, PEM. Left out: one for localhost, told.", "FILE");
        var key = Values.Text("--key", "Its private key, PEM.", "FILE");
        var state = Values.Text("--state", "Remember in this file how far each lane is. Left out: in memory.", "FILE");
        var fail = new Option<bool>("--fail") { Description = "Refuse everything with 503, in order to see what becomes of it." };
        var hang = new Option<bool>("--hang") { Description = "Answer nothing." };
        var slow = new Option<int>("--slow") { Description = "Wait before each answer.", HelpName = "MS" };
        slow.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && int.TryParse(text, CultureInfo.InvariantCulture, out var number) && number < 0)
            {
                result.AddError($"'{text}' is not a number of milliseconds.");
            }
        });
        var command = new Command("listen", "Receive a subscription's changes, by webhook and by gRPC, and print them.")
        {
            port, address, secrets, callers, certificate, key, state, fail, hang, slow,
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(certificate) is null != result.GetResult(key) is null) result.AddError("Give --certificate and --key, or neither.");
        });
        return command.Runs(host, (run, stop) => ListenServer.RunAsync(
            run,
            new ListenWish
            {
                Endpoint = new IPEndPoint(run.Get(address)!, run.Get(port)),
                Secrets = run.Get(secrets) ?? [],
                CallerKeys = run.Get(callers) ?? [],
                CertificateFile = run.Get(certificate) is { } file ? run.PathOf(file) : null,
                KeyFile = run.Get(key) is { } keyFile ? run.PathOf(keyFile) : null,
                StateFile = run.Get(state) is { } stateFile ? run.PathOf(stateFile) : null,
                Fails = run.Get(fail),
                Hangs = run.Get(hang),
                Delay = TimeSpan.FromMilliseconds(run.Get(slow)),
            },
            stop));
    }

    private static IPAddress? ParseAddress(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (IPAddress.TryParse(text, out var address)) return address;

        result.AddError($"'{text}' is not an IP address.");
        return null;
    }
}
