using CreditShare.IntegrationTests.MainJob;
using CreditShare.V1;
using Grpc.Core;
using NUnit.Framework;

namespace CreditShare.IntegrationTests.Inputs;

/// <summary>Where many are sent at once, a bad one is refused by itself, and the others are served.</summary>
internal sealed class RowRefusalTests
{
    [Test, CancelAfter(60_000)]
    public async Task Each_question_of_a_batch_is_answered_or_refused_by_itself(CancellationToken cancellationToken)
    {
        await using var desk = await Desk.OpenAsync(cancellationToken);
        var batch = new BatchCheckSubjectsRequest
        {
            Requests =
            {
                QueryRows.Question(_ => { }),
                QueryRows.Question(r => r.Document.Number = "110000199003072137"),
                QueryRows.Question(r => r.Name = "测试别人"),
                QueryRows.Question(r => (r.Purpose, r.Reference) = (Purpose.Unspecified, "")),
                QueryRows.Question(r => r.Document.Type = (DocumentType)257),
                QueryRows.Question(r => r.AtLeast = new Position { Epoch = 1, Sequence = 1_000_000 }),
                QueryRows.Question(r => r.View = View.Full),
            },
        };

        var results = (await desk.Scene.Bank.BatchCheckSubjectsAsync(batch, cancellationToken: cancellationToken)).Results;

        Assert.That(
            results.Select(result => result.Answer is { } answer ? $"{answer.Verdict}" : Told(result.Refusal)),
            Is.EqualTo(
            [
                "Listed",
                "InvalidArgument NUMBER_CHECK_DIGIT [document.number NUMBER_CHECK_DIGIT]",
                "NameMismatch",
                "InvalidArgument FIELD_REQUIRED [purpose FIELD_REQUIRED, reference FIELD_REQUIRED]",
                "InvalidArgument FIELD_INVALID [document.type FIELD_INVALID]",
                "DeadlineExceeded POSITION_NOT_REACHED []",
                "PermissionDenied VIEW_NOT_GRANTED [view VIEW_NOT_GRANTED]",
            ]));
        Assert.That(
            string.Concat(results.Where(result => result.Refusal is not null).Select(result => Rejection.Of(result.Refusal).Text)),
            Does.Not.Contain("110000199003072137").And.Not.Contain("测试"));
    }

