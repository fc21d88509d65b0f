"""Tell an invented piece of news in six languages, another on the same affair, and other news."""

import polars as pl

from expectations.working_tables import CLEAN_SEGMENTS
from tasks.copies.trace_stories import trace_stories
from tasks.settings import StorySettings


def traced_alone(documents: pl.DataFrame, settings: StorySettings) -> pl.DataFrame:
    """Trace documents (`doc_id`, `language`, `text`) that are all in their own language."""
    return trace_stories(
        documents.with_columns(script=pl.lit("Zyyy")), CLEAN_SEGMENTS.empty(), settings
    )


FERRY = {
    "en_ferry": """Ferry with 312 passengers runs aground off Tallinn
The ferry Aurelia ran aground off Tallinn on Saturday evening with 312 passengers on board, the operator Baltica Line said.
Captain Maris Kalnins told the newspaper Postimees that the engine had failed at 21:40 near the island of Aegna.
14 rescue boats and two helicopters of the Finnish coast guard brought everyone ashore by Sunday morning.
A 67-year-old man from Helsinki was taken to hospital with a broken leg.
The damage is put at 1.2 million euros. The Aurelia was built in Gdansk in 1998.
Minister Kristen Lepik promised an investigation by September.""",
    "fr_ferry": """Un ferry avec 312 passagers s'échoue au large de Tallinn
Le ferry Aurelia s'est échoué samedi soir au large de Tallinn avec 312 passagers à bord, a indiqué la compagnie Baltica Line.
Le capitaine Maris Kalnins a déclaré au journal Postimees que le moteur était tombé en panne à 21h40 près de l'île d'Aegna.
14 canots de sauvetage et deux hélicoptères des garde-côtes finlandais ont ramené tout le monde à terre dimanche matin.
Un homme de 67 ans, originaire d'Helsinki, a été hospitalisé avec une jambe cassée.
Les dégâts sont estimés à 1,2 million d'euros. L'Aurelia a été construit à Gdansk en 1998.
La ministre Kristen Lepik a promis une enquête d'ici septembre.""",
    "ru_ferry": """Паром с 312 пассажирами сел на мель у Таллина
Паром «Аурелия» с 312 пассажирами на борту сел на мель у Таллина в субботу вечером, сообщила компания «Балтика Лайн».
Капитан Марис Калниньш рассказал газете «Постимеэс», что двигатель отказал в 21:40 возле острова Аэгна.
14 спасательных катеров и два вертолёта береговой охраны Финляндии к утру воскресенья доставили всех на берег.
67-летнего мужчину из Хельсинки доставили в больницу со сломанной ногой.
Ущерб оценивается в 1,2 миллиона евро. «Аурелия» построена в Гданьске в 1998 году.
Министр Кристен Лепик пообещала закончить расследование к сентябрю.""",
    "ja_ferry": """乗客312人のフェリー、タリン沖で座礁
土曜日の夜、乗客312人を乗せたフェリー「アウレリア」がタリン沖で座礁したと、運航会社のBaltica Lineが発表した。
マリス・カルニンシュ船長は新聞「ポスティメース」に対し、エンジンが21時40分にアエグナ島の近くで停止したと語った。
救助艇14隻とフィンランド沿岸警備隊のヘリコプター2機が、日曜日の朝までに全員を岸に運んだ。
ヘルシンキの67歳の男性が足を骨折し、病院に運ばれた。
損害は120万ユーロと見られる。アウレリアは1998年にグダニスクで建造された。
クリステン・レピク大臣は9月までに調査を行うと約束した。""",
    "ar_ferry": """جنوح عبّارة على متنها 312 راكبًا قبالة تالين
جنحت العبّارة أوريليا قبالة تالين مساء السبت وعلى متنها 312 راكبًا، حسبما أعلنت شركة بالتيكا لاين.
وقال القبطان ماريس كالنينش لصحيفة بوستيميس إن المحرك تعطل عند الساعة 21:40 قرب جزيرة آيغنا.
ونقل 14 قارب إنقاذ ومروحيتان تابعتان لخفر السواحل الفنلندي الجميع إلى الشاطئ صباح الأحد.
ونُقل رجل من هلسنكي يبلغ من العمر 67 عامًا إلى المستشفى بسبب كسر في الساق.
وتقدر الأضرار بنحو 1.2 مليون يورو. وقد بُنيت أوريليا في غدانسك عام 1998.
ووعدت الوزيرة كريستن ليبيك بإجراء تحقيق بحلول سبتمبر.""",
    "zh_ferry": """载有312名乘客的渡轮在塔林附近搁浅
运营商Baltica Line表示，渡轮“Aurelia”号周六晚在塔林附近搁浅，船上有312名乘客。
船长Maris Kalnins告诉《Postimees》报，发动机于21:40在Aegna岛附近发生故障。
14艘救援船和芬兰海岸警卫队的两架直升机在周日早上之前将所有人送上岸。
一名来自赫尔辛基的67岁男子因腿部骨折被送往医院。
损失估计为120万欧元。“Aurelia”号于1998年在格但斯克建造。
部长Kristen Lepik承诺在9月之前完成调查。""",
}
#: On the same affair, and no translation: other facts, in another order.
SIBLING = {
    "de_sibling": """Baltica Line unter Druck: Wie sicher sind alte Fähren?
Kristen Lepik war schon im Frühjahr gewarnt worden. In einem Brief vom 12. März forderten drei Gewerkschaften schärfere Kontrollen.
Die Aktie von Baltica Line fiel am Montag in Tallinn um 8,5 Prozent, so stark wie seit 2011 nicht mehr.
Der Reeder Juhan Tamm weist die Kritik zurück: Seine sieben Schiffe würden jedes Jahr in Rostock geprüft.
Nach dem Unglück der Aurelia am Samstag sagten 2400 Reisende ihre Überfahrt ab.
Experten der Universität Turku raten, Schiffe nach 25 Jahren zu ersetzen.""",
}
OTHERS = {
    "en_match": """Leverton City beat Norwood 3-1
Striker Paulo Mendes scored twice as Leverton City beat Norwood 3-1 on Saturday in front of 18,400 spectators.
Norwood took the lead in the 12th minute through Ian Hartley, but Mendes equalised before half-time.
Coach Stefan Brandt praised his team, which is now fourth with 27 points.
Leverton play at Carrow Park on Wednesday.""",
    "ru_wheat": """Урожай пшеницы в Поволжье вырос на 17 процентов
Министерство сельского хозяйства сообщило в понедельник, что собрано 9,4 миллиона тонн зерна.
Фермер Олег Дроздов из Саратова говорит, что помогли дожди в мае.
Экспорт в Египет и Турцию начнётся в августе, цена тонны составит 230 долларов.
Аналитик Ирина Белова ожидает, что цены на хлеб не изменятся.""",
    "fr_museum": """Le musée de Lyon expose 85 tableaux retrouvés
Le musée des Beaux-Arts de Lyon ouvre mardi une exposition de 85 tableaux retrouvés dans un grenier de Villeurbanne.
La conservatrice Hélène Marchand les attribue au peintre Auguste Delvaux, mort en 1887.
Le prix d'entrée est de 14 euros. L'exposition durera jusqu'au 6 janvier.""",
}
