using Npgsql;

namespace CreditShare.Storage.Postgres;

/// <summary>Parameters by position, each of the type of its value.</summary>
internal static class NpgsqlParameterCollectionExtensions
{
    extension(NpgsqlParameterCollection parameters)
    {
        /// <summary>Adds the next parameter.</summary>
        public NpgsqlParameterCollection With<T>(T value)
        {
            parameters.Add(new NpgsqlParameter<T> { TypedValue = value });
            return parameters;
        }
    }
}
