using CreditShare.Cli.CommandLine;
using CreditShare.Cli.Feed;
using CreditShare.Receiver;
using CreditShare.V1;

namespace CreditShare.Cli.Subscriptions;

/// <summary>Prints each change once, as <c>feed follow</c> does, and nothing else.</summary>
internal sealed class PrintingHandler(Invocation run) : IChangeHandler
{
    private readonly Lock _lock = new();

    public Task<ChangeOutcome> ApplyAsync(ReceivedChange change, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            run.Print(change.Change, (output, told) =>
            {
                output.Write(change.Lane == Lane.Withdrawals ? "at once  " : "in order ");
                ChangeText.Write(output, told);
            });
            run.Output.Flush();
        }

        return Task.FromResult(ChangeOutcome.Applied);
    }

    // What was printed is the reader's.
    public Task<bool> PurgeAsync(string subscription, CancellationToken cancellationToken) => Task.FromResult(true);
}
