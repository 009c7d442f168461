package torrefy.tokenizer.corpus.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import torrefy.tokenizer.corpus.read.TextForm;

class LanguageGuessTest {

    /// The same small story again and again, as a code and a text.
    private static final String STORY = """
            en|Yesterday we went down to the harbour, because my brother wanted to see the ships before they left.
            de|Gestern gingen wir zum Hafen hinunter, weil mein Bruder die Schiffe sehen wollte, bevor sie abfuhren.
            fr|Hier, nous sommes allés au port, parce que mon frère voulait voir les bateaux avant leur départ.
            es|Ayer fuimos al puerto, porque mi hermano quería ver los barcos antes de que se marcharan.
            it|Ieri siamo andati al porto, perché mio fratello voleva vedere le navi prima che partissero.
            pt|Ontem fomos ao porto, porque o meu irmão queria ver os barcos antes que eles partissem.
            nl|Gisteren gingen we naar de haven, omdat mijn broer de schepen wilde zien voordat ze vertrokken.
            sv|I går gick vi ner till hamnen, eftersom min bror ville se fartygen innan de for iväg.
            da|I går gik vi ned til havnen, fordi min bror ville se skibene, før de sejlede af sted efter frokost.
            nb|I går gikk vi ned til havnen, fordi min bror ville se skipene før de dro av gårde etter lunsj.
            fi|Eilen menimme satamaan, koska veljeni halusi nähdä laivat ennen kuin ne lähtivät, mutta se oli tyhjä.
            pl|Wczoraj poszliśmy do portu, ponieważ mój brat chciał zobaczyć statki, zanim odpłyną.
            cs|Včera jsme šli do přístavu, protože můj bratr chtěl vidět lodě, než odplují, ale už tam nebyly.
            sk|Včera sme išli do prístavu, pretože môj brat chcel vidieť lode, kým odplávajú, ale už tam neboli.
            hu|Tegnap lementünk a kikötőbe, mert a bátyám meg akarta nézni a hajókat, mielőtt elindulnak.
            ro|Ieri am coborât în port, pentru că fratele meu voia să vadă corăbiile înainte de a pleca.
            hr|Jučer smo otišli u luku, jer je moj brat htio vidjeti brodove prije nego što isplove.
            sl|Včeraj smo šli v pristanišče, ker je moj brat hotel videti ladje, preden so odplule.
            tr|Dün limana indik, çünkü kardeşim gemileri gitmeden önce görmek istiyordu ama orada hiç kimse yoktu.
            id|Kemarin kami pergi ke pelabuhan, karena saudara saya ingin melihat kapal itu sebelum mereka berangkat.
            ca|Ahir vam anar al port, perquè el meu germà volia veure els vaixells abans que marxessin.
            vi|Hôm qua chúng tôi đã đi xuống bến cảng vì anh tôi muốn xem những con tàu trước khi chúng rời đi.
            ru|Вчера мы пошли в порт, потому что мой брат хотел увидеть корабли, пока они не ушли.
            uk|Учора ми пішли до порту, бо мій брат хотів побачити кораблі, перш ніж вони відпливуть.
            bg|Вчера отидохме на пристанището, защото брат ми искаше да види корабите, преди да отплават.
            sr|Јуче смо отишли у луку, јер је мој брат хтео да види бродове пре него што исплове.
            ar|ذهبنا أمس إلى الميناء لأن أخي أراد أن يرى السفن قبل أن تغادر، ولكن لم يكن هناك أحد.
            fa|دیروز به بندر رفتیم، چون برادرم می خواست کشتی ها را پیش از رفتن ببیند، اما کسی آنجا نبود.
            el|Χθες πήγαμε στο λιμάνι, γιατί ο αδελφός μου ήθελε να δει τα πλοία πριν φύγουν.
            he|אתמול הלכנו לנמל, כי אחי רצה לראות את האוניות לפני שהן יוצאות.
            hi|कल हम बंदरगाह गए, क्योंकि मेरा भाई जहाज़ों को जाने से पहले देखना चाहता था।
            th|เมื่อวานเราไปที่ท่าเรือ เพราะพี่ชายของฉันอยากเห็นเรือก่อนที่มันจะออกไป
            ko|어제 우리는 항구에 갔다. 형이 배가 떠나기 전에 보고 싶어 했기 때문이다.
            ja|昨日、私たちは港へ行った。弟が出発する前の船を見たがったからだ。
            zh|昨天我们去了港口，因为我弟弟想在船离开之前看看它们。
            """;

    private static LanguageGuess guess(String text) {
        return LanguageGuess.of(new TextView(text, TextForm.PROSE));
    }

    @Test
    void aSentenceOfEachLanguageIsTold() {
        Map<String, String> guesses = new TreeMap<>();
        Map<String, String> right = new TreeMap<>();
        STORY.lines().map(line -> line.split("\\|")).forEach(parts -> {
            guesses.put(parts[0], guess(parts[1]).code());
            right.put(parts[0], parts[0]);
        });
        assertEquals(right, guesses);
        assertEquals(new TreeSet<>(LanguageGuess.codes()), right.keySet());
    }

    /// A text in Japanese about software is half English letters; names in a script do not change the language.
    @Test
    void namesInAnotherScriptDoNotDecide() {
        assertEquals("ja", guess("Linux の ext4 ファイルシステムでは fsck コマンドを実行してください。").code());
        assertEquals(
                "ru",
                guess("Команда mount не может быть выполнена, так как файл /etc/fstab не найден.")
                        .code());
        assertEquals(
                "en",
                guess("The word привет is what they say in Moscow when they meet you.")
                        .code());
    }

    @Test
    void whatIsNoLanguageIsUnknown() {
        assertEquals(LanguageGuess.UNKNOWN, guess("").code());
        assertEquals(LanguageGuess.UNKNOWN, guess("12 + 30 = 42 !!!").code());
        assertEquals(
                LanguageGuess.UNKNOWN,
                guess("lorem ipsum dolor sit amet consectetur adipiscing").code());
        assertEquals(LanguageGuess.UNKNOWN, guess("ქართული ენა არის ძველი").code());
    }

    /// No more than a few thousand words are looked at.
    @Test
    void aLongTextIsJudgedByASample() {
        String english = STORY.lines().findFirst().orElseThrow().substring(3);
        assertEquals(
                guess(english).code(), guess((english + " ").repeat(10_000)).code());
    }

    @Test
    void theFilterKeepsTheLanguagesThatAreWanted() {
        TextFilter filter = FilterCatalogue.named("language=en+fr");
        assertEquals("language", filter.name());
        List<String> lines = STORY.lines().map(line -> line.substring(3)).toList();
        assertFalse(filter.judge(new TextView(lines.get(0), TextForm.PROSE)).isRejected());
        assertEquals(
                "language de",
                filter.judge(new TextView(lines.get(1), TextForm.PROSE)).why());
        assertFalse(filter.judge(new TextView(lines.get(2), TextForm.PROSE)).isRejected());
        assertFalse(filter.appliesTo(TextForm.CODE));
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> new LanguageFilter(Set.of("en", "xx")));
        assertTrue(refused.getMessage().startsWith("language 'xx' cannot be told; these can: en, "));
        assertThrows(IllegalArgumentException.class, () -> FilterCatalogue.named("language="));
    }
}
