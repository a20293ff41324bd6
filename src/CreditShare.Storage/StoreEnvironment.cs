using Microsoft.Extensions.Logging;

namespace CreditShare.Storage;

/// <summary>What every part of a store is given.</summary>
internal sealed record StoreEnvironment(TimeProvider Clock, ILogger Logger);
