"""Words that are known: countries, peoples, states, large cities, given names, and what is capitalised without being a person.

Facts and common knowledge, listed by hand; all in lower case without accents (see `plain`). Names that are ordinary English words (Will,
Mark, Rose, Turkey, Nice) are left out of what counts without capitals.
"""

from __future__ import annotations

import unicodedata

from detectors import gazetteer_names

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
aachen|aberdeen|addis ababa|agra|aix-en-provence|albuquerque|alicante|almaty|anchorage|ann arbor|antalya|antananarivo|arequipa|arnhem|asheville|asuncion|augsburg|avignon|bakersfield|bamako
bandar seri begawan|bandung|banjul|bari|baton rouge|belo horizonte|bergamo|bhopal|biarritz|bismarck|bissau|bochum|boise|bonn|boulder|bournemouth|braga|brasov|brazzaville|bridgeport|brighton|brno|bruges
bucaramanga|bujumbura|burlington|bursa|busan|bydgoszcz|cadiz|cartagena|catania|cebu|cebu city|chandigarh|charleston|chattanooga|chelmsford|chengdu|cheyenne|chiang mai|christchurch|ciudad juarez
cluj-napoca|coimbatore|coimbra|colorado springs|conakry|constanta|cork|cracow|curitiba|cusco|da nang|daegu|davao|dayton|debrecen|des moines|dijon|donetsk|douala|duisburg|duluth|dunedin|el paso|erfurt
exeter|fargo|fort lauderdale|fort worth|fortaleza|freetown|freiburg|fresno|funchal|gaborone|gainesville|galway|gaziantep|gdynia|geelong|giza|gold coast|greensboro|groningen|guayaquil|gwangju|haarlem
haifa|halifax|hangzhou|harbin|hartford|heidelberg|hobart|huntsville|iasi|ibadan|incheon|inverness|ipswich|iquitos|jaipur|johor bahru|kaliningrad|kanpur|karlsruhe|kaunas|kazan|kiel|kigali|kinshasa
klagenfurt|knoxville|kochi|kosice|kumasi|la paz|leiden|libreville|lilongwe|limerick|limoges|little rock|livorno|lodz|long beach|louisville|lubbock|lubeck|lublin|lucerne|lucknow|lusaka|maastricht
macerata|magdeburg|malacca|managua|manaus|mannheim|maputo|maribor|marrakech|marrakesh|maseru|medan|mendoza|merida|messina|metz|miskolc|mombasa|monrovia|montpellier|muscat|mysore|n'djamena|nagasaki
nanjing|nashik|nassau|new haven|nicosia|nijmegen|nizhny novgorod|norwich|nouakchott|novosibirsk|nuuk|omaha|ostrava|ouagadougou|oulu|padua|panama city|parma|penang|pensacola|perugia|peshawar|phuket
plovdiv|podgorica|poitiers|port louis|porto alegre|poznan|pristina|puebla|qingdao|quebec city|queenstown|rawalpindi|recife|reims|rennes|reno|rochester|rostock|rostov|rouen|saint-etienne|samara
san bernardino|san salvador|santa barbara|santa cruz|santa fe|santander|sarasota|saskatoon|scottsdale|scranton|semarang|sendai|shreveport|siena|sintra|sioux falls|sousse|spokane|springfield|st. paul
stockton|surabaya|suva|swansea|syracuse|szczecin|szeged|tacoma|taichung|tallahassee|tangier|tarragona|tartu|tauranga|thessaloniki|thimphu|timisoara|tirana|topeka|toulon|trenton|tripoli|trujillo|tulsa
udine|ulaanbaatar|vaduz|valletta|valparaiso|varna|vientiane|vladivostok|waco|wichita|windhoek|wolverhampton|wuhan|wurzburg|xiamen|yangon|yaounde|yerevan|yonkers|zamboanga
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
aarav abebe abeni abimbola achieng adaeze adaobi adebayo adeola aditi aditya adwoa afua agnieszka agnija ahsan ainhoa aishwarya ajay akosua akua alejandra alejandro aleksander aleksandra aleksi alen alena alessio alhassan aliya aliyu
alzbeta amadou amara amare amaya ambika amelie aminata amit amrita anand ananya anat aneta anh aniket anil anisa anjali ankit annika anouk anselm anthea antje antti anushka aoife araceli arash ardeshir ariane arif arka arlo armando
arnaud arnav aroha artem arttu arvid arvind ashok aslan asma asuka atsuko audra ayaka ayesha aylin ayodele aysegul azadeh azra babajide bahar balazs baptiste barnaby bashir beata begona bela belen benedikt benoit berit bertrand bharat
bhavna bilal birgitta biruk blerim bojan bolanle bongani borja boubacar bozena branislav branka brigita bronislaw bronwen bruna bryony burak caio callie carles carlota carolin cathal cecile celine cengiz cezary chiamaka chidi chika
chinedu chinonso chioma christelle christiane chukwuemeka ciara cillian clemence clementine corentin cosmin cristian cyril dalia damir danica danijel danuta dariush dariusz darlene darya dauda davide davor debbie deepa deepika deirdre
delphine demba deniz desmond devika dilip dimitra dimitrios dineo divya dmitry dominika doreen dorota dorothea dragan duane duc dusan ebony edna eero eilidh eilish einar ekaterina elchin eleonora elif eligiusz eliska elke elodie eloise
elsie elzbieta emeka emiliano emmanuelle emre enzo ephraim erzsebet esra eszter ethel eugenia evelina eyal fabien fabrice faisal farhad farid fatemeh fatou fatoumata federica ferdinand ferenc fikret filippo finlay fionnuala firas
florencia folake folasade francois frantisek fredrik frieda fumiko funmilayo gabor gabriele gaetan gaurav geert geraldine gertrude ghislaine gianluca gilbert giorgia giorgos gisele gladys glenda glenn goran graham grainne grzegorz
guadalupe gudrun gulsen gwendolyn gyorgy hadiza haile hakan halima hamza hanne haruka hatice hedvig heikki helene helmut henriette henriikka hideo hilde hina hiroko hlengiwe hortense hristo hugues ibolya ifeanyi ifeoma iker ilaria
iliana ilona iman imre indira inez ingeborg inger ingvild ioana ioannis irfan irma irving isabela isadora isla ismael ismail istvan iveta iwona izabela jadwiga jagoda jamal jamila jarek jari jarmila jaroslav jasna jasper javad jayesh
jeannette jelena jeroen jiho jitka jiwoo joao jodie jolanta jolene jonna joris jorunn josip jouni jovana jozef jozsef juhani jukka jurate jutta jyoti kader kaisa kalle kamala kamran kanako kaori karel karsten kashif katalin kateryna
katharina kati kavita kavya kazimierz kazuo keiko keira kellie kemal kendra kenta kofi kojo kornelia krista kristaps kristie kristjan kristyna kunal kwabena kwame kwasi laia laszlo latasha latoya laurin leif leilani lenka leroy leszek
leticia letizia lieke liisa lilian linh linnea lionel ljubica loic lonnie loretta lorraine lothar loubna lubomir ludmila ludovic luella luka lukasz lwazi lynda lynette lynn mabel maciej madhuri mads maeve mahmud maija maja makoto
maksim malgorzata mamadou manish manoj manon marcia mareike marek margit margot margrethe marika marit marius mariusz marjan markku marla marloes marlon marsha martijn martyna marwa masako masashi massimo mathilde matias matija matyas
maud maureen maxime maxine mayumi mbali meera mehdi mehwish meike melinda mette mieke miguela mihaela mihai miho mika mikel mildred milica mindy minh mirela mirjam mirjana miroslav mitsuko moises monty moritz moshe msizi mthunzi mukesh
murali muriel myron mzia nabil nadeem nandini naoko narges nasrin natasa natascha neha nele nenad nettie neven ngoc ngozi niall nichole nicolai nicoleta nigel nikhil nikolaos nikolas nilufar nisha nisreen nithya njeri nkechi nkosana
nobuko nomvula noor noreen nosipho nuno nuray obinna octavia odalys oksana olamide olav olayinka olena olesya olumide oluwaseun omolara ondrej orla orsolya osman ottilie oumar oyelaran oystein ozan paivi palesa pallavi panagiotis
parisa parvati pascale patrice pavlina pekka petr petri philippa phoebe piia pooja prakash pranav prashant praveen preeti priscilla przemyslaw puja putri quentin quincy raffaele rahel rahul raisa rajiv rakesh ramesh ramin ramiro ramona
randy rania rashmi reginald reiko renee reuben reza rhiannon rhoda rhys rina rishi ritu rochelle rodney rodolfo roel rohan rohit roisin romain ronan ronja rory rosalie rosemarie roswitha rowena roxana rukhsana rumana ruslan rutger
ruxandra ryota saad sabina sabrine sachiko sadia saeed safiya sagar sahar saida sakura salim sally samira sandeep sanna saoirse sapna sarita satu saul sayed seamus selin seppo serge seyma shabnam shahid shanice shanthi shari shaunna
sheri sherry shinji shirin shivani shreya shyam sibongile sibusiso siddharth sieglinde sigrid sigurdur silke silvana silvio sindisiwe sindre siobhan sipho sneha snezana solange solveig somchai sonya soren soumya srdjan srinivas stavros
stephan stephane stine subhash sumit suraj susann swati sylvain szymon tabitha tadeusz taina tamar tamas tamika tammy tandeka tanisha taras tariq tariro tasha tatsuya tendai teodor teppei tereza teri tessa thabo thandi thandiwe thelma
themba theresia thibault thomasina thorsten thuy tiago tibor tihana timea timo tjasa tobiasz toby tomislav tommaso tomoko torbjorn toril tracie trang trine trisha trudy trygve tuan tuomas turan tuva ulla ulrika umar umesh urszula usha
usman uzma vaclav valentina valerie vanja vasco vasil vasile vasiliki vedran velma vendula verna vernon veronique vesna vidya vikas vikram viktorija vilma vimal vinay vineet violeta vishal vladislav vlasta vojtech wafa waleed wambui
wanjiku wendell weronika wesley whitney wieslaw wilbur wilfred willem wilma wim wioletta wladyslaw wouter xander xenia xiaoming ximena yael yannick yaroslav yaw yetunde yewande yiannis yildiz ylva yohannes yoko yosef younes yousef
youssef yuliya yumi yusra yvan zahra zanele zbigniew zdenek zehra zelda zeljko zeynep zinedine zoltan zoran zsofia zsuzsanna zubair zuzana zygmunt
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
alexa android ansi arduino arial bazel bixby blender bookworm bullseye bundler calibri cambria chatgpt chocolatey chroma clickhouse cockroach confluence consolas copilot cortana couchbase dagster dbt druid duckdb earth excel fortnite
futura garamond gitpod godot gradio helvetica homebrew hudi huggingface iceberg illustrator ipad iphone istio jellyfish jupiter langchain lato llamaindex macbook mars matplotlib milvus minecraft miro neo4j neptune nintendo nomad numpy
ollama outlook photoshop pinecone playstation plotly pluto pokemon powerpoint prefect presto pulumi qdrant raspberry rbenv roblox roboto saturn scipy seaborn sharepoint siri streamlit thinkpad travis trello trino unicode unreal uranus
chardet click cython jinja laplacian modin polars ruff tidelift truststore tweedie typer
venus verdana weaviate xbox zapier zoom
"""
# Ordinary words that headings and greetings capitalise, and that are nobody's surname.
_COMMON = """
axes binarization complex compress decode encode encoded gradient interquartile labels pad padded padding samples sequence serializer squared truncate truncated verbosity
bake devil queen bundle plan plans plus premium pro starter tier aboard back birthplace congratulations congrats corporation desk firstname gender hometown incorporated lastname marital nationality occupation profession religion salutation surname telescope
alive alone asleep awake cool dead fine glad lost mad sad stuck able absent academy acceptance accessories accounting achievement action activity advice affairs agenda agreement agricultural alarm album algorithm amazing analysis analytics angry anniversary announcement annual anonymous answering
antique anxious appeal appetizer appliance application appointment apps archive argument arrival assessment assistance assistant association assurance attendance auction audience audit automatic autumn available awareness awesome awful
balance bargain basket batman battle beautiful beautifully beginner behaviour benchmark benefits bigger birthday blues boiler bonus bored bottle branding breakfast breaking brief briefing brochure broken budget building bulletin
business busy buyer calendar calibration campaign cancelled candidate cards career careful caution celebration centre certificate challenge champions championship channel checklist chocolate christmas circular citizens cleaner clever
climate clinic clothing coaching cocktail coffee colleagues collection comfort comment commerce commission committee common communication community comparison competition compiler complaint complete compliance concept concern concert
conclusion conditions conference confidence confident confirmation confused congress construction consultant consulting consumer contest contract contractor conversation cooking coordinator corporate correct costs council counter
countries coupon course covenant coverage crazy creative credit crisis critical cultural culture cup curious current curriculum cycling daily deadline deadlines dealer deals decent decision decisions decorative deep defence defense
definition delayed delicious delighted delivery demand demonstration department departments desperate destination detailed development diagnosis diagram dialogue dictionary difference different difficult digital dinner diploma director
directory disappointed disaster disclaimer discovery discussion disease disgusted distance distribution district diversity documentation dollar domestic donation download draft drawing dream dynamic early earnings easter eastern easy
economic economics economy editing edition editor education effective efficiency electric electrical electronic embedded emergency employee employees employment empty energy engine engineer engineering enquiry enterprise entertainment
entrance environment environmental equality equation equipment essential essentials estate estimate ethics evening everybody everyday everyone evidence examination excellent exchange excited executive exercise exhausted exhibition
expense expenses experience experiment expert exploration exploring expo extended external extra fabric facilities factory faculty failure fairness faithfully familiar families fantastic fashion feedback festival fiction final finance
financial finished fitness flexible flight flooring flyer focus folks food football forecast foreign forest formal formula forum foundation framework freedom freelance frequently fresh friends fundamentals funding funny furious
furniture further future gallery games garbage gardening general genuine giant global glossary goals goodbye government graduate grammar grateful gratitude great greater greetings grocery group growth guarantee guardian guests guide
guideline guidelines guys handbook handling hardware hazard heading health healthcare healthy hearing heating heritage highlights hiring history holiday holidays home homepage homework hospitality household housing huge human hungry
idea ideas identity imaging immediate impact implementation important improvement incident included income incorrect increase independence industrial industry inflation information infrastructure initial initiative innovation
innovative inquiry inspection installation institute instruction instructions instructor insulation insurance integrated intelligence interest interested interface interim interior internal international interview introduction
inventory investigation investment invitation jealous jewelry journal judgement junior justice keyboard kitchen knowledge laboratory labour landlord language laptop lasting later launch launching lawful layout leaderboard leadership
learning lease lecture legal legend lending lesson lessons letter leverage liability library licence lifestyle lighting limited listeners listening listing literature loading logistics lonely lovely lower loyalty lucky lunch luxury
machine machinery madams magazine magic maintenance management manager managers manual manufacturing margin marine maritime market marketing markets mathematics matrix maximum meaning measure measurement measures mechanical medal media
medical medicine meeting meetings membership memo mental menu merchandise merger midnight migration milestone military mindful minimum mining ministry minutes missing mission mobile mobility model models modern modest money monitor
monitoring month monthly morning mortgage mountain movement movie multiple municipal museum music mutual national nations native natural nature navigation necessary negative negotiation neighbors neighbours nervous network networking
neutral news newsletter nightly nominations notice notification notifications nuclear number nursing nutrition objective objectives observation obvious occupational office official okay online opening operating operation operations
opinion opportunity optimal option options orchestra ordinary organic organisation organization orientation original outbound outcome outdoor outlook outstanding overall overview owners packaging packing painting panel paper parental
parents parking participation partner partners partnership passenger passing passive pastry patent pathway patience payments payroll peace pending pension people perfect performance periodic permit personal personnel perspective
pharmacy philosophy photo photograph photography physical physics picnic picture planning plant plastic platform player playlist pleased plenty poetry point police policies policy political politics pollution pool popular population
portable portfolio position positive possible poster power practical practice practices precision preface preference pregnant preliminary premium preparation presentation presenter press prevention preview previous primary principal
principles printer privacy private problem problems procedure procedures proceedings procurement producer productivity professional profit program programme programming progress promotion proof property proposal prospect protection
protocol prototype proud proven provider provision psychology public publication publishing purchase purpose quality quantum quarter quarterly quartz question questions quick quiet quotation radio random rapid rating reader readers
reading ready reality really reason recent reception recipe recipes recognition recommendation recommendations record recording recovery recruiter recruiters recruiting recruitment recycling reduction reference reflection reform
refresher refrigerator regional registration regular regulation regulations regulatory relations relationship relevant reliability reliable relief reminder remote rental repair reporter reporting reproduction requirement requirements
research researcher reservation reservations reserve residence residential residents resilience resolution resource resources responsibility responsible restaurant results retail retirement retreat revenue review reviewer reviews
revised revision revolution reward rewards risk risks roadmap routine safety salad salary sample sampling sandwich sauce savings scared scene scenery schedule scheme scholarship science sciences scientific scope screening season
seasonal secondary secret secretary secure security selection seller seminar senior sensitive sentence separate serious services sessions setting settings shareholder shipping shocked shoppers shopping shortage sick signal significant
silence silent similar simple simulation single sirs situation skills sleepy slideshow slogan smart social society soft software solution solutions songs sound source speaker specialist specials specification specifications speech
spicy sport sports spreadsheet stakeholder stakeholders standards starting statement station stations statistics steering stocks strategic strategies strategy stream streaming strength stress structural structure struggle student
students studies studio study stunning stupid submission subscriber subscribers subscription suburban success successful suggestion suggestions suite summary summer summit superb superior superman supplement supplier suppliers supplies
supply surgery surprise surprised survey suspended sustainability sustainable symphony symptoms syndrome systems tablet tactics takeaway talent target tax teacher teaching teamwork technical technique technology template temporary
tenant terminal terms terrible testing textbook thankful theme theology theorem theory therapy thesis thrilled timeline timetable tired together tomorrow tool tools topic topics tournament toys trade tradition traditional traffic
training transaction transfer transformation transition translation transport transportation travel treatment treaty trends trial tribute trip trophy tropical trouble troubleshooting truth tuition tutorial ultimate uncertain
understanding unfair unhappy union unique united unity universal unlimited upcoming updates upset urban urgent useful utilities utility vacancy vacation vaccine valuable valued vegetable vehicle vendor vendors venture verification
verified vertical very victim video vintage violation virtual visa vision visit visitor visitors visual vocabulary volunteer volunteers voters voucher waiting warehouse warranty waste water weakness wealth weather website wedding week
weekend weekly weird welcome wellness western whatever wholesale wild winner winners winter wireless wishlist wonderful working works workshop workshops world worldwide worried writer writing wrong yearly yoga yogurt zero zone
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
_KNOWN = frozenset(_GIVEN.split()) - frozenset(gazetteer_names.WORDS.split())
NOT_NAMES = frozenset(_NOT_NAMES.split())  # of nobody and of no place
NOBODY = NOT_NAMES | frozenset(_COMMON.split())  # of no person; streets are called by some of them
ABROAD = frozenset(gazetteer_names.ORDINARY.split()) - _KNOWN - PLACES  # begin no name, but may end one: Moro, Steuer
GIVEN = _KNOWN | (frozenset(gazetteer_names.GIVEN.split()) - PLACES - NOBODY - PEOPLES - ABROAD - frozenset(gazetteer_names.WORDS.split()))
GIVEN_SMALL = GIVEN - frozenset(gazetteer_names.SMALL_WORDS.split())  # which are names in small letters, too
REGION_CODES = frozenset(_REGION_CODES.split())
_SPECIAL = str.maketrans("øØłŁđĐıæÆœŒðÐþÞ", "oOlLdDiaAoOdDtT")


def plain(word: str) -> str:
    """Lower case, without accents and without a possessive 's."""
    word = word.removesuffix("'s").removesuffix("\u2019s")
    if word.isascii():
        return word.lower()
    word = word.translate(_SPECIAL)
    return "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c)).lower()
