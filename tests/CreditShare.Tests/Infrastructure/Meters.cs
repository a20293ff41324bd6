using System.Diagnostics.Metrics;

namespace CreditShare.Tests.Infrastructure;

/// <summary>Meters of a test's own.</summary>
internal sealed class Meters : IMeterFactory
{
    private readonly List<Meter> _meters = [];

    public Meter Create(MeterOptions options)
    {
        var meter = new Meter(options);
        _meters.Add(meter);
        return meter;
    }

    /// <summary>Whether a meter was made here, and not by another test.</summary>
    public bool Owns(Meter meter) => _meters.Contains(meter);

    public void Dispose() => _meters.ForEach(meter => meter.Dispose());
}
