"""Short sentences of thirty languages come back from encodings that nobody names."""

import pytest

from tasks.reading.detection import readings
from tasks.reading.encodings import decode
from tasks.settings import IngestSettings

#: Written for this test, a sentence each with the letters that its encodings hold differently.
SENTENCES = {
    "cs": ("Starosta řekl, že nový most přes řeku bude otevřen až příští týden.", "cp1250 iso8859_2 cp852"),
    "sk": ("Primátor povedal, že nový most cez rieku otvoria až budúci týždeň.", "cp1250 iso8859_2 cp852"),
    "pl": ("Burmistrz powiedział, że nowy most zostanie otwarty w przyszłym tygodniu, jeśli wszystko będzie gotowe.", "cp1250 iso8859_2 iso8859_16"),
    "hu": ("A polgármester szerint az új híd jövő héten készül el, és mindenkinek örömöt szerez majd.", "cp1250 iso8859_2"),
    "ro": ("Primarul a spus că podul cel nou va fi gata săptămâna viitoare, deşi ploaia şi vântul au stricat totul.", "cp1250 iso8859_2"),
    "hr": ("Gradonačelnik je rekao da će novi most biti otvoren tek sljedeći tjedan, kad završe šetnicu.", "cp1250 iso8859_2"),
    "sl": ("Župan je povedal, da bodo novi most čez reko odprli šele naslednji teden.", "cp1250 iso8859_2"),
    "de": ("Der Bürgermeister öffnet die neue Brücke über den Fluss erst nächste Woche.", "cp1252 iso8859_15 cp850 mac_roman"),
    "fr": ("Le maire a déclaré que le nouveau pont serait achevé après l’été, à la fête du village.", "cp1252 mac_roman"),
    "es": ("El alcalde señaló que el nuevo puente abrirá la próxima semana. ¿Quién lo habría creído?", "cp1252 iso8859_15"),
    "pt": ("O prefeito disse que a nova ponte não será aberta até à próxima semana, após a inspeção.", "cp1252 iso8859_15"),
    "it": ("Il sindaco ha detto che il ponte sarà aperto più tardi perché la città non è pronta.", "cp1252 iso8859_15"),
    "ca": ("L’alcalde va dir que el pont nou s’obrirà la setmana que ve, després de la inspecció.", "cp1252"),
    "nl": ("De burgemeester zei dat één brug pas volgende week wordt geopend, niet beide bruggen in België.", "cp1252 iso8859_15"),
    "da": ("Borgmesteren sagde, at den nye bro først åbner i næste uge på grund af støj.", "cp1252 iso8859_15 cp865"),
    "nb": ("Ordføreren sa at den nye broen først åpner neste uke på grunn av støy.", "cp1252 iso8859_15"),
    "sv": ("Borgmästaren sade att den nya bron över ån öppnas först nästa vecka.", "cp1252 iso8859_15 mac_roman"),
    "fi": ("Pormestari sanoi, että uusi silta avataan vasta ensi viikolla, kun työt ovat päättyneet.", "cp1252 iso8859_15"),
    "is": ("Bæjarstjórinn sagði að nýja brúin yrði ekki opnuð fyrr en í næstu viku, því miður.", "cp1252 iso8859_1"),
    "et": ("Linnapea ütles, et uus sild üle jõe avatakse alles järgmisel nädalal.", "cp1257 iso8859_15 iso8859_4"),
    "lv": ("Mērs teica, ka jaunais tilts pār upi tiks atvērts tikai nākamnedēļ.", "cp1257 iso8859_13 iso8859_4"),
    "lt": ("Meras sakė, kad naujasis tiltas per upę bus atidarytas tik kitą savaitę, kai viskas bus užbaigta.", "cp1257 iso8859_13"),
    "tr": ("Belediye başkanı yeni köprünün ancak gelecek hafta açılacağını söyledi.", "cp1254 iso8859_9 cp857"),
    "ru": ("Мэр заявил, что новый мост через реку откроют только на следующей неделе.", "cp1251 koi8_r iso8859_5 cp866 mac_cyrillic"),
    "uk": ("Мер заявив, що новий міст через річку відкриють лише наступного тижня.", "cp1251 koi8_u iso8859_5"),
    "bg": ("Кметът заяви, че новият мост над реката ще бъде открит едва следващата седмица.", "cp1251 iso8859_5"),
    "sr": ("Градоначелник је рекао да ће нови мост бити отворен тек следеће недеље.", "cp1251 iso8859_5"),
    "el": ("Ο δήμαρχος δήλωσε ότι η νέα γέφυρα θα ανοίξει μόλις την επόμενη εβδομάδα.", "cp1253 iso8859_7"),
    "he": ("ראש העיר אמר שהגשר החדש מעל הנהר ייפתח רק בשבוע הבא.", "cp1255 iso8859_8 cp862"),
    "ar": ("قال رئيس البلدية إن الجسر الجديد فوق النهر لن يفتح إلا في الأسبوع المقبل.", "cp1256 iso8859_6"),
    "fa": ("شهردار گفت که پل جديد روي رودخانه هفته آينده باز خواهد شد و پارک هم آماده است.", "cp1256"),
    "th": ("นายกเทศมนตรีกล่าวว่าสะพานใหม่ข้ามแม่น้ำจะเปิดในสัปดาห์หน้า", "cp874 tis_620"),
    "zh": ("市长表示，跨河新桥要到下个星期才会通车，市民对此非常失望。", "gb18030 gb2312"),
    "zh-Hant": ("市長表示，跨河新橋要到下個星期才會通車，市民對此非常失望。", "big5"),
    "ja": ("市長は、川にかかる新しい橋の開通は来週になると述べた。", "shift_jis euc_jp"),
    "ko": ("시장은 강을 건너는 새 다리가 다음 주에야 개통될 것이라고 말했다.", "euc_kr"),
}  # fmt: skip
CASES = [(tag, codec) for tag, (_, codecs) in SENTENCES.items() for codec in codecs.split()]


