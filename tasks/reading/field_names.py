"""List the usual names of a record's fields, the most telling first.

Those of corpora (C4, OSCAR, CC-News), of feeds, of schema.org, of programs that publish (WordPress,
Guardian, NewsAPI, Reddit, Twitter) and of datasets, and what these are called in tables that people
made in other languages. Names are compared without case, `_`, `-`, `.`,
`@` and spaces: `pubDate` is `pub_date`. `name` means too much.
"""


def _names(words: str) -> tuple[str, ...]:
    return tuple(words.split())


#: What holds a record's whole text.
TEXT_NAMES = _names(
    "text content body html rawhtml rawcontent article message fulltext plaintext maintext"
    " articletext articlebody bodytext pagecontent contenthtml bodyhtml contenttext"
    " textcontent articlecontent newscontent newstext maincontent rawtext pagetext cleantext"
    " cleanedtext extractedtext contentencoded selftext tweet tweettext posttext postcontent"
    " postbody storytext storybody paragraphs document passage transcript transcription lyrics"
    " texto texte testo tekst inhalt contenido contenu conteúdo conteudo contenuto treść tresc"
    " obsah szöveg innehåll innhold indhold sisältö tekstas besedilo vsebina sadržaj sadrzaj"
    " metin içerik icerik isi konten nộidung κείμενο текст содержание съдържание зміст النص"
    " المحتوى متن טקסט תוכן सामग्री पाठ เนื้อหา 本文 内容 内文 正文 文本 본문 내용"
)
#: What holds a text where nothing else does: what others write below a text, or say of it.
LESSER_TEXT_NAMES = _names(
    "review reviewtext reviewbody reviewcontent comment commenttext commentbody"
    " commentcontent post story utterance sentence sentences answer note notes abstract"
    " caption description summary excerpt snippet leadparagraph lead teaser beschreibung"
    " descripción descripcion descrição descricao descrizione opis popis leírás açıklama"
    " описание опис kommentar commentaire comentario comentário commento komentarz yorum"
    " комментарий отзыв 评论 説明 コメント 댓글"
)
MARKUP_NAMES = {"html", "rawhtml", "contenthtml", "bodyhtml"}
#: What holds the text within a text that is an object: WordPress, Drupal, XML read as JSON.
INNER_TEXT_NAMES = _names(
    "rendered value html text raw body content plain #text $t cdata markdown blocks paragraphs"
)
#: Objects that hold a record's fields: of search engines, APIs, and programs that publish.
RECORD_NAMES = _names(
    "source article data fields attributes node post item record document doc story news page entry"
    " properties payload object tweet message content comment review video snippet"
)
#: Lists of records in an answer of a program, or in an export.
LIST_NAMES = _names(
    "articles items data results records documents docs posts entries hits stories news rows"
    " statuses response tweets"
)
#: The same, of which a record may have a list, too: they must hold whole records.
LESSER_LIST_NAMES = _names(
    "messages comments reviews values value children edges nodes entry item objects list pages"
    " content collection feed threads questions answers texts"
)
ID_NAMES = _names("id docid documentid articleid uuid guid sourceid recordid uid identifier")
URL_NAMES = _names(
    "url link uri sourceurl pageurl articleurl canonicalurl weburl permalink href warctargeturi"
    " ссылка 链接"
)
TITLE_NAMES = _names(
    "title headline heading articletitle pagetitle webtitle subject titel titre título titulo"
    " titolo tytuł tytul titulek název cím titlu rubrik tittel otsikko naslov başlık baslik"
    " judul tiêuđề τίτλοσ заголовок название заглавие العنوان عنوان כותרת शीर्षक หัวข้อ タイトル"
    " 標題 标题 題名 题目 제목"
)
DATE_NAMES = _names(
    "publishedat published datepublished publicationdate publishdate pubdate publishedon"
    " publishedtime webpublicationdate dategmt date datetime timestamp createdat createdutc"
    " postedat reviewdate datum fecha data tarih dátum dato päivämäärä tanggal ngày ημερομηνία"
    " дата تاريخ تاریخ תאריך दिनांक วันที่ 日期 日付 公開日 发布时间 发布日期 날짜 작성일"
)
FETCH_NAMES = _names(
    "fetchedat crawledat retrievedat fetchdate crawldate datedownload downloadedat warcdate"
)
AUTHOR_NAMES = _names(
    "author authors byline creator dccreator primaryauthor autor autorin auteur autore"
    " författare forfatter kirjoittaja szerző yazar penulis tácgiả автор المؤلف الكاتب نویسنده"
    " 作者 著者 저자 글쓴이"
)
SITE_NAMES = _names("site sitename website publisher")
LANGUAGE_NAMES = _names(
    "language lang languagecode inlanguage sprache langue idioma lingua język язык 语言 言語 언어"
)
