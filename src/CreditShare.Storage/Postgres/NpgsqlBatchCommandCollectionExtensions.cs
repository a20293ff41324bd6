using Npgsql;

namespace CreditShare.Storage.Postgres;

/// <summary>Statements of a batch, one behind the other.</summary>
internal static class NpgsqlBatchCommandCollectionExtensions
{
    extension(NpgsqlBatchCommandCollection commands)
    {
        /// <summary>Adds the next statement and gives its parameters.</summary>
        public NpgsqlParameterCollection Then(string sql)
        {
            var command = new NpgsqlBatchCommand(sql);
            commands.Add(command);
            return command.Parameters;
        }
    }
}
