using CreditShare.Core.Journal;
using CreditShare.Core.Push;
using CreditShare.V1;
using Google.Protobuf;
using DeliveryPurpose = CreditShare.Core.Push.DeliveryPurpose;
using Lane = CreditShare.Core.Push.Lane;
using Subscription = CreditShare.Core.Push.Subscription;

namespace CreditShare.Server.Push;

/// <summary>A frame of a lane, ready to be sent.</summary>
/// <param name="Request">What is sent.</param>
/// <param name="To">The place at its upper end.</param>
internal sealed record Frame(ReceiveChangesRequest Request, JournalHead To)
{
    /// <summary>Makes a frame that covers (from, to].</summary>
    /// <param name="subscription">Whose.</param>
    /// <param name="lane">On which lane.</param>
    /// <param name="from">The lower end, not included.</param>
    /// <param name="to">The upper end.</param>
    /// <param name="changes">What passed the filter.</param>
    /// <param name="head">The journal's head as this node knows it; never shown before the upper end.</param>
    public static Frame Of(
        Subscription subscription, Lane lane, long from, JournalHead to, IEnumerable<Change> changes, JournalHead? head)
    {
        var shown = head is not null && head.Epoch >= to.Epoch && head.Sequence >= to.Sequence ? head : to;

        // The present life, also for what an earlier one wrote: a receiver that has come into it takes no frame of an earlier one.
        var epoch = Math.Max(shown.Epoch, to.Epoch);
        var request = new ReceiveChangesRequest
        {
            MessageId = MessageName.Of(DeliveryPurpose.Changes, subscription.Id, lane, epoch, (from, to.Sequence)),
            Subscription = subscription.Id.ToString(),
            Purpose = V1.DeliveryPurpose.Changes,
            Lane = (V1.Lane)lane,
            Epoch = epoch,
            FromSequence = from,
            ToSequence = to.Sequence,
            ToHash = UnsafeByteOperations.UnsafeWrap(to.Hash),
            Head = Mapping.ValueMapping.ToProto(shown),
        };
        request.Changes.AddRange(changes);
        return new Frame(request, to);
    }
}

/// <summary>Cuts a lane into frames.</summary>
/// <remarks>Used by one loop only.</remarks>
internal interface ILaneFrames
{
    /// <summary>Up to where it has looked.</summary>
    LanePlace Place { get; }

    /// <summary>Makes the next frame: the range that failed, if one did, else what comes after the accepted place.</summary>
    /// <returns>Null if there is nothing to send.</returns>
    /// <exception cref="Transport.RefusedException">The accepted place is not one of this journal's history.</exception>
    Task<Frame?> NextAsync(LaneState lane, CancellationToken cancellationToken);
}
