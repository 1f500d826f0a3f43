"""Words that are known: countries, peoples, states, large cities, given names, and what is capitalised without being a person.

Facts and common knowledge, listed by hand; all in lower case without accents (see `plain`). Names that are ordinary English words (Will,
Mark, Rose, Turkey, Nice) are left out of what counts without capitals.
"""

from __future__ import annotations

import unicodedata

_COUNTRIES = """
afghanistan|albania|algeria|andorra|angola|argentina|armenia|australia|austria|azerbaijan|bahamas|bahrain|bangladesh|barbados|belarus|belgium|belize|benin|bhutan
bolivia|bosnia|bosnia and herzegovina|botswana|brazil|brunei|bulgaria|burkina faso|burundi|cambodia|cameroon|canada|cape verde|chile|china|colombia|comoros|congo
costa rica|croatia|cuba|cyprus|czech republic|czechia|denmark|djibouti|dominican republic|ecuador|egypt|el salvador|england|equatorial guinea|eritrea|estonia|eswatini
ethiopia|faroe islands|fiji|finland|france|gabon|gambia|georgia|germany|ghana|greece|greenland|grenada|guatemala|guinea|guyana|haiti|honduras|hong kong|hungary
iceland|india|indonesia|iran|iraq|ireland|israel|italy|ivory coast|jamaica|japan|jordan|kazakhstan|kenya|kosovo|kuwait|kyrgyzstan|laos|latvia|lebanon|lesotho|liberia
libya|liechtenstein|lithuania|luxembourg|macau|madagascar|malawi|malaysia|maldives|mali|malta|mauritania|mauritius|mexico|moldova|monaco|mongolia|montenegro|morocco
mozambique|myanmar|namibia|nepal|netherlands|the netherlands|new zealand|nicaragua|niger|nigeria|north korea|north macedonia|northern ireland|norway|oman|pakistan
palestine|panama|papua new guinea|paraguay|peru|philippines|poland|portugal|puerto rico|qatar|romania|russia|rwanda|saudi arabia|scotland|senegal|serbia|seychelles
sierra leone|singapore|slovakia|slovenia|somalia|south africa|south korea|south sudan|spain|sri lanka|sudan|suriname|sweden|switzerland|syria|taiwan|tajikistan
tanzania|thailand|togo|trinidad and tobago|tunisia|turkiye|turkmenistan|uganda|ukraine|united arab emirates|united kingdom|great britain|united states
united states of america|uruguay|uzbekistan|vatican city|venezuela|vietnam|wales|yemen|zambia|zimbabwe|usa|deutschland|espana|italia|osterreich|schweiz|sverige|norge|danmark|suomi|polska|brasil
"""
_STATES = """
alabama|alaska|arizona|arkansas|california|colorado|connecticut|delaware|florida|hawaii|idaho|illinois|indiana|iowa|kansas|kentucky|louisiana|maine|maryland
massachusetts|michigan|minnesota|mississippi|missouri|montana|nebraska|nevada|new hampshire|new jersey|new mexico|new york|north carolina|north dakota|ohio|oklahoma
oregon|pennsylvania|rhode island|south carolina|south dakota|tennessee|texas|utah|vermont|virginia|washington|west virginia|wisconsin|wyoming|ontario|quebec
british columbia|alberta|manitoba|saskatchewan|nova scotia|new brunswick|newfoundland|new south wales|queensland|tasmania|bavaria|saxony|catalonia|andalusia|tuscany
lombardy|sicily|normandy|provence|punjab|kerala|gujarat|maharashtra|bihar|karnataka|upper austria|lower austria|tyrol
"""
_CITIES = """
abidjan|abu dhabi|accra|adelaide|ahmedabad|aleppo|alexandria|algiers|amman|amsterdam|ankara|antwerp|athens|atlanta|auckland|austin|baghdad|baku|baltimore|bangalore|bengaluru
bangkok|barcelona|basel|beijing|beirut|belfast|belgrade|berlin|bern|bilbao|birmingham|bogota|bologna|bordeaux|boston|brasilia|bratislava|bremen|brisbane|bristol|brooklyn|brussels|bucharest
budapest|buenos aires|cairo|calgary|canberra|cape town|caracas|cardiff|casablanca|charlotte|chennai|chicago|chongqing|cincinnati|cleveland|cologne|colombo|copenhagen
cordoba|dakar|dallas|damascus|dar es salaam|delhi|denver|detroit|dhaka|doha|dortmund|dresden|dubai|dublin|durban|dusseldorf|edinburgh|edmonton|eindhoven|essen|florence|frankfurt|fukuoka
gdansk|geneva|genoa|ghent|glasgow|gothenburg|goteborg|granada|graz|guadalajara|guangzhou|hamburg|hanoi|hannover|harare|havana|helsinki|ho chi minh city|honolulu|houston|hyderabad|indianapolis
innsbruck|islamabad|istanbul|izmir|jacksonville|jakarta|jeddah|jerusalem|johannesburg|kabul|kampala|kansas city|karachi|kathmandu|kharkiv|khartoum|kiev|kyiv|kobe|kolkata|krakow|kuala lumpur
kyoto|lagos|lahore|las vegas|lausanne|leeds|leipzig|liege|lille|lima|linz|lisbon|lisboa|liverpool|ljubljana|london|los angeles|luanda|lviv|lyon|madrid|malaga|malmo|manchester
manhattan|manila|marseille|mecca|medellin|melbourne|memphis|mexico city|miami|milan|milano|milwaukee|minneapolis|minsk|monterrey|montevideo|montreal|moscow|mumbai|munich|munchen|nagoya|nairobi|nantes
naples|nashville|new delhi|new orleans|new york city|newcastle|nuremberg|oakland|odessa|oklahoma city|orlando|osaka|oslo|ottawa|palermo|paris|perth|philadelphia|phnom penh|phoenix|pittsburgh
portland|porto|prague|praha|pretoria|pune|quito|rabat|raleigh|reykjavik|riga|rio de janeiro|riyadh|rome|roma|rotterdam|sacramento|salt lake city|salzburg|san antonio|san diego|san francisco|san jose
san juan|santiago|santo domingo|sao paulo|sapporo|sarajevo|seattle|seoul|sevilla|seville|shanghai|sheffield|shenzhen|skopje|sofia|southampton|st. louis|st. petersburg|stavanger|stockholm|strasbourg|stuttgart
surat|sydney|taipei|tallinn|tampa|tampere|tashkent|tbilisi|tehran|tel aviv|the hague|tijuana|tokyo|toronto|toulouse|trieste|trondheim|tucson|tunis|turin|turku|uppsala|utrecht|valencia|vancouver|venice|vienna
vilnius|warsaw|washington dc|wellington|winnipeg|wroclaw|yokohama|zagreb|zaragoza|zurich|bergen|aarhus|odense|espoo|tromso|drammen|kyoto|cambridge|oxford|york|leicester|nottingham|coventry|plymouth
"""
_PEOPLES = """
afghan|african|albanian|algerian|american|angolan|arab|argentine|argentinian|armenian|asian|australian|austrian|azerbaijani|bangladeshi|basque|belarusian|belgian|bolivian|bosnian|brazilian
british|bruneian|bulgarian|burmese|cambodian|cameroonian|canadian|catalan|chilean|chinese|colombian|congolese|croat|croatian|cuban|cypriot|czech|danish|dutch|ecuadorean|ecuadorian|egyptian|english|eritrean
estonian|ethiopian|european|filipino|finn|finnish|french|georgian|german|ghanaian|greek|guatemalan|haitian|honduran|hungarian|icelandic|indian|indonesian|iranian|iraqi|irish|israeli|italian|jamaican
japanese|jordanian|kazakh|kenyan|korean|kurdish|kuwaiti|laotian|latvian|lebanese|liberian|libyan|lithuanian|macedonian|malaysian|maltese|mexican|moldovan|mongolian|moroccan|namibian|nepalese
nicaraguan|nigerian|norwegian|omani|pakistani|palestinian|panamanian|paraguayan|persian|peruvian|polish|portuguese|qatari|romanian|russian|rwandan|saudi|scottish|senegalese|serb|serbian|singaporean
slovak|slovakian|slovene|slovenian|somali|spaniard|spanish|sudanese|swede|swedish|swiss|syrian|taiwanese|tanzanian|thai|tibetan|tunisian|turk|turkish|ugandan|ukrainian|uruguayan|uzbek|venezuelan|vietnamese|welsh|yemeni|zambian|zimbabwean
muslim|christian|jewish|catholic|protestant|buddhist|hindu|sikh|orthodox|lutheran|sunni|shia|mormon|baptist|atheist|latino|latina|hispanic|republican|democrat|conservative|communist|socialist
"""
# Given names that mean little else in English: these count in lower case too.
_GIVEN = """
aaron abdul abdullah abigail adam adele adriana adrian agnes ahmad ahmed aidan aisha akira alan albert alberto aleksandr alessandro alessia alex alexander alexandra alexandre alexis alfred ali alice alicia
alina alison allison alma alvaro alyssa amalia amanda amelia amina amir amy ana anastasia anders andre andrea andreas andrei andrew andrzej angela angelina angelo anita anja ann anna annabelle anne annette annie anthony antoine
anton antonia antonio ariana arjun arne arnold arthur arturo asha ashley astrid audrey aurora axel barbara bart beatrice beatriz ben benjamin bernadette bernard bernd bertha beth bethany betty bianca birgit bjorn bob
bogdan boris bradley brandon brenda brendan brent brett brian bridget britney bruno bryan caitlin caleb callum cameron camila camille carina carl carla carlos carmen carol carolina caroline carolyn catalina
catherine cecilia cedric celia cesar charles charlie charlotte chen chiara chloe chris christian christina christine christoph christopher cindy claire clara claudia clement colin conor connor
constance cristina cynthia dagmar daisuke damian daniel daniela danielle danny darren dave david deborah debra denise dennis derek deepak diana diane diego dieter dimitri dmitri dolores dominic dominik dominique donald donna
dora doris dorothy douglas duncan dwayne dylan eddie edgar edith edmund eduardo edward edwin eileen elaine eleanor elena eleni elias elijah elisa elisabeth elise eliza elizabeth ella ellen elliot elliott elsa
emil emilia emilie emily emma emmanuel enrique eric erica erik erika erin ernest ernesto esteban esther ethan etienne eugene eva evelyn ewa fabian fabio farah fatima federico felicia felipe felix fernanda
fernando filip fiona florian frances francesca francesco francis francisco franz fred frederic frederick frederik friedrich gabriel gabriela gabriella gareth gary gavin geoffrey george georgia gerald gerard gerhard
gianni gina giorgio giovanni giulia giuseppe gloria gonzalo gordon grazyna greg gregory greta guido guillaume guillermo gunnar gunther gustav gustavo gwen hamid hana hannah hannes hans harald haruki harriet harry hasan hassan heather
hector heidi heike heinrich helen helena helga henrik henry herbert herman hermann hiroshi holger howard hugo hussein ian ibrahim ignacio igor ilse imran ines inga ingrid irena irene irina isaac isabel isabella
isabelle isaiah ivan ivana jaakko jacek jackie jacob jacqueline jacques jaime jakob jakub james jamie jan jana jane janet janice janine jared jasmin jasmine jason javier jeanette jeff jeffrey jennifer jenny jens jeremy
jerome jerry jesse jessica jesus jiri joachim joan joana joanna joanne joaquin jochen joel joerg johan johann johanna john johnny jon jonas jonathan joost jordi jorge jose josef josefina joseph joshua josie joyce
juan juanita judith judy juergen julia julian juliana julie julien juliet julio julius jun jurgen justin justyna kai kamal kamil karen karim karin karl karla karolina kasper katarina katarzyna kate katherine kathleen
kathryn kathy katie katja katrin kayla keith kelly kelvin ken kenneth kenji kerstin kevin khalid kim kirsten klaus krishna kristen kristian kristin kristina kristoffer krzysztof kumar kurt kyle lakshmi lars laura
lauren laurence laurent lawrence layla lea leah leila lena lennart leo leon leonard leonardo leonie leslie liam lida lidia liliana linda lindsay lindsey lisa liz ljiljana logan lorena lorenzo lotte louis louise luc
luca lucas lucia lucian luciana lucy ludwig luigi luis luisa lukas luke lydia maarten mackenzie madeleine madison magdalena magnus mahmoud malcolm malik manfred manuel manuela marc marcel marcela marcelo marcin marco marcos marcus
margaret margarita maria mariam marian mariana marianne marie marietta marija marilyn marina mario marion marisa marjorie markus marlene marta martha martin martina marvin mary maryam mateo mateusz mathias matilda
matteo matthew matthias mauricio maurice mauro maya megan mehmet mei melanie melissa melvin mercedes mia micah michael michaela michal michel michele michelle miguel mikael mike mikhail mikko milan milena
milos miranda miriam misha mitchell mohamed mohammad mohammed moira monica monika monique morgan muhammad murat mustafa myriam nadia nadine nancy naomi natalia natalie natasha nathalie nathan nathaniel neil
nelson niamh nicholas nicola nicolas nicole niels nikita nikola nikolai nils nina noah noel noelle nora norbert norman nuria oleg olga oliver olivia olivier omar orlando oscar oskar otto owen pablo pamela paola paolo
pascal patricia patricio patrick patrik patrizia paul paula paulina paulo pavel pawel pedro peggy penelope pernille petar peter petra philip philipp philippe phillip phyllis pierre pietro pilar piotr pradeep priya
priyanka rachael rachel radek rafael rafal raj rajesh ralph ramon randall raphael raquel rashid rasmus raul rebecca reinhard renata renate rene rhonda ricardo riccardo richard robert roberta roberto robin rodrigo
roger roland rolf roman ronald ronnie rosa rosalind rosemary roxanne roy ruben rudolf rupert russell ruth ryan sabine sabrina sadie salma salvador salvatore sam samantha samir samuel sandra sanjay santiago sara sarah saskia
satoshi scott sean sebastian selena sergei sergio seth shane shannon sharon shaun shauna sheila shirley silvia simon simone sofia sofie sonia sonja sophia sophie stacey stanislav stanley stefan stefania stefano
stefanie stella stephanie stephen steve steven stuart sunil suresh susan susana susanne suzanne sven svetlana sylvia sylvie takashi tamara tanja tanya tara tatiana ted teresa terence terry thea theo theodore theresa
therese thomas tiffany tim timothy tina tobias todd tom tomas tomasz tommy tony torsten tracey tracy trevor tristan tyler ulrich ulrike ursula uwe vanessa vera veronica veronika vicente vicky victoria vijay
viktor viktoria vincent vincenzo virginia vivian vladimir waldemar walter wanda wayne wendy werner wilhelm william winifred wojciech wolfgang xavier yasmin yolanda yuki yuri yusuf yves yvette yvonne zachary zainab zoe zofia
"""
# Capitalised in ordinary texts of software and commerce, and taken for people or places by the model.
_NOT_NAMES = """
account address admin agent airflow alert alerts alpine amount amqp angular ansible answer apache api app apt argo array article assert async auth aws azure babel backend bash basic bearer beta billing bitbucket body bool boolean branch
bucket buffer bug build cache cargo cart cassandra celery checkout chrome circleci class claude client cloudflare cluster code commit compose config connection console consul container content context cookie cron css csv ctrl currency
customer dart dashboard data database datadog date deadlock debian debug default delete dependabot deploy deployment description details devops discount django docker document domain dto duplicate dynamo dynamodb edge elastic
elasticsearch electron elixir email endpoint enum envoy eof erlang error etcd event exception exit expired export express fail failed false fastapi fatal feature fedora field figma file filter firefox firebase flask float flink flush
folder foo frontend function gateway gemini gitea git github gitlab golang google gpt grafana graphql grpc gradle guest hadoop handler haskell header headers hello helm heroku hint hive host html http https ide ignore image import index info init
input insert instance int integer invoice ios issue item items java javascript jenkins jira job json jupyter jwt kafka kanban keras kernel key keycloak kibana kotlin kubectl kubernetes label lambda laravel license limit linux list llama load localhost
log logger login loki lua mac macos mail main makefile map mariadb markdown maven memcached memory merge message method metrics middleware minio mistral module mongo mongodb mutex mysql name nan nats neo nest netlify next nginx node none note
notion npm null nuxt oauth object openai openapi openssl oracle order origin output package page pandas parser password patch path payload payment perl pip pipeline playwright please plugin pod postgres postgresql postman price prisma
priority process product production profile project prometheus promise proxy puppet push pytest python pytorch qty quantity query queue rabbitmq rails react readme redirect redis redshift redux refund regards release renovate report
repository request response rest result retry return role root router ruby rust safari sales sandbox scala schema script scylla select selenium sentry server service session setup shopify signature sku slack snowflake socket spark splunk spring sprint
sql sqlite ssh ssl stack staging standard stack start state status stdout storage string stripe subject subtotal sum supabase support svelte swagger swift syntax table tag task tcp team tensorflow terraform test tests thanks thread ticket timeout
timestamp tls todo token tomcat total trace traceback traefik true twilio type typescript ubuntu udp undefined unit unix update upload url user username utc uuid validation value vault vercel version vim vite void vpn vue warn warning webhook webpack
gecko khtml mozilla webkit applewebkit chromium windows worker workflow wordpress xml yaml yarn zookeeper zsh bitcoin ethereum monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november december
anthropic openai claude sonnet haiku opus embedding embeddings alias parse contributor contributors copyright holder holders holders' permission python's incidental exemplary special callback parameters returns raises usage example examples notes todo fixme xxx dear hi hey address sincerely cheers best kind yours hello sir madam mom dad mum god lord jesus christ internet mr mrs ms dr prof miss chapter section figure table appendix part volume step phase level lorem ipsum
"""
_REGION_CODES = """
AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX
UT VT VA WA WV WI WY DC PR ON QC BC AB MB SK NS NB NL NT YT PE NSW VIC QLD TAS ACT AE AA AP
"""


def _lines(listing: str) -> frozenset[str]:
    return frozenset(word.strip() for line in listing.strip().splitlines() for word in line.split("|"))


COUNTRIES = _lines(_COUNTRIES)
STATES = _lines(_STATES)
CITIES = _lines(_CITIES)
PLACES = COUNTRIES | STATES | CITIES
PEOPLES = _lines(_PEOPLES)
GIVEN = frozenset(_GIVEN.split())
NOT_NAMES = frozenset(_NOT_NAMES.split())
REGION_CODES = frozenset(_REGION_CODES.split())
_SPECIAL = str.maketrans("øØłŁđĐıæÆœŒðÐþÞ", "oOlLdDiaAoOdDtT")


def plain(word: str) -> str:
    """Lower case, without accents and without a possessive 's."""
    word = word.removesuffix("'s").removesuffix("\u2019s")
    if word.isascii():
        return word.lower()
    word = word.translate(_SPECIAL)
    return "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c)).lower()
