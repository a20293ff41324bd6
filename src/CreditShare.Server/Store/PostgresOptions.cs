using System.ComponentModel.DataAnnotations;
using CreditShare.Storage.Postgres;
using Microsoft.Extensions.Options;

namespace CreditShare.Server.Store;

/// <summary>The PostgreSQL that holds the journal; the embedded SQLite does if none is named.</summary>
internal sealed class PostgresOptions : IValidatableObject
{
    /// <summary>The section of the settings.</summary>
    public const string Section = "Postgres";

    /// <summary>Where it is, without a password. Empty: the embedded engine in the data folder.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>A file with the password alone; blanks around it do not count.</summary>
    public string? PasswordFile { get; set; }

    /// <summary>Whether <c>serve</c> brings an older schema up to date by itself. Default false: the verb <c>migrate</c> does it once.</summary>
    public bool Migrate { get; set; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!PostgresConnectionText.TryRead(ConnectionString ?? "", out var holdsSecret, out var problem))
        {
            yield return new ValidationResult(
                $"{Section}:{nameof(ConnectionString)} is no connection string: {problem}", [nameof(ConnectionString)]);
        }

        if (holdsSecret)
        {
            yield return new ValidationResult(
                $"{Section}:{nameof(ConnectionString)} holds a password; put it into a file and name that in {Section}:{nameof(PasswordFile)}.",
                [nameof(ConnectionString)]);
        }

        if (PasswordFile is not null && string.IsNullOrEmpty(ConnectionString))
        {
            yield return new ValidationResult(
                $"{Section}:{nameof(PasswordFile)} is set, but {Section}:{nameof(ConnectionString)} is not.", [nameof(PasswordFile)]);
        }
    }
}

/// <summary>Checks <see cref="PostgresOptions"/> at start.</summary>
[OptionsValidator]
internal sealed partial class PostgresOptionsValidator : IValidateOptions<PostgresOptions>;
