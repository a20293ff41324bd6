namespace CreditShare.Core.Journal;

/// <summary>The store could not be reached or did not answer in time; nothing was written.</summary>
public sealed class StoreUnavailableException(string message, Exception? innerException) : Exception(message, innerException);

/// <summary>The connection was lost while committing, and it could not be found out what became of the change. A retry with the same request id settles it.</summary>
public sealed class OutcomeUnknownException(string message, Exception? innerException) : Exception(message, innerException);

/// <summary>More commands wait than the node takes; nothing was written.</summary>
public sealed class StoreOverloadedException(string message) : Exception(message);

/// <summary>The store was written by another version, holds another master key's data, or is in use by another server. The message tells the operator what to do.</summary>
public sealed class StoreMismatchException(string message) : Exception(message);
