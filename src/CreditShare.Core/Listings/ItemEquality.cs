using System.Collections.Immutable;

namespace CreditShare.Core.Listings;

/// <summary>Compares arrays by their items, which records do not: an array of their own is equal to itself alone.</summary>
internal static class ItemEquality
{
    extension<T>(ImmutableArray<T> items)
    {
        /// <summary>The items; none for the default value.</summary>
        public ImmutableArray<T> OrEmpty => items.IsDefault ? [] : items;

        /// <summary>Whether both have equal items in the same order.</summary>
        public bool HasItemsOf(ImmutableArray<T> other) => items.OrEmpty.AsSpan().SequenceEqual(other.OrEmpty.AsSpan());

        /// <summary>Adds the items to a hash.</summary>
        public void AddItemsTo(ref HashCode hash)
        {
            foreach (var item in items.OrEmpty) hash.Add(item);
        }
    }
}
