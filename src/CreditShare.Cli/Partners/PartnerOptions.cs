using System.CommandLine;
using CreditShare.Cli.CommandLine;
using CreditShare.V1;

namespace CreditShare.Cli.Partners;

/// <summary>A registration as options.</summary>
internal sealed class PartnerOptions
{
    private readonly Option<string?> _displayName = Values.Text("--display-name", "The name for people.");
    private readonly Option<string[]> _rpcs = Strings("--rpc", "An RPC granted, such as creditshare.v1.LookupService/CheckSubject or creditshare.v1.LookupService/*.", "RPC");
    private readonly Option<View[]> _views = Values.Words<View>("--view", "The views granted.");
    private readonly Option<Purpose[]> _purposes = Values.Words<Purpose>("--purpose", "The purposes granted.");
    private readonly Option<string[]> _courts = Strings("--court", "A court it speaks for, by code.", "CODE");
    private readonly Option<string[]> _platforms = Strings("--platform", "A court it speaks for with all courts below it, by code.", "CODE");
    private readonly Option<int> _calls = new("--calls-per-second") { Description = "0 for the server's default.", HelpName = "N" };
    private readonly Option<int> _subjects = new("--subjects-per-second") { Description = "0 for the server's default.", HelpName = "N" };
    private readonly Option<string[]> _ranges = Strings("--address-range", "A private range in which its endpoints may lie, such as 10.20.0.0/16.", "CIDR");
    private readonly Option<bool> _suspended = new("--suspended") { Description = "Refuse it everything; --suspended false ends that." };

    internal void AddTo(Command command)
    {
        Option[] all = [_displayName, _rpcs, _views, _purposes, _courts, _platforms, _calls, _subjects, _ranges, _suspended];
        foreach (var option in all)
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Puts what was given into a registration.</summary>
    /// <returns>The paths of the fields that were given.</returns>
    internal IReadOnlyList<string> ApplyTo(Partner partner, Invocation run)
    {
        var paths = new List<string>();
        Apply(_displayName, "display_name", () => partner.DisplayName = run.Get(_displayName));
        Apply(_rpcs, "rpcs", () => partner.Rpcs.Add(run.Get(_rpcs)));
        Apply(_views, "views", () => partner.Views.Add(run.Get(_views)));
        Apply(_purposes, "purposes", () => partner.Purposes.Add(run.Get(_purposes)));
        Apply(_courts, "court_codes", () => partner.CourtCodes.Add(run.Get(_courts)));
        Apply(_platforms, "platform_codes", () => partner.PlatformCodes.Add(run.Get(_platforms)));
        Apply(_ranges, "address_ranges", () => partner.AddressRanges.Add(run.Get(_ranges)));
        Apply(_suspended, "suspended", () => partner.Suspended = run.Get(_suspended));
        if (run.Has(_calls) || run.Has(_subjects))
        {
            partner.Quota = new PartnerQuota { CallsPerSecond = run.Get(_calls), SubjectsPerSecond = run.Get(_subjects) };
            paths.Add("quota");
        }

        return paths;

        void Apply(Option option, string path, Action set)
        {
            if (!run.Has(option)) return;
            set();
            paths.Add(path);
        }
    }

    private static Option<string[]> Strings(string name, string description, string helpName) =>
        new(name) { Description = description, HelpName = helpName };
}
