using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using CreditShare.Core.Access;
using CreditShare.Core.Courts;
using CreditShare.Core.Journal;
using CreditShare.Core.Listings;
using CreditShare.Server.Journal;
using CreditShare.Server.Mapping;
using CreditShare.Server.Transport;
using CreditShare.V1;
using Google.Protobuf;

namespace CreditShare.Server.Listings;

/// <summary>Who sends a command, under which id, with what content.</summary>
/// <param name="Partner">The sender.</param>
/// <param name="RequestId">The sender's id of the request.</param>
/// <param name="Operator">Who answers for it there.</param>
/// <param name="Digest">SHA-256 of what was sent.</param>
internal sealed record CommandOrigin(PartnerId Partner, Guid RequestId, string Operator, ReadOnlyMemory<byte> Digest)
{
    /// <summary>Digests what a repetition must repeat: everything in the messages given.</summary>
    public static ReadOnlyMemory<byte> DigestOf(string kind, string parent, IMessage message)
    {
        var head = Encoding.UTF8.GetByteCount(kind) + Encoding.UTF8.GetByteCount(parent) + 2;
        var length = head + message.CalculateSize();
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            var at = Encoding.UTF8.GetBytes(kind, buffer);
            buffer[at++] = 0;
            at += Encoding.UTF8.GetBytes(parent, buffer.AsSpan(at));
            buffer[at++] = 0;
            message.WriteTo(buffer.AsSpan(at, length - head));
            return SHA256.HashData(buffer.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
    }
}

/// <summary>Takes commands to the journal, and holds the answer back until what it promises is true on every node.</summary>
internal sealed class ListingLedger(IStore store, WithdrawalBarrier barrier, ListingsMetrics metrics, TimeProvider clock)
{
    /// <summary>Appends one command.</summary>
    /// <exception cref="RefusedException">The rules refuse it, or the withdrawal could not be confirmed in time.</exception>
    public async Task<ListingReceipt> HandleAsync(
        CommandOrigin origin, CourtCode court, ListingCommand command, string fieldPrefix, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        var result = await AppendAsync(origin, court, command, cancellationToken);
        if (result is AppendResult.Appended appended && FreesSomebody(command))
        {
            await barrier.WaitAsync(new JournalPosition(appended.Epoch, appended.Sequence), cancellationToken);
        }

        metrics.Handled(command, result, clock.GetElapsedTime(started));
        return result.Match(done => ReceiptOf(court, done), refused => throw RefusalMapping.ToRefused(refused.Violations, fieldPrefix));
    }

    /// <summary>Appends one command and gives the result as it is. The command's place in the order is fixed before this returns.</summary>
    public Task<AppendResult> AppendAsync(
        CommandOrigin origin, CourtCode court, ListingCommand command, CancellationToken cancellationToken) =>
        store.Journal.AppendAsync(RequestOf(origin, court, command), cancellationToken);

    /// <summary>Decides commands without writing.</summary>
    public Task<IReadOnlyList<AppendResult>> RehearseAsync(
        IReadOnlyList<(CommandOrigin Origin, CourtCode Court, ListingCommand Command)> commands, CancellationToken cancellationToken) =>
        store.Journal.RehearseAsync([.. commands.Select(c => RequestOf(c.Origin, c.Court, c.Command))], cancellationToken);

    /// <summary>Finds the first answers of what may be repetitions.</summary>
    /// <param name="origins">At least one, all of one partner.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>One each; null for what was never accepted as it is sent now.</returns>
    public Task<IReadOnlyList<AppendResult.Appended?>> FindAnswersAsync(
        IReadOnlyList<CommandOrigin> origins, CancellationToken cancellationToken) =>
        store.Journal.FindAnswersAsync(
            origins[0].Partner, [.. origins.Select(origin => (origin.RequestId, origin.Digest))], cancellationToken);

    public static ListingReceipt ReceiptOf(CourtCode court, AppendResult.Appended done) => new()
    {
        Name = ResourceNames.Of(court, done.Listing),
        Version = done.Version,
        Position = new Position { Epoch = done.Epoch, Sequence = done.Sequence },
    };

    /// <summary>A change after which somebody may no longer be found: an end, or a correction of name or documents.</summary>
    private static bool FreesSomebody(ListingCommand command) => command is
        ListingCommand.Withdraw or ListingCommand.Revoke or ListingCommand.Correct or ListingCommand.Expire;

    private static AppendRequest RequestOf(CommandOrigin origin, CourtCode court, ListingCommand command) => new()
    {
        Partner = origin.Partner,
        RequestId = origin.RequestId,
        Operator = origin.Operator,
        Digest = origin.Digest,
        Court = court,
        Command = command,
    };
}