def _decoded(data: bytes) -> tuple[str, float]:
    text, encoding = decode(data, (), IngestSettings())
    return text, encoding.confidence


@pytest.mark.parametrize(("language", "codec"), CASES)
def test_a_short_sentence_comes_back(language: str, codec: str) -> None:
    text = SENTENCES[language][0]
    if codec != "cp1252" and "’" in text and "mac" not in codec:
        text = text.replace("’", "'")
    found, confidence = _decoded(text.encode(codec))
    assert found == text
    assert confidence > 0.3


@pytest.mark.parametrize(
    ("name", "codec"),
    [("Küster Jürgen öffnet die Tür", "cp1252"), ("Dvořák a Šťastný", "cp1250"), ("Gül Şahin, İzmir", "cp1254"), ("señor Núñez", "cp1252")],
)  # fmt: skip
def test_a_few_words_come_back(name: str, codec: str) -> None:
    assert _decoded(name.encode(codec))[0] == name


def test_confidence_says_that_two_readings_fit() -> None:
    sure = readings(SENTENCES["ru"][0].encode("cp1251"))[0].confidence
    unsure = readings("3 µ".encode("cp1252"))[0].confidence
    assert sure > 0.99
    assert unsure < 0.9


def test_encodings_that_read_the_bytes_alike_are_one_reading() -> None:
    found = readings("Ärger über Öl".encode("cp1252"))
    assert found[0].codec == "cp1252"
    assert "iso8859-1" not in [reading.codec for reading in found]


@pytest.mark.parametrize(
    ("first", "second"), [("utf-8", "cp1252"), ("utf-8", "mac_roman"), ("utf-8", "cp850")]
)
def test_each_line_of_a_file_in_two_encodings_comes_back(first: str, second: str) -> None:
    lines = [
        "Die Fähre fährt um sieben, Gäste zahlen an der Brücke.",
        "Für Kinder ist die Überfahrt frei.",
        "Die Schänke am Kai öffnet im März.",
    ]
    data = b"\n".join(
        line.encode(codec) for line, codec in zip(lines, (first, second, first), strict=True)
    )
    assert _decoded(data)[0] == "\n".join(lines)


def test_lines_in_two_old_encodings_come_back() -> None:
    text = SENTENCES["ru"][0]
    other = "Вчера в библиотеке открылась выставка старых карт и писем."
    data = b"\n".join(
        [
            text.encode("cp1251"),
            other.encode("koi8_r"),
            text.encode("cp1251"),
            other.encode("cp1251"),
        ]
    )
    assert _decoded(data)[0] == "\n".join([text, other, text, other])


def test_a_cut_character_does_not_make_a_line_another_encoding() -> None:
    data = (
        "Die Fähre fährt über die Brücke.\n".encode()
        + "Grüße aus Köln".encode()[:-4]
        + b"\xc3\n"
        + "öffnet früh\n".encode()
    )
    assert "über die Brücke" in _decoded(data)[0]
    assert "öffnet früh" in _decoded(data)[0]
    assert "Ã" not in _decoded(data)[0]


def test_ascii_has_no_readings() -> None:
    assert readings(b"plain words") == []