    [Test, CancelAfter(60_000)]
    public async Task Each_row_of_an_import_is_published_or_refused_by_itself(CancellationToken cancellationToken)
    {
        await using var desk = await Desk.OpenAsync(cancellationToken);
        var good = PublicationRows.Publication(_ => { }).Listing;
        var frame = new ImportListingsRequest
        {
            Operator = "测试书记员",
            Rows =
            {
                Row(good),
                Row(good),
                Row(PublicationRows.Publication(r => r.Listing.Subject.Documents[0].Number = "110000199003072137").Listing),
                Row(null),
                Row(good, row => row.RequestId = "x"),
                Row(good, row => row.RequestId = desk.UsedRequestId),
                Row(good, row => row.Parent = "courts/测0199"),
                Row(good, row => row.Parent = "courts/京0105"),
                Row(PublicationRows.Publication(r => r.Listing.Obligation = "款\0").Listing),
            },
        };
        string[] expected =
        [
            "1",
            "AlreadyExists ALREADY_LISTED []",
            "InvalidArgument NUMBER_CHECK_DIGIT [listing.subject.documents[0].number NUMBER_CHECK_DIGIT]",
            "InvalidArgument FIELD_REQUIRED [listing FIELD_REQUIRED]",
            "InvalidArgument NAME_FORM [request_id NAME_FORM]",
            "AlreadyExists REQUEST_ID_REUSED []",
            "InvalidArgument SEVERAL_VIOLATIONS [parent COURT_UNKNOWN, listing.case_number CASE_OF_OTHER_COURT]",
            "InvalidArgument CASE_OF_OTHER_COURT [listing.case_number CASE_OF_OTHER_COURT]",
            "InvalidArgument FIELD_INVALID [listing.obligation FIELD_INVALID]",
        ];
        var before = await desk.LookAsync(cancellationToken);
        var rehearsal = frame.Clone();
        rehearsal.ValidateOnly = true;

        var rehearsed = await ImportAsync(desk, rehearsal, cancellationToken);
        var after = await desk.LookAsync(cancellationToken);
        var done = await ImportAsync(desk, frame, cancellationToken);
        var head = (await desk.Scene.Department.GetHeadAsync(new GetHeadRequest(), cancellationToken: cancellationToken)).Head.Sequence;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(rehearsed, Is.EqualTo(expected));
            Assert.That(after, Is.EqualTo(before), "a rehearsal wrote something");
            Assert.That(done, Is.EqualTo(expected));
            Assert.That(head, Is.EqualTo(6), "five changes before, one good row");
        }
    }

    [Test, CancelAfter(60_000)]
    public async Task A_subject_that_cannot_be_asked_about_is_named_by_its_place_and_is_not_counted_as_free(CancellationToken cancellationToken)
    {
        await using var desk = await Desk.OpenAsync(cancellationToken);
        var frame = ScreeningRows.Frame(f =>
        {
            f.Numbers.Clear();
            f.Names.Clear();
            foreach (var (number, name) in new[]
            {
                (Cast.Resident(1), "测试张三"),
                ("110000199003072137", "测试某人"),
                (Cast.Resident(70), "测试某人"),
                (Cast.Resident(70)[..17], "测试某人"),
                (Cast.Resident(70), ""),
                (Cast.Resident(70), "测\0试"),
                (Cast.Resident(70).Insert(3, "\u200B"), "测试某人"),
                ("", "测试某人"),
            })
            {
                f.Numbers.Add(number);
                f.Names.Add(name);
            }
        });

        using var call = desk.Scene.Bank.ScreenSubjects(cancellationToken: cancellationToken);
        await call.RequestStream.WriteAsync(frame, cancellationToken);
        await call.ResponseStream.MoveNext(cancellationToken);
        var answer = call.ResponseStream.Current;
        frame.FrameNumber = 3;
        await call.RequestStream.WriteAsync(frame, cancellationToken);
        var refusal = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(cancellationToken));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                answer.Invalid.Select(invalid => (invalid.Index, invalid.Reason)),
                Is.EqualTo(
                [
                    (1, ErrorReason.NumberCheckDigit),
                    (3, ErrorReason.NumberLength),
                    (4, ErrorReason.FieldRequired),
                    (5, ErrorReason.NameCharacter),
                    (6, ErrorReason.NumberCharacter),
                    (7, ErrorReason.FieldRequired),
                ]));
            Assert.That((answer.SubjectCount, answer.NotListedCount, answer.Hits.Single().Index), Is.EqualTo((8, 1, 0)));
            Assert.That(Rejection.Of(refusal!).Reason, Is.EqualTo("FRAME_OUT_OF_ORDER"), "after the answer to the frame before");
        }
    }

    [Test, CancelAfter(60_000)]
    public async Task A_question_from_a_position_that_is_not_reached_does_not_outlast_its_deadline(CancellationToken cancellationToken)
    {
        await using var scene = await Scene.OpenAsync("SQLite", cancellationToken, "--Lookup:PositionPatience=00:05:00");
        var question = QueryRows.Question(r => r.AtLeast = new Position { Epoch = 1, Sequence = 1 });

        var refusal = await Assert.ThrowsAsync<RpcException>(async () => await scene.Bank.CheckSubjectAsync(
            question, deadline: DateTime.UtcNow.AddSeconds(1), cancellationToken: cancellationToken));

        Assert.That(refusal!.StatusCode, Is.EqualTo(StatusCode.DeadlineExceeded));
    }

    private static ImportRow Row(Listing? listing, Action<ImportRow>? spoil = null)
    {
        var row = new ImportRow { RequestId = Cast.NewId(), Parent = $"courts/{Cast.Court}", Listing = listing };
        spoil?.Invoke(row);
        return row;
    }

    private static async Task<List<string>> ImportAsync(Desk desk, ImportListingsRequest frame, CancellationToken cancellationToken)
    {
        using var call = desk.Scene.Court.ImportListings(cancellationToken: cancellationToken);
        await call.RequestStream.WriteAsync(frame, cancellationToken);
        await call.RequestStream.CompleteAsync();
        var results = new List<string>();
        await foreach (var answer in call.ResponseStream.ReadAllAsync(cancellationToken))
        {
            results.AddRange(answer.Results.Select(result => result.Receipt is { } receipt ? $"{receipt.Version}" : Told(result.Refusal)));
        }

        return results;
    }

    private static string Told(Google.Rpc.Status status)
    {
        var told = Rejection.Of(status);
        return $"{told.Code} {told.Reason} [{string.Join(", ", told.Violations)}]";
    }
}
