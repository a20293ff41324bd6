using CreditShare.Receiver;
using CreditShare.V1;
using Google.Protobuf;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace CreditShare.Tests.Receiver;

/// <summary>A receiver of the kit without a host, and the messages it may be sent.</summary>
internal sealed class Department
{
    public const string Wish = "partners/railway/subscriptions/tickets";

    public Department()
    {
        Intake = new ChangeIntake(Handler, State, Options.Create(Settings), Clock, NullLogger<ChangeIntake>.Instance);
    }

    public ScriptedHandler Handler { get; } = new();

    public MemoryReceiverState State { get; } = new();

    public ReceiverOptions Settings { get; } = new();

    public FakeTimeProvider Clock { get; } = new();

    public ChangeIntake Intake { get; }

    /// <summary>A change that publishes or corrects a listing.</summary>
    public static Change Listed(long sequence, string listing, long version, uint epoch = 1) => new()
    {
        Epoch = epoch,
        Sequence = sequence,
        Kind = version == 1 ? ChangeKind.Published : ChangeKind.Corrected,
        ListingName = listing,
        Version = version,
        Listing = new Listing { Name = listing, Version = version },
    };

    /// <summary>A change that ends a listing.</summary>
    public static Change Withdrawn(long sequence, string listing, long version, uint epoch = 1) => new()
    {
        Epoch = epoch,
        Sequence = sequence,
        Kind = ChangeKind.Withdrawn,
        ListingName = listing,
        Version = version,
        Ending = new Ending(),
    };

    /// <summary>A frame of the ordered lane.</summary>
    public static ReceiveChangesRequest Frame(long from, long to, params Change[] changes) => new()
    {
        MessageId = $"msg_{from}_{to}",
        Subscription = Wish,
        Purpose = DeliveryPurpose.Changes,
        Lane = Lane.Ordered,
        Epoch = 1,
        FromSequence = from,
        ToSequence = to,
        ToHash = ByteString.CopyFromUtf8($"hash at {to}"),
        Changes = { changes },
    };

    /// <summary>A frame of the lane of withdrawals.</summary>
    public static ReceiveChangesRequest AtOnce(long from, long to, params Change[] changes)
    {
        var frame = Frame(from, to, changes);
        frame.Lane = Lane.Withdrawals;
        return frame;
    }

    /// <summary>Sends a message that must be answered.</summary>
    public async Task<ReceiveChangesResponse> SendAsync(ReceiveChangesRequest request, CancellationToken cancellationToken) =>
        await Intake.TakeAsync(request, cancellationToken) is IntakeAnswer.Answered answered
            ? answered.Response
            : throw new InvalidOperationException("The message was not answered.");

    /// <summary>Sends a message, whatever comes of it.</summary>
    public Task<IntakeAnswer> TrySendAsync(ReceiveChangesRequest request, CancellationToken cancellationToken) => Intake.TakeAsync(request, cancellationToken);
}
