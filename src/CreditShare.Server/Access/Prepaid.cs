namespace CreditShare.Server.Access;

/// <summary>A feature of a call that <see cref="QuickEntry"/> took from its partner's quotas and that is answered the long way after all, which then takes
/// only the rest.</summary>
/// <param name="Subjects">Subjects that were taken, besides the call itself.</param>
internal sealed record Prepaid(int Subjects);
