using System.Security.Cryptography;
using CreditShare.Core.Journal;

namespace CreditShare.Storage.Sealing;

/// <summary>What to do when the master key's file is absent.</summary>
internal enum MissingKeyFile
{
    /// <summary>Refuse: a new key would make everything that is stored unreadable.</summary>
    Refuse,

    /// <summary>Make a new random key; for development only.</summary>
    Create,
}

/// <summary>The file of the master key: 32 random bytes, readable by its owner alone.</summary>
internal static class MasterKeyFile
{
    /// <summary>Bytes of the key and of the file.</summary>
    public const int Length = 32;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Reads the key.</summary>
    /// <exception cref="StoreMismatchException">The file is absent, of another length, or open to others.</exception>
    public static byte[] Read(string path, MissingKeyFile whenMissing)
    {
        if (!File.Exists(path))
        {
            if (whenMissing == MissingKeyFile.Refuse)
            {
                throw new StoreMismatchException($"The master key file {path} does not exist. Make one with 32 random bytes and mode 0600.");
            }

            Create(path);
        }

        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~OwnerOnly) != 0)
        {
            throw new StoreMismatchException($"The master key file {path} is open to others than its owner. Set its mode to 0600.");
        }

        var key = File.ReadAllBytes(path);
        return key.Length == Length
            ? key
            : throw new StoreMismatchException($"The master key file {path} has {key.Length} bytes; it must have {Length}.");
    }

    private static void Create(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;

        try
        {
            using var file = new FileStream(path, options);
            file.Write(RandomNumberGenerator.GetBytes(Length));
            file.Flush(flushToDisk: true);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another process made it in the same moment: its key counts.
        }
    }
}
