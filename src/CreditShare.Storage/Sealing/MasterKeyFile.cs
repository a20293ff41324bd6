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

/// <summary>The file of the master key: 32 random bytes, readable by its owner alone, or as a mounted secret by the process's group.</summary>
internal static class MasterKeyFile
{
    /// <summary>Bytes of the key and of the file.</summary>
    public const int Length = 32;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode MountedSecret = UnixFileMode.UserRead | UnixFileMode.GroupRead;

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

        if (!OperatingSystem.IsWindows() && IsOpenToOthers(File.GetUnixFileMode(path), FileOwner.Of(path), FileOwner.OfProcess))
        {
            throw new StoreMismatchException(
                $"The master key file {path} is open to others than its owner. Set its mode to 0600, or mount it as root's with mode 0440 and the group of this process.");
        }

        var key = File.ReadAllBytes(path);
        return key.Length == Length
            ? key
            : throw new StoreMismatchException($"The master key file {path} has {key.Length} bytes; it must have {Length}.");
    }

    /// <summary>Whether more may touch the file than the process itself and root.</summary>
    /// <param name="mode">The file's mode.</param>
    /// <param name="owner">Who owns the file; null if that cannot be told.</param>
    /// <param name="process">Who runs the process.</param>
    /// <remarks>An orchestrator that mounts a secret for an unprivileged process leaves it root's, and lets the process read it by
    /// its group alone: Kubernetes makes 0440 of any mode as soon as there is a group.</remarks>
    public static bool IsOpenToOthers(UnixFileMode mode, FileOwner? owner, FileOwner? process)
    {
        var more = mode & ~OwnerOnly;
        if (more == UnixFileMode.None) return false;

        return mode != MountedSecret || owner is not { User: 0 } || process is not { User: not 0 } || owner.Value.Group != process.Value.Group;
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
