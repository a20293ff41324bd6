using CreditShare.Core.Listings;
using FsCheck;
using FsCheck.Fluent;
using NUnit.Framework;

namespace CreditShare.Tests.Listings;

/// <summary>What no sequence of commands may ever bring about.</summary>
internal sealed class LifecycleProperties
{
    private static readonly (ListingState From, ChangeKind Kind, ListingState To)[] s_lawful =
    [
        (ListingState.None, ChangeKind.GraceBegun, ListingState.Grace),
        (ListingState.None, ChangeKind.Published, ListingState.Published),
        (ListingState.Grace, ChangeKind.Published, ListingState.Published),
        (ListingState.Grace, ChangeKind.Cancelled, ListingState.Cancelled),
        (ListingState.Published, ChangeKind.Corrected, ListingState.Published),
        (ListingState.Published, ChangeKind.Extended, ListingState.Published),
        (ListingState.Published, ChangeKind.Withdrawn, ListingState.Withdrawn),
        (ListingState.Published, ChangeKind.Revoked, ListingState.Revoked),
        (ListingState.Published, ChangeKind.Expired, ListingState.Expired),
    ];

    [Test]
    public void No_command_leads_out_of_the_lawful_transitions() =>
        Check(step => step.Accepted is not { } accepted
            || s_lawful.Contains((step.Before?.State ?? ListingState.None, accepted.Kind, accepted.After.State)));

    [Test]
    public void A_version_is_one_above_the_last() =>
        Check(step => step.Accepted is not { } accepted
            || accepted.After.Version == (step.Before?.Version + 1 ?? (accepted.After.State == ListingState.Grace ? 0 : 1)));

    [Test]
    public void An_ended_listing_never_changes() =>
        Check(step => step.Before is not { } before || !ListingRules.IsEnd(before.State) || step.Accepted is null);

    [Test]
    public void Only_an_ended_listing_has_an_ending() =>
        Check(step => step.Accepted is not { } accepted
            || ListingRules.IsEnd(accepted.After.State) == accepted.After.Ending is not null);

    [Test]
    public void A_listing_has_a_day_of_publication_once_it_was_published() =>
        Check(step => step.Accepted is not { } accepted
            || (accepted.After.PublishedOn is null) == (accepted.After.State is ListingState.Grace or ListingState.Cancelled));

    [Test]
    public void What_is_put_on_the_list_breaks_no_rule() =>
        Check(step => step.Accepted is not { Kind: ChangeKind.Published or ChangeKind.GraceBegun } accepted
            || ContentRules.Check(accepted.After.Content, step.Today).IsEmpty);

    [Test]
    public void What_stays_on_the_list_breaks_no_rule_for_what_stands() =>
        Check(step => step.Accepted is not { After.State: ListingState.Published } accepted
            || ContentRules.CheckStanding(accepted.After.Content, step.Today).IsEmpty);

    [Test]
    public void No_change_makes_a_listing_active_after_the_end_of_its_term() =>
        Check(step => step.Accepted is not { After.State: ListingState.Published } accepted
            || (accepted.After.IsActiveOn(step.Today)
                && (accepted.After.LastDay is not { } last || !accepted.After.IsActiveOn(last.AddDays(1)))));

    [Test]
    public void No_listing_is_active_more_than_five_years_after_its_term_began() =>
        Check(step => step.Accepted?.After is not { State: ListingState.Published, Content.Term: { } term } after
            || !after.IsActiveOn(term.Start.AddYears(5).AddDays(1)));

    [Test]
    public void Only_a_published_listing_is_found_by_its_documents() =>
        Check(step => step.Accepted is not { } accepted
            || accepted.After.IndexedDocuments.IsEmpty == (accepted.After.State != ListingState.Published));

    [Test]
    public void Court_case_kind_and_identity_stay_for_life() =>
        Check(step => step.Accepted is not { } accepted || step.Before is not { } before
            || (accepted.After.Id == before.Id
                && accepted.After.Content.Court == before.Content.Court
                && accepted.After.Content.Case == before.Content.Case
                && accepted.After.Content.Subject!.Kind == before.Content.Subject!.Kind));

    [Test]
    public void Every_change_that_was_accepted_changes_something() =>
        Check(step => step.Accepted is not { } accepted || step.Before is not { } before
            || accepted.After with { Version = before.Version } != before);

    [Test]
    public void Every_refusal_says_why() =>
        Check(step => step.Decision is not Decision.Refused refused || !refused.Violations.IsDefaultOrEmpty);

    [Test]
    public void The_changes_applied_in_order_give_the_state() =>
        Prop.ForAll(LifecycleModel.Lives.ToArbitrary(), moves =>
        {
            var changes = LifecycleModel.Play(moves).Select(step => step.Accepted).OfType<Decision.Accepted>().ToList();
            return changes.Aggregate((Listing?)null, (state, change) => ListingRules.Apply(state, change)) == changes.LastOrDefault()?.After;
        }).QuickCheckThrowOnFailure();

    /// <summary>The properties above would hold of lives in which nothing happens.</summary>
    [Test]
    public void The_random_lives_reach_every_lawful_transition()
    {
        var reached = LifecycleModel.Lives.Sample(5_000)
            .SelectMany(LifecycleModel.Play)
            .Where(step => step.Accepted is not null)
            .Select(step => (step.Before?.State ?? ListingState.None, step.Accepted!.Kind, step.Accepted.After.State))
            .Distinct();

        Assert.That(reached, Is.EquivalentTo(s_lawful));
    }

    private static void Check(Func<Step, bool> holds) =>
        Prop.ForAll(LifecycleModel.Lives.ToArbitrary(), moves => LifecycleModel.Play(moves).All(holds))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(500));
}
