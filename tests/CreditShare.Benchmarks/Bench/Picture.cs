using ScottPlot;

namespace CreditShare.Benchmarks.Bench;

/// <summary>The ratios to the peers as bars, with the spread of the pairs.</summary>
internal static class Picture
{
    private const int Width = 1_200;
    private const int RowHeight = 34;
    private const int Margin = 160;

    public static void Draw(IReadOnlyList<Finding> findings, string file)
    {
        // From the bottom to the top, as the axis counts.
        var shown = findings.Where(finding => finding.Peers.Count > 0).Reverse().ToArray();
        using var plot = new Plot();
        for (var i = 0; i < shown.Length; i++)
        {
            var ratios = shown[i].Ratios.Select(Math.Log10).ToArray();
            plot.Add.Bar(new Bar
            {
                Position = i,
                Value = Figures.Median(ratios),
                Orientation = Orientation.Horizontal,
                FillColor = shown[i].Goal.IsReachedBy(shown[i]) == false ? Colors.IndianRed : Colors.SteelBlue,
                LineWidth = 0,
            });
            var spread = plot.Add.Line(ratios.Min(), i, ratios.Max(), i);
            spread.LineWidth = 2;
            spread.Color = Colors.Black;
        }

        plot.Axes.Left.SetTicks(
            [.. Enumerable.Range(0, shown.Length).Select(i => (double)i)],
            [.. shown.Select(finding => $"{finding.Work} ({finding.Unit}) / {finding.Peer}")]);
        double[] marks = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100];
        plot.Axes.Bottom.SetTicks([.. marks.Select(Math.Log10)], [.. marks.Select(mark => $"{mark:0.#}")]);
        plot.Add.VerticalLine(0, width: 1, color: Colors.Gray);
        plot.Title("CreditShare over the peer, pair by pair: median, least and most");
        plot.XLabel("ratio, logarithmic; red where the goal is not reached");
        plot.SavePng(file, Width, Margin + (RowHeight * Math.Max(1, shown.Length)));
    }
}
