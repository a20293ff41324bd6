using System.CommandLine;
using CreditShare.Cli.CommandLine;
using CreditShare.Client;
using CreditShare.V1;

namespace CreditShare.Cli.Feed;

/// <summary>What of the list to follow or export.</summary>
internal sealed class FeedFilterOptions
{
    private readonly Option<View> _view = Values.Word<View>("--view", "How much of each listing. Left out: public.");
    private readonly Option<string[]> _courts = new("--court") { Description = "Only listings of this court, by code; once a court.", HelpName = "CODE" };
    private readonly Option<string[]> _regions = new("--region") { Description = "Only listings of courts in this region (京, 粤 …); once a region.", HelpName = "CHARACTER" };
    private readonly Option<SubjectKind> _kind = Values.Word<SubjectKind>("--kind", "Only persons or only organisations.");

    internal void AddTo(Command command)
    {
        command.Options.Add(_view);
        command.Options.Add(_courts);
        command.Options.Add(_regions);
        command.Options.Add(_kind);
    }

    internal FeedOptions Read(Invocation run) => new()
    {
        View = run.Get(_view),
        Filter = new ChangeFilter
        {
            CourtCodes = { run.Get(_courts) ?? [] },
            Regions = { run.Get(_regions) ?? [] },
            SubjectKind = run.Get(_kind),
        },
    };
}
