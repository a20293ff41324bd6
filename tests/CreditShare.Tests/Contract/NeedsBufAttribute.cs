using NUnit.Framework;
using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;

namespace CreditShare.Tests.Contract;

/// <summary>Marks tests that need buf, which tests/run.sh installs: without it they are left out and say so, and with CI=true they fail.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
internal sealed class NeedsBufAttribute : NUnitAttribute, IApplyToTest
{
    private const string Missing = "buf is not installed; tests/run.sh installs it.";

    public void ApplyToTest(Test test)
    {
        if (test.RunState == RunState.NotRunnable || Buf.Program is not null) return;
        if (Environment.GetEnvironmentVariable("CI") == "true")
        {
            test.MakeInvalid(Missing);
            return;
        }

        test.RunState = RunState.Skipped;
        test.Properties.Set(PropertyNames.SkipReason, Missing);
    }
}
