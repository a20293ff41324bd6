namespace CreditShare.Server.Store;

/// <summary>What to do with a store whose schema is older than this program.</summary>
internal enum OldSchema
{
    /// <summary>Refuse, unless the settings say otherwise.</summary>
    Refuse,

    /// <summary>Bring it up to date.</summary>
    Migrate,
}
