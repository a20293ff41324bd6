using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace CreditShare.Tests.Infrastructure;

/// <summary>Keeps what meters measure.</summary>
internal sealed class MeterBook : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<(string Instrument, double Value, IReadOnlyDictionary<string, string> Tags)> _lines = new();

    /// <param name="listensTo">Which meters.</param>
    public MeterBook(Func<Meter, bool> listensTo)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (listensTo(instrument.Meter)) listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Keep(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Keep(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Keep(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>What was measured, in order.</summary>
    public IReadOnlyList<(string Instrument, double Value, IReadOnlyDictionary<string, string> Tags)> Lines => [.. _lines];

    /// <summary>All that a counter was added, with that tag.</summary>
    public double Sum(string instrument, string tag, string value) =>
        _lines.Where(line => line.Instrument == instrument && line.Tags.GetValueOrDefault(tag) == value).Sum(line => line.Value);

    /// <summary>What a gauge shows now.</summary>
    public double Read(string gauge)
    {
        _listener.RecordObservableInstruments();
        return _lines.Last(line => line.Instrument == gauge).Value;
    }

    public void Dispose() => _listener.Dispose();

    private void Keep(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var kept = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, tag) in tags) kept[key] = tag?.ToString() ?? "";
        _lines.Enqueue((instrument.Name, value, kept));
    }
}
