using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Running;
using CreditShare.Core.Numbers;

namespace CreditShare.Benchmarks;

/// <summary>What a screening does for every number, one by one.</summary>
[MemoryDiagnoser]
public class Micro
{
    private static readonly DateOnly Today = new(2026, 11, 1);
    private readonly byte[] _key = new byte[CanonicalNumber.MaxKeyBytes];
    private readonly char[] _name = new char[SubjectName.MaxLength];

    internal static int Run(string[] arguments)
    {
        BenchmarkRunner.Run<Micro>(args: arguments);
        return 0;
    }

    [Benchmark(Baseline = true)]
    public int ResidentNumber()
    {
        CanonicalNumber.TryWriteKey(DocumentType.ResidentId, "110000199003072138", "", Today, _key, out var written, out _);
        return written;
    }

    [Benchmark]
    public int SocialCreditCode()
    {
        CanonicalNumber.TryWriteKey(DocumentType.Uscc, "91110000100006480A", "", Today, _key, out var written, out _);
        return written;
    }

    [Benchmark]
    public int Name()
    {
        SubjectName.TryWriteNormalised("测试甲乙", _name, out var written, out _);
        return written;
    }
}
