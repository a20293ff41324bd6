using CreditShare.Core.Numbers;

namespace CreditShare.Server.Lookup;

/// <summary>A document that the index knows, whose record is wanted.</summary>
/// <param name="Document">The document.</param>
/// <param name="Sequence">The last change that named it, as the index knows: an older record does not count.</param>
internal readonly record struct WantedRecord(DocumentNumber Document, long Sequence);
