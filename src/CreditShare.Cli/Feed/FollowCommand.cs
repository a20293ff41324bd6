using System.CommandLine;
using CreditShare.Cli.CommandLine;
using CreditShare.Client;
using CreditShare.V1;

namespace CreditShare.Cli.Feed;

/// <summary><c>feed follow</c>: every change, a line each, for ever or up to the head.</summary>
internal static class FollowCommand
{
    internal static Command Create(CliHost host)
    {
        var from = new Option<long?>("--from") { Description = "Begin after this number. Left out: at the beginning.", HelpName = "N" };
        var cursor = Values.Text("--cursor", "Begin after EPOCH:SEQUENCE:HASH; the hash proves that both mean the same history.", "CURSOR");
        var untilHead = new Option<bool>("--until-head") { Description = "End at the head that was found at the start." };
        var filter = new FeedFilterOptions();
        var command = new Command("follow", "Follow the changes of the list, a line a change.") { from, cursor, untilHead };
        filter.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetResult(from) is not null && result.GetResult(cursor) is not null) result.AddError("Give --from or --cursor, not both.");
        });
        return command.Runs(host, async (run, stop) =>
        {
            var start = run.Get(cursor) is { } text ? PositionText.ParseCursor(text) : new Cursor { Sequence = run.Get(from) ?? 0 };
            using var connection = run.Connect(Role.Department);
            return await FollowAsync(run, connection.Client, start, filter.Read(run), run.Get(untilHead), stop);
        });
    }

    private static async Task<int> FollowAsync(
        Invocation run, CreditShareClient client, Cursor cursor, FeedOptions options, bool untilHead, CancellationToken cancellationToken)
    {
        // Asked first, so that a service out of reach is told at once instead of being waited for.
        var head = (await client.GetHeadAsync(cancellationToken)).Head;
        try
        {
            if (untilHead && IsAt(cursor, head))
            {
                cursor = head;
                return ExitCodes.Done;
            }

            await foreach (var frame in client.FollowAsync(cursor, options, cancellationToken))
            {
                foreach (var change in frame.Changes)
                {
                    run.Print(change, ChangeText.Write);
                }

                await run.Output.FlushAsync(cancellationToken);
                cursor = frame.Cursor;
                if (untilHead && frame.ToSequence >= head.Sequence) return ExitCodes.Done;
            }

            return ExitCodes.Done;
        }
        finally
        {
            await run.Host.Error.WriteLineAsync($"cursor {PositionText.Form(cursor)}");
        }
    }

    // Nothing to wait for. A cursor that says anything else than the head is for the service to judge.
    private static bool IsAt(Cursor cursor, Cursor head) =>
        cursor.Sequence == head.Sequence
        && (cursor.Epoch == 0 || cursor.Epoch == head.Epoch)
        && (cursor.Hash.IsEmpty || cursor.Hash == head.Hash);
}
