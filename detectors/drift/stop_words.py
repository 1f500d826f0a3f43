"""Words that say nothing of what a text is about: articles, pronouns, prepositions, conjunctions, auxiliaries of seven languages. Pure.

What one language's article is may be another's thing: "die", "car", "hat", "door" are stop words only of texts that speak that language (DOUBTFUL).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

_SPOKEN = 0.25  # of the texts: from there on they speak a language that has words in so many
LANGUAGES: Final[dict[str, frozenset[str]]] = {
    language: frozenset(words.split())
    for language, words in {
        "en": "a about above after again against all also although am among an and another any anybody anyone are aren't as at because been before being below beside between"
        " both but by can can't cannot cant could couldn't did didn't didnt do does doesn't doesnt doing don't done dont during each either else ever every for from had hadn't"
        " has hasn't have haven't having he he'd he'll hence her here hers herself him himself his how however i i'd i'll i'm i've if im in into is isn't isnt it it'd it'll its itself"
        " ive just let let's lets many me might mine more most much must mustn't my myself neither no none nor not of oh on once only onto or other others otherwise ought our ours"
        " ourselves over per please shall shan't she she'd she'll should shouldn't since so some somebody someone such than that that'll thats the their theirs them themselves then"
        " there therefore these they they'd they'll they're they've this those though through thus till to too toward towards under unless until upon us very via was wasn't we we'd we'll"
        " we're we've were weren't what whatever whats when whenever where wherever whether which whichever while who who'd who'll whoever whom whose why with within without won't would"
        " wouldn't yet you you'd you'll you're you've your youre yours yourself yourselves gonna gotta wanna",
        "fr": "le la les l' un une des du de au aux à je j' tu il elle nous vous ils elles moi toi lui eux leur leurs me te se ce c' ça cela ceci cet cette ces celui celle ceux celles"
        " mon ma mes ta tes sa ses notre nos votre vos qui que qu' quoi dont où quand comme quel quelle quels quelles lequel laquelle et ou ni mais or donc si parce puisque"
        " lorsque afin dans en chez avec sans sous vers par depuis pendant entre contre avant après jusque ne n' pas y être suis es sommes êtes sont étais était étaient"
        " été serai sera serait seraient avoir avons avez ont avais avait avaient aura aurait fait faire fais peut peux pouvez peuvent puis-je dois doit devez veux veut voulez voudrais"
        " j'ai j'avais j'aurais j'étais j'en c'est c'était qu'il qu'elle qu'on qu'est-ce est-ce d'un d'une n'est n'ai n'a n'y s'il l'on l'un quelqu'un là-bas aussi très trop déjà"
        " encore tout tous toute toutes s'il-te-plaît puis vous-même quelque quelques chaque",
        "de": "der das dem des ein eine einen einem einer eines kein keine keinen keinem keiner und oder aber sondern denn weil dass daß ob wenn falls als damit obwohl sowie ich du er sie"
        " es wir ihr ihm ihn ihnen mich mir dich dir sich uns euch mein meine meinen meinem meiner meines dein deine deinen deinem deiner sein seine seinen seinem seiner ihre ihren"
        " ihrem ihrer unser unsere unseren euer eure dieser diese dieses diesen diesem jener jene jeder jede jedes jeden welcher welche welches welchen welchem wer wen wem wessen"
        " wie wo wann warum wieso weshalb woher wohin womit mit von vom zu zum zur im am auf aus bei beim nach über ueber unter um für fuer durch gegen ohne vor zwischen seit bis ins"
        " ans nicht nie noch nur auch schon sehr hier da dort dann ja nein doch etwas nichts alle allem allen alles bitte so ist sind seid waren wäre wären gewesen haben habe hast"
        " hatte hatten hätte hätten gehabt wird werde werden wirst wurde wurden würde würden worden kann kannst können könnte könnten könnt muss musst müssen musste soll sollen sollte"
        " darf dürfen möchte möchten mag wollen wollte wollten gibt gibt's geht's damals dabei daran darauf dafür davon dazu",
        "es": "el la los las lo un una unos unas al del yo tú él ella ello usted ustedes nosotros nosotras vosotros ellos ellas mi mis tu tus su sus nuestro nuestra nuestros nuestras mío mía"
        " me te se nos os le les ti conmigo contigo este esta esto estos estas ese esa eso esos esas aquel aquella que qué quien quién quienes cual cuál cuáles cuales cuyo como cómo cuando"
        " cuándo donde dónde cuánto cuánta cuántos cuántas y e o u ni pero mas sino porque pues aunque si sí a ante bajo con contra de desde en entre hacia hasta para por según sobre tras"
        " no nunca también tampoco muy más menos ya aún todavía aquí allí es soy eres somos estoy está estás están estamos estaba estaban ser estar fue fueron fui era eran ha han"
        " haber había habían hemos he hubo tengo tiene tienen tener puedo puede puedes pueden podría podrían puedo poder debo debe deben quiero quiere quieres quisiera voy va van hace"
        " hacer algo alguien algún alguna algunos algunas cada todo toda todos todas otro otra otros otras",
        "it": "il lo la i gli le un uno una l' al allo alla ai agli alle del dello della dei degli delle dal dallo dalla dai dagli dalle nel nello nella nei negli nelle sul sullo sulla sui"
        " sulle io tu lui lei noi voi loro egli essa essi mi ti si ci vi ne me te mio mia miei mie tuo tua tuoi tue suo sua suoi sue nostro nostra nostri nostre vostro vostra questo questa"
        " questi queste quello quella quelli quelle che chi cui quale quali cosa quando perché perche quanto quanta quanti quante e ed o ma oppure però se anche né di a da in con su per"
        " tra fra senza dopo prima verso non più molto già ancora è sono sei siamo siete ero eri era erano essere stato stata sarà sarebbe ho hai ha abbiamo avete hanno avere aveva"
        " avevo posso puoi può possiamo possono potrei potrebbe devo devi deve devono vorrei voglio vuole vuoi c'è com'è dov'è cos'è l'ho qui lì così ogni tutto tutti tutte",
        "pt": "o a os as um uma uns umas ao aos à às do da dos das no na nos nas num numa pelo pela pelos pelas eu tu ele ela você vocês nós vós eles elas mim ti me te se lhe lhes meu minha meus"
        " minhas teu tua seu sua seus suas nosso nossa nossos nossas dele dela deles delas este esta isto esse essa isso estes estas esses essas aquele aquela aquilo que quem qual quais quando"
        " onde como porque porquê quanto quanta quantos quantas e ou mas nem pois embora se de em com por para sem sob sobre entre até desde após contra não nunca também muito mais menos já"
        " ainda aqui ali é são sou és somos estou está estão estamos estava estavam ser estar foi foram fui era eram tem têm tenho temos ter tinha tinham há haver havia posso pode podem"
        " podemos poderia poder devo deve devem quero quer queria gostaria vou vai vão faz fazer algo alguém algum alguma alguns algumas cada todo toda todos todas outro outra outros outras",
        "nl": "de het 't een en of maar dus omdat als dat dit deze daar ik jij je u hij zij ze wij we jullie mij me jou jouw mijn m'n uw zijn z'n haar hem ons onze hun zich wie wat waar"
        " wanneer waarom hoe welke welk in op aan bij van voor met naar uit tot om te tegen zonder tussen onder na sinds tijdens volgens is was waren ben wordt worden werd werden heb"
        " hebt heeft hebben had hadden kan kunt kunnen kon zou zouden zal zullen moet moeten moest mogen wil wilt willen wilde niet geen nooit ook nog wel al er toch dan toen zo"
        " hier iets iemand alle alles elke ander andere graag alstublieft",
    }.items()
}
DOUBTFUL: Final[dict[str, frozenset[str]]] = {
    language: frozenset(words.split())
    for language, words in {
        "fr": "ai aura car comment es est eu mes on or par plus pour sa sans si son sous sur ton tout ont pendant sera avant",
        "de": "also bin da den mit im die falls hast hat hier in man mag war was will am an dies ins bis",
        "es": "algo dos era has hay os sea sin son tan va van he me te so sobre poder",
        "it": "ci vi come dove due era fare hai loro prima sei ti verso ai",
        "pt": "com era eu os algo dos ser tem ter",
        "nl": "bent hem door hoe mag over want hun op tot al",
    }.items()
}
STOP_WORDS: Final = (frozenset[str]().union(*LANGUAGES.values()) - frozenset[str]().union(*DOUBTFUL.values())) | LANGUAGES["en"]
_OWN = {  # that an English text does not have
    language: frozenset(word for word in words - LANGUAGES["en"] - frozenset[str]().union(*DOUBTFUL.values()) if len(word) > 1) for language, words in LANGUAGES.items() if language != "en"
}


def stop_words(texts: Sequence[Collection[str]]) -> frozenset[str]:
    """The stop words of texts, each given as its words in lower case: those of all languages, and the doubtful ones of the languages that they speak."""
    spoken = [language for language, own in _OWN.items() if texts and sum(not own.isdisjoint(text) for text in texts) >= _SPOKEN * len(texts)]
    return STOP_WORDS.union(*(DOUBTFUL[language] for language in spoken))
