using System.Runtime.Versioning;
using System.Text;

namespace CreditShare.Server.Transport;

/// <summary>Writes PEM files so that a crash never leaves half of one.</summary>
internal static class PemFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Writes a file that everybody may read.</summary>
    public static void Write(string path, string pem) => WriteThenMove(path, pem, new FileStreamOptions());

    /// <summary>Writes a file that only its owner may read (mode 0600).</summary>
    public static void WriteSecret(string path, string pem)
    {
        var options = new FileStreamOptions();
        if (!OperatingSystem.IsWindows()) Restrict(options);
        WriteThenMove(path, pem, options);
    }

    [UnsupportedOSPlatform("windows")]
    private static void Restrict(FileStreamOptions options) => options.UnixCreateMode = OwnerOnly;

    private static void WriteThenMove(string path, string pem, FileStreamOptions options)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var temporary = path + ".new";
        File.Delete(temporary);
        options.Mode = FileMode.CreateNew;
        options.Access = FileAccess.Write;
        using (var stream = new FileStream(temporary, options))
        {
            stream.Write(Encoding.ASCII.GetBytes(pem));
            stream.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }
}
