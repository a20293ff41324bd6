namespace CreditShare.Benchmarks.Bench;

/// <summary>One comparison of the bench: a piece of work, measured at us and at what a user would take instead, in turn.</summary>
internal interface IRow
{
    /// <summary>By which it is asked for on the command line.</summary>
    string Name { get; }

    /// <summary>The heading of its part of the report.</summary>
    string Title { get; }

    /// <summary>How both sides were set up and what is counted; goes into the report.</summary>
    string Method { get; }

    Task<IReadOnlyList<Finding>> RunAsync(BenchScene scene);
}
