using CreditShare.Core.Numbers;
using CreditShare.Server.Access;
using CreditShare.Server.Journal;
using CreditShare.Server.Mapping;
using CreditShare.Server.Transport;
using CreditShare.V1;
using DocumentType = CreditShare.Core.Numbers.DocumentType;
using Purpose = CreditShare.Core.Access.Purpose;
using View = CreditShare.Core.Access.View;

namespace CreditShare.Server.Lookup;

/// <summary>Reads questions from the contract, and says everything that is wrong at once.</summary>
internal static class QueryMapping
{
    /// <summary>Reads a question if it is of the common kind and nothing is wrong with it: no position to wait for, no passport, no
    /// birth date.</summary>
    /// <param name="request">The question.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="today">The day in UTC+8.</param>
    /// <param name="key">Gets the document's key; at least <see cref="CanonicalNumber.MaxKeyBytes"/> bytes.</param>
    /// <param name="written">How long the key is.</param>
    /// <returns>Whether <see cref="ReadCheck"/> would find nothing wrong. False proves nothing: ask it then.</returns>
    /// <remarks>Allocates nothing.</remarks>
    public static bool TryReadPlain(CheckSubjectRequest request, Caller caller, DateOnly today, Span<byte> key, out int written)
    {
        written = 0;
        if (request is not { AtLeast: null, Document: { HolderBirthDate: null } document } || document.Type == V1.DocumentType.Passport) return false;
        if (!IsShortText(request.Reference) || !IsShortText(request.Operator)) return false;
        if (request.Purpose == V1.Purpose.Unspecified || !caller.MayAskFor((Purpose)request.Purpose)) return false;

        var view = request.View == V1.View.Unspecified ? caller.DefaultView : (View)request.View;
        if (view == View.None || !caller.MaySee(view)) return false;

        var type = (DocumentType)document.Type;
        return IsNameOf(type, request.Name, out _)
            && CanonicalNumber.TryWriteKey(type, document.Number, document.Country, today, key, out written, out _);
    }

    /// <summary>Reads a question.</summary>
    /// <returns>The question; usable only if <paramref name="problems"/> is empty.</returns>
    public static SubjectCheck ReadCheck(CheckSubjectRequest request, Caller caller, DateOnly today, Problems problems)
    {
        var inquiry = ReadInquiry(request.Purpose, request.Reference, request.Operator, caller, problems);
        var query = new SubjectQuery
        {
            Document = ReadDocument(request.Document, today, problems, out var birthDate),
            HolderBirthDate = birthDate,
            Name = ReadName(request, problems),
        };
        return new SubjectCheck(query, inquiry, ReadView(request.View, caller, problems), ReadPosition(request.AtLeast, problems));
    }

    /// <summary>Reads who asks and why.</summary>
    public static Inquiry ReadInquiry(V1.Purpose purpose, string reference, string operatorName, Caller caller, Problems problems)
    {
        if (purpose == V1.Purpose.Unspecified) problems.Add("purpose", ErrorReason.FieldRequired);
        else if (!Enum.IsDefined(purpose)) problems.Add("purpose", ErrorReason.FieldInvalid);
        else if (!caller.MayAskFor((Purpose)purpose)) problems.Add("purpose", ErrorReason.PurposeNotGranted);

        return new Inquiry(
            caller.Id,
            (Purpose)purpose,
            ValueMapping.ReadRequiredText(reference, "reference", Inquiry.MaxTextLength, problems),
            ValueMapping.ReadRequiredText(operatorName, "operator", Inquiry.MaxTextLength, problems));
    }

    /// <summary>Reads from which position on an answer is wanted.</summary>
    public static JournalPosition? ReadPosition(Position? position, Problems problems)
    {
        if (position is null) return null;

        if (position.Epoch == 0) problems.Add("at_least.epoch", ErrorReason.FieldInvalid, "From 1.");
        if (position.Sequence < 0) problems.Add("at_least.sequence", ErrorReason.FieldInvalid, "Not below 0.");
        return new JournalPosition(position.Epoch, position.Sequence);
    }

    /// <summary>Whether a name can stand beside a document of that type: a person's is required, an organisation's may be left out.</summary>
    /// <param name="type">The document's type.</param>
    /// <param name="name">The name as sent.</param>
    /// <param name="reason">What is wrong with it, if anything is.</param>
    /// <remarks>Allocates nothing.</remarks>
    public static bool IsNameOf(DocumentType type, string name, out ErrorReason reason) =>
        SubjectName.IsValid(name, out var fault) ? Passes(out reason) : Passes(type, fault, out reason);

    /// <summary>The same for a name in UTF-8.</summary>
    public static bool IsNameOf(DocumentType type, ReadOnlySpan<byte> utf8Name, out ErrorReason reason) =>
        SubjectName.IsValid(utf8Name, out var fault) ? Passes(out reason) : Passes(type, fault, out reason);

    private static bool Passes(out ErrorReason reason)
    {
        reason = ErrorReason.Unspecified;
        return true;
    }

    private static bool Passes(DocumentType type, NameFault fault, out ErrorReason reason)
    {
        if (fault == NameFault.Missing && type.IsForOrganisations) return Passes(out reason);

        reason = FaultMapping.ReasonOf(fault);
        return false;
    }

    private static bool IsShortText(string text) =>
        text.Length <= Inquiry.MaxTextLength && !text.AsSpan().IsWhiteSpace() && !ValueMapping.HasControls(text);

    private static DocumentNumber ReadDocument(IdentityDocument? document, DateOnly today, Problems problems, out DateOnly? birthDate)
    {
        DocumentMapping.TryRead(document, "document", today, problems, out var number, out birthDate);
        if (document?.Type != V1.DocumentType.Passport)
        {
            // Other numbers identify by themselves; what stands beside them is not compared.
            birthDate = null;
        }
        else if (document.HolderBirthDate is null)
        {
            problems.Add("document.holder_birth_date", ErrorReason.BirthDateRequired);
        }

        return number;
    }

    private static SubjectName? ReadName(CheckSubjectRequest request, Problems problems)
    {
        if (SubjectName.TryParse(request.Name, out var name, out _)) return name;

        // Without a document nobody can say whether a name is required.
        var type = (DocumentType)(request.Document?.Type ?? V1.DocumentType.Unspecified);
        var isUnknown = !type.IsForPersons && !type.IsForOrganisations;
        if (!IsNameOf(type, request.Name, out var reason) && !(isUnknown && reason == ErrorReason.FieldRequired)) problems.Add("name", reason);
        return null;
    }

    private static View ReadView(V1.View view, Caller caller, Problems problems)
    {
        if (!Enum.IsDefined(view))
        {
            problems.Add("view", ErrorReason.FieldInvalid);
            return View.None;
        }

        var wanted = view == V1.View.Unspecified ? caller.DefaultView : (View)view;
        if (wanted == View.None || !caller.MaySee(wanted)) problems.Add("view", ErrorReason.ViewNotGranted);
        return wanted;
    }
}
