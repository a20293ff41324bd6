using System.CommandLine;
using CreditShare.Cli.CommandLine;
using CreditShare.V1;

namespace CreditShare.Cli.Listings;

/// <summary>How far a case has come, as options: what has been performed, and how the decision was served.</summary>
internal sealed class ProgressOptions
{
    private readonly Option<PerformanceState> _performance = Values.Word<PerformanceState>("--performance", "How far it is performed.");
    private readonly Option<string?> _performed = Values.Text("--performed", "What has been performed.");
    private readonly Option<string?> _unperformed = Values.Text("--unperformed", "What has not.");
    private readonly Option<DateOnly?> _serviceDate = Values.Date("--service-date", "The day the decision was served.");
    private readonly Option<ServiceMethod> _serviceMethod = Values.Word<ServiceMethod>("--service-method", "How it was served.");

    internal void AddTo(Command command)
    {
        Option[] all = [_performance, _performed, _unperformed, _serviceDate, _serviceMethod];
        foreach (var option in all)
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Puts what was given into a listing; each option replaces that field.</summary>
    internal void ApplyTo(Listing listing, Invocation run)
    {
        Option[] performance = [_performance, _performed, _unperformed];
        if (performance.Any(run.Has)) listing.Performance ??= new Performance();
        if (run.Has(_performance)) listing.Performance.State = run.Get(_performance);
        if (run.Get(_performed) is { } performed) listing.Performance.PerformedPart = performed;
        if (run.Get(_unperformed) is { } unperformed) listing.Performance.UnperformedPart = unperformed;

        Option[] service = [_serviceDate, _serviceMethod];
        if (service.Any(run.Has)) listing.Service ??= new Service();
        if (run.Has(_serviceDate)) listing.Service.Date = run.Get(_serviceDate).ToContract();
        if (run.Has(_serviceMethod)) listing.Service.Method = run.Get(_serviceMethod);
    }
}
