"""Tell which lines of an e-mail are not its own: what it quotes, and what stands below it.

Quoted are lines that begin with `>`, the line above them that says who wrote them, and what follows
the separators and headers that mail programs put before the message they answer. A forwarded
message is what is sent, and stays; so does a quotation where nothing else is left.
"""

import re
from collections.abc import Sequence

from tasks.clean.segment import Judgement, Segment, dropped

QUOTED = Judgement("quoted_reply")
SIGNATURE = Judgement("signature")
_QUOTE = re.compile(r">")
#: `On 11 Feb 2025, Ann <a@b.example> wrote:`: it ends in a colon, and names a day or an address.
_INTRODUCTION = re.compile(r"(?=.*(?:\d|@)).{6,300}[:\uff1a]$")
_WROTE_WORDS = (
    "wrote|writes|schrieb|schreef|skrev|kirjoitti|escribió|escreveu|a écrit|ha scritto|a scris"
    "|napsala?|napísala?|napisała?|pisze|írta|je napisao|je napisala|писала?|написала?|пише|пишет"
    "|написа|yazdı|έγραψε|כתב|כתבה|كتب|viết|menulis"
)
_WROTE = re.compile(
    rf"(?=.*\d).{{0,250}}\b(?:{_WROTE_WORDS})\b.{{0,80}}[:\uff1a]$"
    r"|\d{4}年.{1,200}(?:写道|寫道|のメール|書きました)\s*[:\uff1a]?$"
    r"|\d{4}년.{1,200}작성.{0,20}[:\uff1a]$",
    re.IGNORECASE,
)
#: Lines of dashes or underscores with a word for `original message` in them.
_ORIGINAL_WORDS = (
    "original message|original-?nachricht|ursprüngliche nachricht|message d'origine"
    "|message original|mensaje original|mensagem original|messaggio originale"
    "|oorspronkelijk bericht|oprindelig meddelelse|ursprungligt meddelande|opprinnelig melding"
    "|alkuperäinen viesti|wiadomość oryginalna|původní zpráva|eredeti üzenet"
    "|исходное сообщение|вихідне повідомлення|orijinal mesaj|원본 메시지"
    "|元のメッセージ|原始邮件|原始郵件|الرسالة الأصلية"
)
_ORIGINAL = re.compile(rf"-{{2,}}\s*(?:{_ORIGINAL_WORDS})\s*-{{2,}}", re.IGNORECASE)
_FORWARDED_WORDS = (
    "forwarded message|weitergeleitete nachricht|message transféré|mensaje reenviado"
    "|messaggio inoltrato|mensagem encaminhada|doorgestuurd bericht|пересланное сообщение"
    "|пересылаемое сообщение|转发邮件|轉寄郵件|転送メッセージ"
)
_FORWARDED = re.compile(
    rf"-{{2,}}\s*(?:{_FORWARDED_WORDS})|begin forwarded message:|anfang der weitergeleiteten",
    re.IGNORECASE,
)
_LABEL = re.compile(r"\*?([^\W\d_][\w. -]{0,20}?)\*?\s?[:\uff1a]\*?\s*\S")
_LABELS = (
    {"from", "von", "de", "da", "van", "fra", "från", "lähettäjä", "od", "feladó", "от", "від",
     "kimden", "보낸 사람", "差出人", "发件人", "寄件者", "من"},
    {"sent", "date", "gesendet", "datum", "envoyé", "enviado", "enviado el", "fecha", "inviato",
     "data", "verzonden", "sendt", "skickat", "lähetetty", "wysłano", "odesláno", "elküldve",
     "отправлено", "дата", "надіслано", "gönderildi", "tarih", "보낸 날짜", "送信日時", "发送时间",
     "寄件日期", "تاريخ"},
    {"to", "an", "à", "para", "a", "aan", "til", "till", "vastaanottaja", "do", "komu", "címzett",
     "кому", "kime", "받는 사람", "宛先", "收件人", "收件者", "إلى"},
    {"subject", "betreff", "objet", "asunto", "assunto", "oggetto", "onderwerp", "emne", "ämne",
     "aihe", "temat", "předmět", "tárgy", "тема", "konu", "제목", "件名", "主题", "主旨",
     "الموضوع"},
)  # fmt: skip
#: Kinds of labels that a header of a quoted message has, and lines that it may go over.
_MIN_LABELS = 3
_HEADER_LINES = 6
#: Lines between a line that says who wrote and what that wrote.
_INTRODUCTION_LINES = 2
_SENT_WORDS = (
    "sent (?:from|with|via) (?:my|outlook|mail|yahoo|proton|gmail)|get outlook for|von meinem"
    "|gesendet (?:von|mit|über)|envoyé (?:de|depuis)|enviado (?:desde|do|de) |inviato da"
    "|verzonden (?:vanaf|met|via)|skickat från|sendt fra|lähetetty|wysłano z|odesláno z"
    "|отправлено (?:с|из)|надіслано з|gönderildi:|iphone ?から送信|从我的.{1,20}发送"
    "|내 .{1,20}에서 보냄"
)
_SENT_FROM = re.compile(rf"(?:{_SENT_WORDS}).{{0,80}}$", re.IGNORECASE)
_SIGNATURE_SIGN = re.compile(r"--\s*$")
_LIST_FOOTER = re.compile(r"_{20,}$|-{30,}$")
#: A longer one is a text after a line of dashes.
_MAX_SIGNATURE_LINES = 15


