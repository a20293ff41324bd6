using CreditShare.Server.Push;
using CreditShare.V1;

namespace CreditShare.Tests.Push;

/// <summary>A receiver that takes what follows and proves that nothing is missing, unless a test has it do something else.</summary>
internal sealed class ScriptedReceiver(TimeProvider clock) : IReceiverLink
{
    private readonly Lock _gate = new();
    private readonly List<(DateTimeOffset At, ReceiveChangesRequest Message)> _requests = [];
    private readonly Dictionary<Lane, long> _cursors = [];
    private readonly List<long> _ordered = [];
    private readonly List<long> _withdrawals = [];

    /// <summary>What is answered instead, with nothing taken; null for what it does otherwise.</summary>
    public Func<ReceiveChangesRequest, DeliveryAnswer?>? Instead { get; set; }

    /// <summary>What the answer says instead, after everything was taken.</summary>
    public Func<ReceiveChangesRequest, ReceiveChangesResponse, ReceiveChangesResponse>? Twist { get; set; }

    /// <summary>What it waits for before it does anything.</summary>
    public Func<ReceiveChangesRequest, CancellationToken, Task>? Before { get; set; }

    /// <summary>All messages, with the time of their arrival.</summary>
    public IReadOnlyList<(DateTimeOffset At, ReceiveChangesRequest Message)> Requests
    {
        get
        {
            lock (_gate) return [.. _requests];
        }
    }

    /// <summary>The numbers of the changes that were new on the ordered lane, as they came.</summary>
    public IReadOnlyList<long> Ordered
    {
        get
        {
            lock (_gate) return [.. _ordered];
        }
    }

    /// <summary>The same on the lane of withdrawals.</summary>
    public IReadOnlyList<long> Withdrawals
    {
        get
        {
            lock (_gate) return [.. _withdrawals];
        }
    }

    /// <summary>The messages of a lane.</summary>
    public IReadOnlyList<ReceiveChangesRequest> Of(Lane lane) => [.. Requests.Select(request => request.Message).Where(message => message.Lane == lane)];

    /// <summary>The ranges of a lane's messages.</summary>
    public IEnumerable<(long From, long To)> RangesOf(Lane lane) => Of(lane).Select(message => (message.FromSequence, message.ToSequence));

    /// <summary>Seconds between the messages of a lane.</summary>
    public IEnumerable<double> WaitsOf(Lane lane)
    {
        var times = Requests.Where(request => request.Message.Lane == lane).Select(request => request.At).ToList();
        return times.Skip(1).Zip(times, (later, earlier) => (later - earlier).TotalSeconds);
    }

    /// <summary>Restores it from a backup that reaches up to a number.</summary>
    public void Lose(Lane lane, long after)
    {
        lock (_gate)
        {
            _cursors[lane] = after;
            (lane == Lane.Ordered ? _ordered : _withdrawals).RemoveAll(sequence => sequence > after);
        }
    }

    /// <summary>An answer with a body.</summary>
    public static DeliveryAnswer Answer(ReceiveChangesResponse response) =>
        new() { Outcome = Core.Push.DeliveryOutcome.Accepted, Status = "200", Response = response };

    /// <summary>An answer that takes a part, as far as it goes.</summary>
    public static DeliveryAnswer Accepting(long accepted) =>
        Answer(new ReceiveChangesResponse { AcceptedSequence = accepted, AppliedSequence = accepted });

    public async Task<DeliveryAnswer> SendAsync(ReceiveChangesRequest request, CancellationToken cancellationToken)
    {
        lock (_gate) _requests.Add((clock.GetUtcNow(), request.Clone()));
        if (Before is { } before) await before(request, cancellationToken);
        return Instead?.Invoke(request) is { } answer ? answer : Answer(Take(request));
    }

    public void Dispose()
    {
        // Made once for all leases.
    }

    private ReceiveChangesResponse Take(ReceiveChangesRequest request)
    {
        if (request.Purpose == DeliveryPurpose.Verification) return new ReceiveChangesResponse { Challenge = request.Challenge };
        if (request.Purpose == DeliveryPurpose.Purge) return new ReceiveChangesResponse { Purged = true };

        ReceiveChangesResponse response;
        lock (_gate)
        {
            var cursor = _cursors.GetValueOrDefault(request.Lane, request.FromSequence);
            if (request.FromSequence > cursor)
            {
                return new ReceiveChangesResponse
                {
                    AcceptedSequence = cursor,
                    AppliedSequence = cursor,
                    Expected = new Cursor { Epoch = request.Epoch, Sequence = cursor },
                };
            }

            var fresh = request.Changes.Select(change => change.Sequence).Where(sequence => sequence > cursor);
            (request.Lane == Lane.Ordered ? _ordered : _withdrawals).AddRange(fresh);
            _cursors[request.Lane] = Math.Max(cursor, request.ToSequence);
            response = new ReceiveChangesResponse { AcceptedSequence = request.ToSequence, AppliedSequence = request.ToSequence };
        }

        return Twist?.Invoke(request, response) ?? response;
    }
}
