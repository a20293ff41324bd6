using System.Runtime.InteropServices;

namespace CreditShare.Server.Journal;

/// <summary>The system's time, with timestamps that go on while the machine is suspended.</summary>
/// <remarks>
/// The lease needs it: a laptop or a virtual machine that slept for an hour must not find its lease still good, which the
/// ordinary monotonic clock of Linux (CLOCK_MONOTONIC stands still in suspension) would say.
/// </remarks>
internal sealed class BootClock : TimeProvider
{
    /// <summary>The service key under which the lease finds its clock.</summary>
    public const string Key = "boot";

    private const int BootTime = 7;
    private const long NanosecondsPerSecond = 1_000_000_000;

    private readonly bool _hasBootTime = OperatingSystem.IsLinux() && ClockGetTime(BootTime, out _) == 0;

    public override long TimestampFrequency => _hasBootTime ? NanosecondsPerSecond : base.TimestampFrequency;

    public override long GetTimestamp()
    {
        if (!_hasBootTime || ClockGetTime(BootTime, out var time) != 0) return base.GetTimestamp();

        return (time.Seconds * NanosecondsPerSecond) + time.Nanoseconds;
    }

    [DllImport("libc", EntryPoint = "clock_gettime")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int ClockGetTime(int clock, out Timespec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct Timespec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
