using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace CreditShare.Tests.Infrastructure;

/// <summary>Keeps what is logged.</summary>
internal sealed class LogBook
{
    private readonly ConcurrentQueue<(LogLevel Level, int EventId, string Text)> _lines = new();

    public IReadOnlyList<(LogLevel Level, int EventId, string Text)> Lines => [.. _lines];

    /// <summary>The texts under an event's id.</summary>
    public IReadOnlyList<string> Of(int eventId) => [.. _lines.Where(line => line.EventId == eventId).Select(line => line.Text)];

    public ILogger<T> For<T>() => new Logger<T>(this);

    private sealed class Logger<T>(LogBook book) : ILogger<T>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            book._lines.Enqueue((logLevel, eventId.Id, formatter(state, exception)));
    }
}
