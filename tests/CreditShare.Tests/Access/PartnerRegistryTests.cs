using CreditShare.Core.Access;
using CreditShare.Core.Courts;
using CreditShare.Core.Journal;
using CreditShare.Server.Access;
using NUnit.Framework;

namespace CreditShare.Tests.Access;

internal sealed class PartnerRegistryTests
{
    [Test]
    public async Task Nothing_is_read_again_unless_something_changed()
    {
        using var gate = new Gate();
        await gate.RegisterAsync(Gate.Partner("bank", PartnerKind.Bank));

        await gate.Registry.RefreshAsync(CancellationToken.None);
        await gate.Registry.RefreshAsync(CancellationToken.None);

        Assert.That(gate.Store.PartnersRead, Is.EqualTo(1));
    }

    [Test]
    public async Task A_change_made_by_another_node_is_in_force_after_the_next_refresh()
    {
        using var gate = new Gate();
        await gate.RegisterAsync(Gate.Partner("bank", PartnerKind.Bank));
        gate.Store.With(Gate.Partner("late", PartnerKind.Bank));
        gate.Store.Remove("bank");

        await gate.Registry.RefreshAsync(CancellationToken.None);

        Assert.That(gate.Registry.Find(Gate.KeyOf("late")), Is.Not.Null);
        Assert.That(gate.Registry.Find(Gate.KeyOf("bank")), Is.Null);
    }

    [Test]
    public async Task A_registry_that_cannot_be_confirmed_is_current_for_5_s_and_no_longer()
    {
        using var gate = new Gate();
        Assert.That(gate.Registry.IsCurrent, Is.False, "never loaded");
        await gate.RegisterAsync(Gate.Partner("bank", PartnerKind.Bank));
        gate.Store.IsAway = true;

        gate.Clock.Advance(PartnerRegistry.MaxAge);
        Assert.That(() => gate.Registry.RefreshAsync(CancellationToken.None), Throws.TypeOf<StoreUnavailableException>());
        Assert.That(gate.Registry.IsCurrent, Is.True);
        gate.Clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.That(gate.Registry.IsCurrent, Is.False);
        Assert.That(PartnerRegistry.MaxAge, Is.EqualTo(TimeSpan.FromSeconds(5)));
    }

    [Test]
    public async Task Imported_courts_are_known_beside_the_seed()
    {
        using var gate = new Gate();
        var code = CourtCode.TryParse("测97", out var parsed) ? parsed : default;
        await gate.Store.PutCourtsAsync(
            [new Court { Code = code, Name = "测试法院（虚构）", Level = CourtLevel.Intermediate, Parent = CourtCode.Supreme }], CancellationToken.None);

        await gate.Registry.RefreshAsync(CancellationToken.None);

        Assert.That(gate.Courts.NameOf(code), Is.EqualTo("测试法院（虚构）"));
        Assert.That(gate.Courts.NameOf(CourtCode.Supreme), Is.EqualTo("中华人民共和国最高人民法院"));
        Assert.That(gate.Courts.NameOf(CourtCode.TryParse("测0799", out var unknown) ? unknown : default), Is.EqualTo("测0799"));
    }
}
