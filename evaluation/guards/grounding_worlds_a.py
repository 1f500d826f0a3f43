"""Contexts and faithful replies by world, the half that the detector was worked on; grounding_worlds says how to read them."""

# ruff: noqa: RUF001
TEXT = """\
=== finance-quarter
[report] Castellan Robotics, Q2 2024 (unaudited). Revenue 184.2 million euros (Q2 2023: 161.9). Gross margin 41.5 % (39.8). EBIT 22.7 million (17.3). Order backlog 612 million at 30 June. Headcount 2,418, of whom 640 in R&D. CFO Ingrid Sallmann: "Pricing did more for us this quarter than volume." Guidance for the full year unchanged: revenue of 730 to 760 million.
[user] Summarise the quarter for the board in three bullets.
---
- Revenue grew <<n:13.8%|18.3%>> year on year to €184.2m; the EBIT margin was 12.3% (Q2 2023: 10.7%).
- Gross margin improved by 1.7 percentage points to <<n:41.5%|44.5%>>.
- The backlog of <<n:€612m|€621m>> equals more than three quarters of sales at the current run rate. Full-year guidance of €730–760m was confirmed.
---
EBIT rose by EUR 5.4 million, or 31%, to <<n:22.7|27.2>> million. About 26% of the 2,418 employees work in research and development. CFO <<p:Ingrid Sallmann|Beate Corvinus>> said that "<<q:pricing did more for us this quarter than volume|pricing did less for us this quarter than volume>>".
=== finance-loan
[tool] {"loan": {"principal": 24000, "currency": "EUR", "apr_percent": 5.9, "term_months": 60, "monthly_payment": 462.87, "origination_fee": 240}, "lender": "Nordbank Direkt"}
[user] what would the loan cost me in total?
---
Over the <<n:60|80>> months (five years) you'd pay 60 × €462.87 = €27,772.20, i.e. interest of €3,772.20 on the €24,000 you borrow. Together with the €240 fee (1% of the amount), the credit from <<p:Nordbank Direkt|Südbank Finanz>> costs you €4,012.20.
---
**Loan offer**
| | |
|---|---|
| Amount | 24.000 € |
| APR | <<n:5.9%|9.5%>> |
| Term | 5 years |
| Instalment | <<n:€462.87|€482.67>> a month |

After the first year, you'd have paid €5,554.44. Would you like to see a shorter term?
=== finance-fund
[factsheet] Halden Global Equity Fund, share class A. Inception 14 September 2009. Fund size USD 1.34 bn. Ongoing charge 1.42 % p.a. Performance: 2021 +22.6 %, 2022 -16.1 %, 2023 +18.9 %. Top holdings: Ostrava Chip 4.8 %, Merrow Health 4.1 %, Tanaka Rail 3.9 %, Belmonte Foods 3.5 %, Quill Software 3.2 %. Benchmark: FTSE All-World. Manager since 2016: Rowan Achterberg.
---
The fund was launched on <<n:Sept. 14, 2009|Sept. 17, 2009>> and has been run by <<p:Rowan Achterberg|Lionel Dupree>> since 2016. Its five largest positions make up 19.5% of assets, led by Ostrava Chip (4.8%). It gained 18.9% last year after losing <<n:16.1%|11.6%>> in 2022.
---
With charges of <<n:1.42%|1.24%>> a year, an investment of $10,000 would cost about $142 annually. The fund manages roughly $1.3 billion and is compared with the FTSE All-World Index. Note that past performance is no guarantee of future returns.
=== finance-invoice
[invoice] Invoice 2024-0871, 3 May 2024. To: Pellworm Yachting GmbH. 12 h consulting at 135.00 = 1,620.00; travel flat rate 180.00; licences 3 x 89.00 = 267.00. Net 2,067.00, VAT 19 % 392.73, gross 2,459.73 EUR. Payable within 14 days, 2 % discount if paid within 7 days. IBAN DE02 1203 0000 0000 2020 51.
---
Invoice <<n:2024-0871|2024-0817>> to <<p:Pellworm Yachting|Fehmarn Yachting>> totals €2,459.73 including VAT of <<n:€392.73|€329.73>>. It's due by 17 May 2024. If you pay by 10 May, you can deduct 2%, which saves you €49.19, so you'd transfer €2,410.54.
---
Consulting makes up 78% of the net amount: <<n:twelve|eighteen>> hours at €135. The three licences cost €267 together, and the remaining €180 is for travel. The account to pay to is DE02 1203 0000 0000 2020 51.
=== travel-itinerary
[booking] Flight TK 1872 Zurich (ZRH) 11:35 - Istanbul (IST) 15:25, 6 Oct 2024. Flight TK 0054 Istanbul 01:55 - Singapore (SIN) 17:20, 7 Oct. Booking reference QX7PLM. Passengers: Yara Lindqvist, Teo Lindqvist. Fare per person CHF 894.60. Baggage 2 x 23 kg each. Seats 31A, 31B.
[user] How long is the layover?
---
You land in Istanbul at 3:25 PM on <<n:October 6|October 16>> and leave for Singapore at 1:55 AM the next day, so the layover is 10 hours and 30 minutes. That's long enough for a short trip into the city!
---
Booking <<n:QX7PLM|QX7PMT>> for Yara and Teo Lindqvist:

1. ZRH → IST, 11:35–<<n:15:25|15:45>>
2. IST → SIN, 01:55–17:20 (+1)

The two tickets come to CHF 1,789.20 in total, and you can check in four bags of up to <<n:23 kg|32 kg>> (50 lb). You're sitting in row 31.
=== travel-hotel-policy
[faq] Check-in from 15:00, check-out until 11:00; late check-out until 14:00 costs EUR 35. Breakfast buffet EUR 19 per adult, EUR 9.50 for children aged 4 to 12, free for children under 4. Parking EUR 22 per night. Dogs EUR 12 per night. City tax EUR 3.20 per adult and night.
[user] We are 2 adults, kids 3 and 7, staying 3 nights with our dog and a car. Extras?
---
Here's what you'd pay on top of the room rate:

- Breakfast: (2 × €19 + €9.50) × 3 = €142.50 – your three-year-old eats for free
- Parking: 3 × <<n:€22|€32>> = €66
- Dog: €36
- City tax: 2 × 3 × €3.20 = <<n:€19.20|€21.60>>

**Total: €263.70**
---
You may arrive from <<n:3 pm|5 pm>>. If you'd like to leave at 2 pm instead of 11 am, late check-out is <<n:€35|€53>>. For the dog we charge €12 a night, so €36 for your stay.
=== travel-trail
[guide] The Brennkogel circuit is 18.4 km long with 1,120 m of ascent. Start: Ferleiten car park (1,151 m). Highest point: Pfandlscharte, 2,663 m. Walking time 7 to 8 hours. Snow fields until early July. The hut Trauneralm is closed on Mondays. Last bus back at 18:40. Difficulty: T3. Guide author: Matteo Ruggieri, 2nd edition 2018.
---
The Brennkogel loop covers 18.4 kilometres (11.4 miles) and climbs <<n:1,120 m|1,210 m>> (3,675 ft). Plan seven to eight hours. The high point at <<n:2,663|2,366>> metres lies about 1,500 m above the car park at Ferleiten.
---
If you want to catch the last bus at 6:40 PM, you should set off by 10:40 AM at the latest, given a walking time of up to 8 hours. Avoid <<n:Mondays|Wednesdays>>, since the <<p:Trauneralm|Pastnerhütte>> hut is closed then. In June, expect snow fields.
=== code-readme
[README.md] ## flowpipe 0.9.3 - Requires Python >= 3.9. Install: pip install flowpipe. Configuration in flowpipe.toml: workers = 4 (default), timeout_s = 30, max_retries = 5, backoff_base = 0.5. Environment: FLOWPIPE_HOME, FLOWPIPE_LOG. Exit codes: 0 ok, 2 bad configuration, 3 upstream error. Licence: Apache-2.0. Maintainer: Sanne de Wit.
[user] How do I raise the timeout to two minutes?
---
Set `timeout_s = 120` in `flowpipe.toml` (the default is <<n:30|90>> seconds):

```toml
timeout_s = 120
max_retries = 5
```

Note that with five retries, a call may take up to 12 minutes (6 × 120 s), not counting the back-off.
---
You need Python <<n:3.9|3.11>> or newer. Run `pip install flowpipe`, then check the exit code: 2 stands for a bad configuration, <<n:3|4>> for an upstream error. By default <<n:4|16>> workers are started. The project is released under the Apache License 2.0 and maintained by <<p:Sanne de Wit|Jarl Hedlund>>.
=== code-log
[log] 2024-11-02T08:14:07Z ERROR payments-7f9c worker=12 order=88213 attempt=3/3 status=504 elapsed_ms=30012 upstream=acq-gw-2
2024-11-02T08:14:09Z WARN payments-7f9c circuit opened for acq-gw-2 failures=25 window=60s
2024-11-02T08:19:09Z INFO payments-7f9c circuit half-open for acq-gw-2
2024-11-02T08:19:11Z INFO payments-7f9c circuit closed for acq-gw-2
---
The circuit breaker for `acq-gw-2` opened at 08:14:09 UTC on <<n:2 November|12 November>> after <<n:25|35>> failures within a minute and closed again at 08:19:11, so payments through this gateway were refused for about five minutes.
---
Order <<n:88213|82813>> failed after its third attempt with HTTP 504 (Gateway Timeout). The request took just over 30 seconds. Likely cause: the upstream `acq-gw-2` did not respond in time. I'd suggest to check its latency and to lower the timeout.
=== code-review
[diff] - MAX_UPLOAD = 5 * 1024 * 1024
+ MAX_UPLOAD = 20 * 1024 * 1024
- def save(path, data, retries=2):
+ def save(path, data, retries=4, *, fsync=True):
Author: Oyelaran Adeyemi. Reviewers: kmwangi, tbrandt. 3 files changed, 48 insertions(+), 17 deletions(-)
---
This change by <<p:Oyelaran Adeyemi|Prudence Halloway>> raises the upload limit from 5 MiB to <<n:20 MiB|50 MiB>> (20,971,520 bytes), doubles the number of retries from 2 to 4 and adds a keyword-only parameter `fsync`. In total, three files were touched, with a net growth of 31 lines.
---
Summary: quadruple the max upload size; `save` now retries <<n:4|7>> times. Reviewers are @kmwangi and @tbrandt. The diff has <<n:48|84>> additions and 17 deletions.
=== support-warranty
[kb-31] AeroBlend Pro 900 blender: 2-year warranty from the date of purchase, extended to 5 years on registration within 30 days. The motor is rated 1,400 W. The jug (1.75 l) is dishwasher-safe. Error E4: overheating, let it cool for 20 minutes. Spare parts: jug EUR 39.90, blade EUR 24.50, seal EUR 4.90.
[crm] {"customer": "Hanneke Vos", "purchased": "2023-11-18", "registered": "2023-12-05", "serial": "AB9-44817"}
---
Hi Hanneke,

You bought your AeroBlend on 18 November 2023 and registered it 17 days later, so the extended warranty of <<n:five|seven>> years applies: it's covered until 18 November 2028. E4 means that the motor has overheated; please let it cool down for <<n:20|45>> minutes.

Best wishes,
Your Support Team
---
Your serial number is <<n:AB9-44817|AB9-48417>>. A new jug costs <<n:€39.90|€33.90>>; together with blade and seal you'd pay €69.30. The jug holds 1.75 litres (about 59 fl oz) and can go in the dishwasher [<<s:kb-31|kb-13>>].
=== support-plan
[plans] Starter: 9 USD per user and month, 3 projects, 5 GB. Team: 19 USD, unlimited projects, 100 GB, SSO. Business: 39 USD, 1 TB, audit log, 99.9 % SLA. Annual billing saves 20 %. Non-profits get 40 % off.
[user] We're 14 people and need SSO. What's the cheapest option per year?
---
The **Team** plan is the cheapest one with single sign-on. For 14 users it costs 14 × $19 = $266 a month. With annual billing (20% off) you'd pay $2,553.60 per year instead of $3,192. It includes <<n:100 GB|150 GB>> of storage.
---
Team at <<n:$19|$29>> per seat is what you need: Starter has no SSO, and Business ($39) would more than double the price. If you're a non-profit, you get <<n:40%|60%>> off, i.e. $11.40 per user.
=== support-outage
[status] Incident INC-5521. 21 Feb 2024 14:02 UTC: elevated errors in region eu-central. 14:20: cause identified, expired certificate on load balancer lb-3. 14:47: certificate renewed. 15:05: resolved. Affected: 4.2 % of requests; 1,310 customers.
---
**What happened?** An expired certificate on a load balancer caused errors in eu-central on <<n:21 February|24 February>> from 14:02 to 15:05 UTC (63 minutes). **Impact:** roughly 4% of requests from about <<n:1,300|1,900>> customers failed. **Fix:** the certificate was renewed at <<n:2:47 PM|2:17 PM>>, 27 minutes after the cause had been found.
---
I'm sorry for the trouble! Incident <<n:INC-5521|INC-5512>> lasted a little over an hour. Engineers identified the cause within 18 minutes. You don't need to do anything on your side.
=== sports-match
[report] Handball, 9 March 2024: SG Lauenfels - HC Morava 31:28 (15:16). Best scorers: Bakken 9/3, Wieland 7, Juhász 6; Kozák 8, Ferrari 6. Keeper Lunde saved 14 of 41 shots. Attendance 4,870. Lauenfels is now third with 33 points, two behind Kielbeck. Coach Anja Strobel: "We lost our heads for ten minutes and then found them again."
---
SG Lauenfels beat HC Morava <<n:31–28|31–26>> after trailing by one goal at half-time (15–16). <<p:Bakken|Sorensen>> scored nine times, three of them penalties. Goalkeeper Lunde stopped 14 shots (34%).
---
In front of 4,870 spectators, Lauenfels won by three goals and climbed to third place with <<n:33|38>> points; leaders on 35 points... well, Kielbeck is two points ahead. Together, 59 goals were scored. Coach <<p:Strobel|Ehrmann>>: "<<q:We lost our heads for ten minutes|We lost our heads for twenty minutes>> … and then found them again."
=== sports-marathon
[results] City Marathon 2023, women: 1. Chebet Koros 2:24:18, 2. Lucia Bonomi 2:25:03, 3. Frida Aasen 2:27:41. Men: 1. Dawit Haile 2:07:52, 2. Kenji Morita 2:08:30. 11,482 finishers, 63 % men. Temperature at the start 9 degrees.
---
Chebet Koros won the women's race in 2:24:18, <<n:45 seconds|55 seconds>> ahead of <<p:Lucia Bonomi|Giulia Ferrante>>. Third-placed Frida Aasen finished 3 minutes and 23 seconds behind the winner. It was 9 °C (48 °F) at the start.
---
Some 11,500 runners finished, about 37% of them women (around 4,250). The fastest man, Dawit Haile, needed <<n:2:07:52|2:07:25>>, 38 seconds less than Kenji Morita of … well, the results don't say which country.
=== sports-season
[table] | Team | P | W | D | L | GF | GA | Pts |
|---|---|---|---|---|---|---|---|
| Rovaniemi | 18 | 12 | 4 | 2 | 38 | 15 | 40 |
| Vasa | 18 | 11 | 3 | 4 | 33 | 21 | 36 |
| Lahti | 18 | 9 | 6 | 3 | 29 | 18 | 33 |
| Kotka | 18 | 3 | 2 | 13 | 14 | 41 | 11 |
---
Rovaniemi leads the table with <<n:40|44>> points from 18 matches, four ahead of <<p:Vasa|Turku>>. They've won two thirds of their games and have a goal difference of +23. Bottom side Kotka has lost <<n:13|17>> times and conceded 41 goals, i.e. 2.3 per match.
---
1. Rovaniemi – 40 pts
2. Vasa – <<n:36|39>> pts
3. Lahti – 33 pts
4. Kotka – 11 pts

Lahti is unbeaten in 15 of its 18 matches (9 wins, 6 draws). All four teams together have scored 114 goals.
=== german-rental
[mietvertrag] Mietvertrag zwischen Roswitha Engelbrecht (Vermieterin) und Tim Okafor. Wohnung: Lindenallee 14, 2. OG links, 68 m², 3 Zimmer. Kaltmiete 812,00 €, Nebenkosten 195,00 €. Mietbeginn 1. August 2022. Kaution drei Kaltmieten. Kündigungsfrist drei Monate. Staffelmiete: ab 1. August 2024 zusätzlich 35,00 € monatlich.
[user] Wie hoch ist die Miete ab August 2024 und wie viel Kaution habe ich gezahlt?
---
Ab dem 01.08.2024 beträgt Ihre Kaltmiete <<n:847 €|874 €>>. Zusammen mit den Nebenkosten von 195 € zahlen Sie dann 1.042 € warm. Die Kaution betrug drei Kaltmieten, also 2.436 €.
---
Die Wohnung in der Lindenallee 14 ist <<n:68|86>> Quadratmeter groß und hat drei Zimmer. Das macht rund 11,94 € Kaltmiete pro Quadratmeter. Vermieterin ist Frau <<p:Engelbrecht|Hasselbach>>. Die Kündigungsfrist beträgt drei Monate, d. h. bei einer Kündigung im Januar endet das Mietverhältnis Ende April.
=== german-verein
[protokoll] Mitgliederversammlung des Ruderclubs Nordsee e.V., 17.03.2023, 19:30 Uhr, Vereinsheim. Anwesend 64 von 183 Mitgliedern. Vorsitzender: Jörn Petersen. TOP 3: Der Jahresbeitrag steigt von 96 auf 108 Euro (48 Ja, 11 Nein, 5 Enthaltungen). TOP 5: Neues Boot für 14.500 Euro, Spendenstand 9.200 Euro. Kassenwartin Dr. Maike Thomsen wird entlastet.
---
Zusammenfassung der Mitgliederversammlung vom 17. März 2023:

* Anwesend waren <<n:64|46>> der 183 Mitglieder (35 %).
* Der Beitrag erhöht sich um 12 Euro (12,5 %) auf <<n:108|118>> Euro im Jahr.
* Für das neue Boot fehlen noch 5.300 Euro.
* Die Kassenwartin, Frau Dr. <<p:Thomsen|Carstensen>>, wurde entlastet.
---
The meeting of the rowing club took place at <<n:7:30 pm|7:50 pm>> in the clubhouse, with 64 members present. The fee increase was approved by 48 votes to 11, with five abstentions. The chairman is <<p:Jörn Petersen|Uwe Claussen>>.
=== french-train
[conditions] Carte Horizon : 49 € par an, 30 % de réduction en semaine, 45 % le week-end. Échange sans frais jusqu'à 7 jours avant le départ, ensuite 15 €. Remboursement : retenue de 10 €. Retard de 30 à 59 minutes : 25 % du prix ; 60 à 119 minutes : 50 % ; 120 minutes et plus : 75 %.
[user] Mon billet a coûté 84 € et le train a eu 70 minutes de retard. Combien puis-je récupérer ?
---
Avec un retard d'une heure et dix minutes, vous avez droit à <<n:50 %|60 %>> du prix du billet, soit 42 €. Pour un retard de deux heures ou plus, ce serait 75 % (63 €).
---
La carte Horizon coûte <<n:49 €|94 €>> par an et donne 30 % de réduction en semaine et 45 % le week-end. Un billet à 84 € vous reviendrait donc à 58,80 € en semaine et à 46,20 € le week-end. L'échange est gratuit jusqu'à une semaine avant le départ ; après, il coûte <<n:15 euros|25 euros>>.
=== french-musee
[article] Le musée Corbières de Narvignac a rouvert le 12 avril 2022 après vingt-six mois de travaux, pour un coût de 8,4 millions d'euros. La surface d'exposition passe de 1 900 à 2 750 m². L'architecte Solène Marchetti a ajouté une verrière. En 2023, 61 300 visiteurs sont venus, contre 38 000 en 2019. « Nous voulions que la lumière entre partout », explique-t-elle.
---
The Corbières museum reopened on <<n:April 12, 2022|April 21, 2022>> after 26 months of renovation that cost €8.4 million. Its exhibition space grew by 850 m² (45%). Attendance in 2023 was 61,300, a 61% increase over 2019.
---
Le musée a coûté <<n:8,4|4,8>> millions d'euros et dispose maintenant de 2 750 m² d'exposition. Selon l'architecte <<p:Solène Marchetti|Odile Bertrandon>>, « <<q:nous voulions que la lumière entre partout|nous voulions que la lumière reste dehors>> ». La fréquentation a augmenté de 23 300 visiteurs par rapport à 2019.
=== table-inventory
[stock.csv] sku,name,qty,unit_price,warehouse
L-204,Desk lamp Arco,41,34.50,Gent
L-377,Floor lamp Vela,12,119.00,Gent
C-118,Chair Nils,86,79.90,Breda
T-052,Table Orla,7,349.00,Breda
---
There are four articles in stock, two in each warehouse. Gent holds 53 lamps; Breda has <<n:86|68>> chairs and 7 tables. The most expensive item is the table <<p:Orla|Freja>> at <<n:€349|€439>>.
---
The stock of L-204 is worth 41 × 34.50 = 1,414.50, that of T-052 2,443.00. The floor lamp Vela costs <<n:119.00|191.00>>, 84.50 more than the desk lamp. Total number of pieces: 146.
=== table-survey
[survey] n = 1,250 respondents, 4-18 May 2023. "How satisfied are you with public transport?" very satisfied 14 %, rather satisfied 41 %, rather dissatisfied 28 %, very dissatisfied 11 %, don't know 6 %. Among under-30s 62 % are satisfied. Margin of error +/- 2.8 points. Commissioned by the city of Ravensholm.
---
According to a survey of 1,250 people that was conducted in <<n:May|June>> 2023, 55% are satisfied with public transport and 39% are dissatisfied. In absolute terms, about 690 respondents are satisfied. Among people under 30, the share is <<n:62%|72%>>.
---
**Key findings**

- Fourteen percent are "very satisfied", another <<n:41%|31%>> "rather satisfied".
- One in nine is very dissatisfied.
- The margin of error is ±<<n:2.8|3.4>> points.

The study was commissioned by <<p:Ravensholm|Birkelund>>. It lasted two weeks.
=== energy-meter
[get_usage] {"meter":"EL-7731","unit":"kWh","readings":[{"date":"2024-01-01","value":18204},{"date":"2024-02-01","value":18571},{"date":"2024-03-01","value":18902},{"date":"2024-04-01","value":19174}],"tariff":{"base_eur_month":11.5,"eur_per_kwh":0.294}}
[user] How much did I use in the first quarter and what did it cost?
---
From January to March you used 970 kWh: 367 in January, <<n:331|313>> in February and 272 in March. At 29.4 cents per kWh that's €285.18, plus three months' base fee (€34.50), so €319.68 altogether.
---
Your consumption is going down: in March you needed 26% less electricity than in January. The current reading of meter <<n:EL-7731|EL-7713>> is <<n:19,174 kWh|19,714 kWh>>. On average that's about 10.7 kWh per day.
=== shop-order
[order] {"id":"W-200193","placed":"2024-08-29T21:47:00+02:00","items":[{"name":"Trail shoe Ibex 2","size":"42","qty":1,"price":129.95},{"name":"Merino sock","qty":3,"price":14.90}],"shipping":4.95,"voucher":-10.00,"total":169.60,"carrier":"PostNord","tracking":"PN8844120SE"}
---
Thanks for your message! You placed order W-200193 on the evening of <<n:29 August|27 August>>. It contains a pair of Ibex 2 trail shoes in size 42 and three pairs of merino socks (€44.70). After your €10 voucher the total came to <<n:€169.60|€196.60>>.
---
Your parcel is with <<p:PostNord|Bring Parcels>>, tracking number PN8844120SE. If you return the shoes, we'll refund <<n:€129.95|€192.95>>; the socks and shipping (€49.65) are not affected.
=== history-bridge
[wiki] The Almsund Bridge is a cantilever bridge with a total length of 1,066 metres and a main span of 415 metres. Construction began in March 1951; it was opened by King Haakon on 22 June 1956. It replaced a ferry that had run since 1874. Engineer: Tobias Wennerström (1903-1981). Traffic: 2,900 vehicles a day (1970), 13,400 (2015). Tolls were abolished in 1983.
---
Built between 1951 and <<n:1956|1965>>, the Almsund Bridge is 1,066 m (3,497 ft) long. It was designed by <<p:Tobias Wennerström|Gösta Fredriksson>>, who was 53 when it opened, and replaced a ferry service that had been in operation for 82 years. Tolls were collected for 27 years.
---
Traffic has more than quadrupled since <<n:1970|1980>>, from 2,900 to 13,400 vehicles per day. The main span measures <<n:415|451>> metres, about 39% of the total length. Construction took a little over five years.
=== cooking-scale
[recipe] Walnut bread, 1 loaf: 420 g wheat flour, 80 g rye flour, 350 ml water, 10 g salt, 7 g dry yeast, 120 g walnuts. Knead 8 minutes, proof 75 minutes, shape, proof 40 minutes, bake 15 minutes at 240 °C, then 25 minutes at 200 °C.
[user] I want three loaves, and how long does it take overall?
---
For three loaves you'll need 1,260 g wheat flour, <<n:240 g|280 g>> rye flour, 1.05 litres of water, 30 g salt, 21 g yeast and 360 g walnuts. Set aside about 2 hours 43 minutes: 8 for kneading, 115 for proofing and <<n:40|55>> for baking.
---
Start at 240 °C (465 °F) and turn the oven down to <<n:200 °C|220 °C>> (about 390 °F) after 15 minutes. Per loaf there's half a kilo of flour, 16% of which is rye. Tip: toast the walnuts first.
=== ops-metrics
[grafana] service=checkout window=24h: requests 8,640,000; errors 12,960; p50 84 ms; p95 410 ms; p99 1.9 s; SLO 99.9 % availability over 30 days, error budget 43.2 min. Deploys: 14:05 (v2.31.0), 17:50 rollback to v2.30.4. Peak 212 rps at 20:15.
---
The error rate over the last 24 hours was 0.15%, which is above the 0.1% that the SLO allows. On average the service handled 100 requests per second, with a peak of <<n:212|221>> at 8:15 PM. p99 latency was <<n:1.9 s|1.6 s>>.
---
- `v2.31.0` was deployed at <<n:14:05|14:50>> and rolled back to `v2.30.4` after 3 h 45 min.
- p95 is 410 ms, nearly five times the median of <<n:84 ms|48 ms>>.
- Availability: 99.85% (target: 99.9%).
=== polish-context
[ulotka] Muzeum Soli w Bochenku: czynne od wtorku do niedzieli w godz. 9-17, kasa do 16:15. Bilet normalny 28 zł, ulgowy 19 zł, rodzinny (2+3) 75 zł. Zwiedzanie trwa 2 godziny, trasa ma 2,3 km i 380 schodów. Temperatura pod ziemią 14 °C. Przewodnik: Bożena Kwiatkowska, tel. 12 555 01 77.
[user] Please explain the leaflet in English. We are two adults and two children.
---
The Salt Museum in Bochenek is open Tuesday to Sunday from 9 am to <<n:5 pm|6 pm>>; the ticket office closes at 4:15 pm. Individual tickets for two adults and two children would cost 94 zł, so the family ticket for <<n:75 zł|57 zł>> saves you 19 zł.
---
The tour takes about two hours and covers 2.3 kilometers with <<n:380|308>> steps. Bring a jacket: it's only 14 °C (57 °F) underground. The museum is closed on Mondays. Contact: Ms. <<p:Kwiatkowska|Wojnarowska>>, phone 12 555 01 77.
=== news-council
[article] The town council of Harrowgate Bay voted 9-4 on Tuesday to close Mill Street to cars from 1 April. "This is about children getting to school alive," said councillor Deepa Raghunathan, who tabled the motion. Shopkeeper Lionel Pratt called it "a disaster for small traders". The trial runs for eighteen months and costs $215,000, of which the state pays 60 per cent. A similar scheme in Port Ellery cut accidents by a third.
---
Councillor <<p:Deepa Raghunathan|Sunita Chaudhry>>, who proposed the closure, argued: "<<q:This is about children getting to school alive|This is about parents getting to work alive>>." The council approved it by nine votes to <<n:four|twelve>>, so there were 13 votes in all.
---
Mill Street will be car-free starting <<n:April 1|April 11>>, for a trial period of a year and a half (until the end of September of the following year). The state will cover $129,000 of the $215,000, leaving $86,000 for the town. A trader, Lionel Pratt, spoke of "a disaster".
=== rag-cited
[doc-1] The Kestrel S2 e-scooter has a range of 45 km (WLTP) and a top speed of 25 km/h. Weight 17.8 kg. Battery 468 Wh, charging time 5.5 h.
[doc-2] Review, Urban Mobility Weekly: "In our test the S2 managed 33 kilometres before it gave up." Verdict: 7.5 of 10. Price: 749 euros.
[doc-3] E-scooters above 20 km/h need an insurance plate in most countries of the region; the annual premium is 25 to 40 euros.
---
The manufacturer claims 45 km [doc-1], but a test by Urban Mobility Weekly only got <<n:33|38>> km [<<s:doc-2|doc-5>>], i.e. 27% less. In the reviewers' words, it "<<q:managed 33 kilometres before it gave up|managed 43 kilometres before it gave up>>".
---
Since its top speed is <<n:25 km/h|35 km/h>> (about 16 mph), you'll need an insurance plate (Source: <<s:doc-3|doc-4>>). In the first year you'd spend between €774 and €789 including the purchase price of €749. A full charge takes five and a half hours.
=== bio-note
[bio] Ngozi Okonjo-Hartley (born 3 May 1968 in Enugu) is a British-Nigerian structural engineer. She studied at Imperial College London (BEng 1990) and ETH Zurich (PhD 1996). In 2004 she founded Hartley Struts Ltd, which employed 130 people when it was sold to Meridian Group in 2019 for GBP 41 million. She received the Telford Medal in 2011.
---
Dr. Okonjo-Hartley was born in 1968 in Enugu, Nigeria. She earned her doctorate from ETH Zürich in <<n:1996|1999>>, aged 27 or 28, and set up her own company eight years later. She sold it for <<n:£41m|£14m>> after 15 years. In 2011, at the age of 43, she was awarded the <<p:Telford|Brunel>> Medal.
---
N. Okonjo-Hartley is an engineer and entrepreneur. Her firm, Hartley Struts, had <<n:130|310>> employees at the time of the takeover by the <<p:Meridian|Zenithal>> Group. The acquisition price corresponds to about £315,000 per employee.
"""
