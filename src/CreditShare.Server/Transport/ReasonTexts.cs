using CreditShare.V1;

namespace CreditShare.Server.Transport;

/// <summary>What a reason says to people, in both languages. Programs switch on the reason.</summary>
/// <param name="English">The status message.</param>
/// <param name="Chinese">The localized message.</param>
internal sealed record ReasonText(string English, string Chinese);

/// <summary>The sentences of all reasons.</summary>
internal static class ReasonTexts
{
    /// <summary>The sentences of one reason.</summary>
    public static ReasonText Of(ErrorReason reason) => reason switch
    {
        ErrorReason.Unspecified => new("No reason was given.", "未说明原因。"),

        ErrorReason.SeveralViolations => new("Several fields are wrong; see the violations.", "多个字段有误，详见各项说明。"),
        ErrorReason.FieldRequired => new("A required field is missing.", "缺少必填字段。"),
        ErrorReason.FieldTooLong => new("The field is longer than its limit.", "字段超过长度或数量上限。"),
        ErrorReason.FieldInvalid => new("The field has a form or a value that is not allowed.", "字段的格式或取值不符合要求。"),
        ErrorReason.DateInvalid => new("The date does not exist or lies outside of what the field allows.", "日期不存在或超出允许范围。"),
        ErrorReason.DateInFuture => new("The date must not lie in the future.", "日期不得晚于当日。"),
        ErrorReason.NumberLength => new("The number has a length that its type does not know.", "证件号码长度不符合该证件类型。"),
        ErrorReason.NumberCharacter => new("The number has a character that its type does not allow.", "证件号码含有不允许的字符。"),
        ErrorReason.NumberCheckDigit => new("The check digit of the number is wrong.", "证件号码校验码错误。"),
        ErrorReason.NumberDate => new("The birth date within the number does not exist or lies in the future.", "证件号码中的出生日期不存在或晚于当日。"),
        ErrorReason.NumberForm => new("The number has not the form of its type.", "证件号码格式不符合该证件类型。"),
        ErrorReason.NumberCountry => new("The issuing country is missing, unknown, or does not belong here.", "签发国家缺失、无法识别或不应填写。"),
        ErrorReason.BirthDateRequired => new("A query by passport needs the holder's birth date.", "以护照查询时须提供持有人出生日期。"),
        ErrorReason.NameCharacter => new("The name has a character that no name has.", "姓名或名称含有不允许的字符。"),
        ErrorReason.CaseNumberForm => new("The case number has no known form.", "案号格式无法识别。"),
        ErrorReason.CaseNotImplementing => new("The case is not one of enforcement proper.", "该案件不属于执行实施类案件。"),
        ErrorReason.CaseOfOtherCourt => new("The case number is another court's.", "案号不属于该法院。"),
        ErrorReason.CourtUnknown => new("No court of that code was valid on that day.", "该日期不存在此代码的法院。"),
        ErrorReason.NameForm => new("The resource name or request id has not its form.", "资源名称或请求标识格式不正确。"),
        ErrorReason.PageTokenInvalid => new("The page token is not one of this list.", "分页标记无效。"),
        ErrorReason.MaskInvalid => new("The update mask is empty or names a field that cannot be changed.", "更新掩码为空或包含不可修改的字段。"),

        ErrorReason.DocumentKind => new("The document is not one of a subject of this kind.", "证件类型与主体类别不符。"),
        ErrorReason.DocumentTwice => new("One document is named twice.", "同一证件重复填写。"),
        ErrorReason.SubjectContradictsNumber => new("Sex or birth date contradict the number.", "性别或出生日期与证件号码不一致。"),
        ErrorReason.SubjectIsMinor => new("The person was a minor on the day of the decision.", "作出决定之日该人未成年，不得纳入名单。"),
        ErrorReason.Article3NotDeclared => new("Ground 1 needs the declaration of Art. 3.", "适用第一项情形须声明不存在第三条所列情形。"),
        ErrorReason.TermRequired => new("Grounds 2 to 6 need a term.", "适用第二至六项情形须载明期限。"),
        ErrorReason.TermNotAllowed => new("Ground 1 alone has no term.", "仅适用第一项情形时不设期限。"),
        ErrorReason.TermLength => new("The term is neither two years nor a lawful extension.", "期限既非二年，也非依法延长的期限。"),
        ErrorReason.TermOver => new("The term is over already.", "期限已届满。"),
        ErrorReason.ExtensionReason => new("The extension has no reason that carries it.", "延长期限缺少法定理由。"),
        ErrorReason.GraceLength => new("The grace is not one to three months from the decision.", "宽限期应为决定之日起一至三个月。"),
        ErrorReason.AlreadyPerformed => new("The obligation has been performed in full.", "义务已全部履行，不应纳入名单。"),
        ErrorReason.EndReasonNotAllowed => new("The reason does not end such a listing.", "该理由不能终止此条名单信息。"),

        ErrorReason.NotInThisState => new("The listing is not in a state that allows this.", "名单信息当前状态不允许此操作。"),
        ErrorReason.ListingEnded => new("The listing has ended, for good.", "该名单信息已终止。"),
        ErrorReason.GraceNotOver => new("The period of grace is not over.", "宽限期尚未届满。"),
        ErrorReason.AlreadyListed => new("An active listing of this case names this document.", "本案已有针对该证件的有效名单信息。"),
        ErrorReason.RelistingBarred => new("The creditor's application is barred for six months.", "申请执行人申请删除后六个月内不得再次申请纳入。"),
        ErrorReason.VersionMismatch => new("The listing has another version; read it again.", "名单信息版本已变更，请重新读取。"),
        ErrorReason.IdentityReplaced => new("Name and documents would both become another's: revoke and publish anew.", "姓名与证件不得同时更换，请撤销后重新发布。"),
        ErrorReason.RequestIdReused => new("The request id was used with other content.", "请求标识已用于其他内容。"),
        ErrorReason.ListingNotFound => new("There is no such listing.", "未找到该名单信息。"),
        ErrorReason.AnswerNotFound => new("There is no such answer of yours that disclosed anything.", "未找到该查询答复。"),
        ErrorReason.NothingChanged => new("The correction changes nothing.", "更正内容与现有内容相同。"),

        ErrorReason.CallerUnknown => new("The key of your certificate is not registered.", "客户端证书的公钥未登记。"),
        ErrorReason.PartnerSuspended => new("The partner is suspended.", "该接入单位已被暂停。"),
        ErrorReason.RpcNotGranted => new("The partner was not granted this RPC.", "该接入单位未获准调用此接口。"),
        ErrorReason.ViewNotGranted => new("The partner was not granted this view.", "该接入单位未获准使用此视图。"),
        ErrorReason.PurposeNotGranted => new("The partner was not granted this purpose.", "该接入单位未获准以此目的查询。"),
        ErrorReason.CourtNotYours => new("The partner does not speak for this court.", "该接入单位无权代表此法院。"),
        ErrorReason.QuotaExceeded => new("Too many calls or subjects; retry after the time given.", "调用或查询次数超过配额，请稍后重试。"),
        ErrorReason.FollowerTooSlow => new("The follower did not read in time; resume from the cursor.", "接收过慢，请从游标处继续。"),
        ErrorReason.MessageTooLarge => new("The message or frame is larger than its limit.", "消息或帧超过大小上限。"),

        ErrorReason.CursorAhead => new("The cursor lies past the head.", "游标位于最新位置之后。"),
        ErrorReason.FeedDiverged => new("The cursor is of a history that this journal does not know; take a new export.", "游标所属历史与本日志不一致，请重新导出。"),
        ErrorReason.PositionNotReached => new("The position asked for was not reached in time.", "未能在时限内达到所要求的位置。"),
        ErrorReason.FrameOutOfOrder => new("The frame does not follow the one before it.", "帧序号不连续。"),

        ErrorReason.NodeStale => new("The node cannot say how fresh it is; retry, on another node if there is one.", "节点无法保证数据时效，请重试或换用其他节点。"),
        ErrorReason.StoreUnavailable => new("The store cannot be reached; nothing was written.", "存储暂不可用，未写入任何内容。"),
        ErrorReason.OutcomeUnknown => new("The connection was lost while committing; retry with the same request id.", "提交时连接中断，请以相同请求标识重试。"),
        ErrorReason.WithdrawalNotConfirmed => new("The change is durable, but not every node has applied it yet; retry with the same request id.", "变更已落盘，但尚未在所有节点生效，请以相同请求标识重试。"),
        ErrorReason.ShuttingDown => new("The server is stopping; retry on another node.", "服务正在停止，请换用其他节点。"),
        ErrorReason.Internal => new("A fault of the server.", "服务器内部错误。"),
        ErrorReason.Overloaded => new("The server has too much to do; retry after the time given.", "服务器繁忙，请稍后重试。"),

        ErrorReason.PartnerNotFound => new("There is no such partner.", "未找到该接入单位。"),
        ErrorReason.PartnerExists => new("The partner id is taken.", "接入单位标识已被占用。"),
        ErrorReason.KeyExists => new("The key is registered already.", "该公钥已登记。"),
        ErrorReason.TooManyKeys => new("The partner has two keys; revoke one first.", "该接入单位已有两把公钥，请先撤销其一。"),
        ErrorReason.KeyNotFound => new("The partner has no such key.", "该接入单位没有此公钥。"),
        ErrorReason.WouldLockOut => new("You would take away your own last key or right to administer.", "此操作会使您失去最后一把公钥或管理权限。"),
        ErrorReason.RpcNotGrantable => new("The RPC is unknown or cannot be granted to a partner of this kind.", "接口不存在或不能授予此类接入单位。"),
        ErrorReason.CourtTableInvalid => new("The court table would contradict itself.", "法院代码表将出现矛盾。"),

        ErrorReason.SubscriptionNotFound => new("The partner has no such subscription.", "未找到该订阅。"),
        ErrorReason.SubscriptionExists => new("The subscription's id is taken by another content.", "订阅标识已用于其他内容。"),
        ErrorReason.SubscriptionState => new("The subscription's state or kind of delivery does not allow this.", "订阅的当前状态或推送方式不允许此操作。"),
        ErrorReason.TooManySubscriptions => new("The partner has as many subscriptions as it may.", "订阅数量已达上限。"),
        ErrorReason.EndpointNotAllowed => new("The endpoint is no https address, or lies where deliveries may not go.", "接收地址不是 https 地址，或位于不允许推送的网段。"),
        ErrorReason.SecretInvalid => new("The secret is not whsec_ and 24 to 64 bytes in base64.", "密钥须为 whsec_ 加 24 至 64 字节的 base64 编码。"),
        ErrorReason.CursorBehind => new("What was acknowledged lies before what was acknowledged already.", "确认位置早于已确认的位置。"),
        ErrorReason.PartnerNotYours => new("It belongs to another partner.", "该资源属于其他接入单位。"),
        ErrorReason.MeasureCodeUnknown => new("There is no measure of this code.", "惩戒措施代码不存在。"),
        ErrorReason.MeasureReferenceUsed => new("The reference was used for another measure.", "该编号已用于其他惩戒措施。"),
        ErrorReason.MeasureNotFound => new("There is no open measure of this reference to lift.", "没有可解除的该编号惩戒措施。"),
    };
}