def without_foreign_parts(segments: Sequence[Segment]) -> list[Segment]:
    """Return the lines of an e-mail, without those that are not its own unless all are so."""
    found = list(segments)
    while True:
        kept = [index for index, segment in enumerate(found) if segment.is_kept]
        judgements = _judgements([found[index].text for index in kept])
        if all(judgements) or not any(judgements):
            return found
        for index, judgement in zip(kept, judgements, strict=True):
            if judgement is not None:
                found[index] = dropped(found[index], judgement)


def _judgements(lines: Sequence[str]) -> list[Judgement | None]:
    found: list[Judgement | None] = [None] * len(lines)
    end = _end_of_own(lines)
    for index in range(end, len(lines)):
        found[index] = QUOTED
    for index in range(end):
        if _QUOTE.match(lines[index]):
            found[index] = QUOTED
            for above in _introduction(lines, found, index):
                found[above] = QUOTED
    for index in _signature(lines[:end], found):
        found[index] = found[index] or SIGNATURE
    return found


def _end_of_own(lines: Sequence[str]) -> int:
    """Return the index of the first line from which on all is quoted."""
    for index, line in enumerate(lines):
        if _FORWARDED.match(line):
            return len(lines)
        follows = lines[index + 1 : index + 2]
        is_followed_by_quote = bool(follows) and _QUOTE.match(follows[0]) is not None
        says_so = _ORIGINAL.match(line) or (_WROTE.fullmatch(line) and not is_followed_by_quote)
        if index and (says_so or _is_header(lines[index : index + _HEADER_LINES])):
            has_rule = _LIST_FOOTER.match(lines[index - 1]) is not None
            return index - has_rule
    return len(lines)


def _is_header(lines: Sequence[str]) -> bool:
    """Tell whether a header of a quoted message begins here."""
    labels = [found[1].casefold() if (found := _LABEL.match(line)) else "" for line in lines]
    kinds = [{kind for kind, known in enumerate(_LABELS) if label in known} for label in labels]
    return 0 in (kinds[0] if kinds else ()) and len(set().union(*kinds)) >= _MIN_LABELS


def _introduction(lines: Sequence[str], found: Sequence[Judgement | None], quote: int) -> range:
    """Return the lines right above a quotation that say who wrote it."""
    for begin in range(quote - 1, max(-1, quote - 1 - _INTRODUCTION_LINES), -1):
        if found[begin] is not None:
            break
        if _INTRODUCTION.fullmatch(" ".join(lines[begin:quote])):
            return range(begin, quote)
    return range(0)


def _signature(lines: Sequence[str], found: Sequence[Judgement | None]) -> range:
    """Return the lines at the end that a mail program or a list has put there."""
    end = len(lines)
    while end and found[end - 1] is not None:
        end -= 1
    begin = max(0, end - _MAX_SIGNATURE_LINES - 1)
    for index in range(begin, end):
        is_list_footer = _LIST_FOOTER.match(lines[index]) and "://" in " ".join(lines[index:end])
        if index and (_SIGNATURE_SIGN.match(lines[index]) or is_list_footer):
            return range(index, end)
    begin = end
    while begin > 1 and _SENT_FROM.match(lines[begin - 1]):
        begin -= 1
    return range(begin, end)
