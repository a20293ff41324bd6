using CreditShare.Server.Access;
using CreditShare.Server.Lookup;
using CreditShare.Server.Transport;
using CreditShare.Tests.Access;
using CreditShare.Tests.Listings;
using CreditShare.V1;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;

namespace CreditShare.Tests.Lookup;

/// <summary>What a check takes from its partner's quotas, whichever way it goes and wherever it leaves the short one: itself, once.</summary>
internal sealed class CheckSpendingTests
{
    private const string Bank = "test-bank";

    // One call a second, in which these tests are over; a bucket of subjects holds a whole frame at least.
    private const int SubjectsAtOnce = Quotas.MaxSubjectsAtOnce;

    private readonly LookupWorld _world = new();
    private readonly Gate _gate = new(new AccessOptions { CallsPerSecond = 1, SubjectsPerSecond = 1 });
    private bool _wentOn;
    private ErrorReason? _refusal;

    [SetUp]
    public async Task Register()
    {
        _world.Publish(Sample.Organisation);
        await _gate.RegisterAsync(LookupWorld.Asker(Bank));
    }

    [TearDown]
    public void Leave()
    {
        _world.Dispose();
        _gate.Dispose();
    }

    [TestCaseSource(nameof(Ways))]
    public async Task Spends(CheckSubjectRequest question, Action<CheckSpendingTests> prepare, (bool GoesOn, ErrorReason? Refusal) expected)
    {
        prepare(this);

        await CheckAsync(question);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(_wentOn, Is.EqualTo(expected.GoesOn));
            Assert.That(_refusal, Is.EqualTo(expected.Refusal));
            Assert.That(CallsLeft(), Is.Zero, "calls left of one");
            Assert.That(SubjectsLeft(), Is.EqualTo(SubjectsAtOnce - 1), "subjects left");
        }
    }

    [Test]
    public async Task Without_subjects_left_a_check_is_refused_for_them_and_is_one_call()
    {
        SubjectsLeft();

        await CheckAsync(LookupWorld.AboutTheMan);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(_refusal, Is.EqualTo(ErrorReason.QuotaExceeded));
            Assert.That(CallsLeft(), Is.Zero);
        }
    }

    [Test]
    public async Task Without_calls_left_a_check_is_refused_and_takes_no_subjects()
    {
        CallsLeft();

        await CheckAsync(LookupWorld.AboutTheMan);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(_refusal, Is.EqualTo(ErrorReason.QuotaExceeded));
            Assert.That(SubjectsLeft(), Is.EqualTo(SubjectsAtOnce));
        }
    }

    private static IEnumerable<TestCaseData> Ways()
    {
        yield return Case("answered_the_short_way", LookupWorld.AboutTheMan, _ => { }, goesOn: false);
        yield return Case("about_somebody_listed", LookupWorld.AboutTheCompany, _ => { });
        yield return AtLook("whose_lease_ends_before_all", 1, tests => tests._world.Node.HasLease = false, ErrorReason.NodeStale);
        yield return AtLook("whose_lease_ends_after_the_glance", 2, tests => tests._world.Node.HasLease = false, ErrorReason.NodeStale);
        yield return AtLook("whose_lease_ends_after_the_probe", 3, tests => tests._world.Node.HasLease = false, ErrorReason.NodeStale);
        yield return AtLook(
            "whose_journal_begins_a_new_life_after_the_probe", 3, tests => tests._world.Node.Move(new Server.Journal.JournalPosition(2, 1)));
        yield return AtLook("about_somebody_who_is_listed_after_the_glance", 2, tests => tests._world.Publish(Sample.Person));
        yield return AtLook(
            "whose_lease_ends_after_the_glance_and_whose_partner_is_suspended", 2,
            tests =>
            {
                tests._world.Node.HasLease = false;
                tests._gate.RegisterAsync(tests._gate.Store[Bank] with { Suspended = true }).GetAwaiter().GetResult();
            },
            ErrorReason.PartnerSuspended);

        static TestCaseData AtLook(string what, int look, Action<CheckSpendingTests> happens, ErrorReason? refusal = null) => Case(
            what,
            LookupWorld.AboutTheMan,
            tests => tests._world.Node.WhileChecking = checks =>
            {
                if (checks == look) happens(tests);
            },
            refusal: refusal);

        static TestCaseData Case(
            string what, CheckSubjectRequest question, Action<CheckSpendingTests> prepare, bool goesOn = true, ErrorReason? refusal = null) =>
            new TestCaseData(question, prepare, (goesOn, refusal)).SetName($"A_check_{what}_is_one_call_and_one_subject");
    }

    private async Task CheckAsync(CheckSubjectRequest question)
    {
        var check = new CommonCheck(
            http => GoOnAsync(http, question), new QuickEntry(_gate.Registry, _gate.Quotas), _world.Lookup, _world.Metrics,
            _world.Ended, _world.Clock, NullLogger<CommonCheck>.Instance);
        await check.InvokeAsync(new CheckCall(Gate.KeyOf(Bank), question).Http);
    }

    // The long way, from access control on.
    private async Task GoOnAsync(HttpContext http, CheckSubjectRequest question)
    {
        _wentOn = true;
        try
        {
            await _gate.Interceptor.UnaryServerHandler(question, new FakeCall(CommonCheck.Path, http), _world.Service.CheckSubject);
        }
        catch (RefusedException refused)
        {
            _refusal = refused.Reason;
        }
    }

    private int CallsLeft()
    {
        var left = 0;
        while (_gate.Quotas.TrySpendCall(_gate.Store[Bank], out _)) left++;
        return left;
    }

    private int SubjectsLeft()
    {
        var left = 0;
        while (_gate.Quotas.TrySpendSubjects(_gate.Store[Bank], 1, out _)) left++;
        return left;
    }
}
