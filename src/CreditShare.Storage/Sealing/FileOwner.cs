using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace CreditShare.Storage.Sealing;

/// <summary>A user and a group by number, as Unix knows them.</summary>
/// <param name="User">The user; 0 is root.</param>
/// <param name="Group">The group.</param>
internal readonly record struct FileOwner(uint User, uint Group)
{
    private const int CurrentFolder = -100;
    private const uint OwnerAndGroup = 0x18;

    // struct statx has this size and these places on every architecture.
    private const int StatxLength = 256;
    private const int UserAt = 20;
    private const int GroupAt = 24;

    /// <summary>Who runs this process; null where that cannot be told.</summary>
    public static FileOwner? OfProcess => OperatingSystem.IsLinux() ? new(GetEffectiveUser(), GetEffectiveGroup()) : null;

    /// <summary>Who owns a file; null if that cannot be told, as on anything but Linux.</summary>
    public static FileOwner? Of(string path)
    {
        if (!OperatingSystem.IsLinux()) return null;

        var buffer = new byte[StatxLength];
        try
        {
            if (Statx(CurrentFolder, Encoding.UTF8.GetBytes(path + '\0'), flags: 0, OwnerAndGroup, buffer) != 0) return null;
        }
        catch (EntryPointNotFoundException)
        {
            // A C library from before 2018.
            return null;
        }

        return new(Read(buffer, UserAt), Read(buffer, GroupAt));
    }

    private static uint Read(byte[] buffer, int at) => BitConverter.IsLittleEndian
        ? BinaryPrimitives.ReadUInt32LittleEndian(buffer.AsSpan(at))
        : BinaryPrimitives.ReadUInt32BigEndian(buffer.AsSpan(at));

    [DllImport("libc", EntryPoint = "statx")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int Statx(int folder, byte[] path, int flags, uint mask, [Out] byte[] buffer);

    [DllImport("libc", EntryPoint = "geteuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern uint GetEffectiveUser();

    [DllImport("libc", EntryPoint = "getegid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern uint GetEffectiveGroup();
}
