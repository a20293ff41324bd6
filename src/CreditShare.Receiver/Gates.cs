namespace CreditShare.Receiver;

/// <summary>Lets one at a time pass for each key; different keys never wait for each other.</summary>
internal sealed class Gates<TKey>
    where TKey : notnull
{
    private readonly Dictionary<TKey, Gate> _gates = [];

    /// <summary>Waits for the key's turn, and holds it until what is returned is disposed.</summary>
    public async ValueTask<Turn> EnterAsync(TKey key, CancellationToken cancellationToken)
    {
        Gate? gate;
        lock (_gates)
        {
            if (!_gates.TryGetValue(key, out gate)) _gates[key] = gate = new Gate();
            gate.Visitors++;
        }

        try
        {
            await gate.Semaphore.WaitAsync(cancellationToken);
        }
        catch
        {
            Leave(key, gate);
            throw;
        }

        return new Turn(this, key, gate);
    }

    // The last one out takes the gate away, so that there are never more gates than visitors.
    private void Leave(TKey key, Gate gate)
    {
        lock (_gates)
        {
            if (--gate.Visitors == 0) _gates.Remove(key);
        }
    }

    /// <summary>A turn that is held.</summary>
    internal readonly struct Turn(Gates<TKey> gates, TKey key, Gate gate) : IDisposable
    {
        public void Dispose()
        {
            gate.Semaphore.Release();
            gates.Leave(key, gate);
        }
    }

    /// <summary>The gate of one key, with those who hold it or wait for it.</summary>
    internal sealed class Gate
    {
        public SemaphoreSlim Semaphore { get; } = new(1, 1);

        public int Visitors { get; set; }
    }
}
