"""Contexts and faithful replies by world, the half that the detector was worked on; grounding_daily says how they came about."""

# ruff: noqa: RUF001
TEXT = """\
=== isp-ticket
[ticket] #88213, opened 14 Jan 2025 08:52 by Harriet Oduya (customer since 2019, plan Fibre 500). "Upload drops to almost nothing every evening." Line test 09:10: down 487 Mbit/s, up 3.1 Mbit/s, attenuation 19 dB. Agent Tomasz swapped profile, asked customer to replace patch cable. Credit of £12.50 promised for January.
[kb-204] Fibre 500: guaranteed minimum 400 Mbit/s down, 60 Mbit/s up. Below that for three days in a row, customers may claim £5.80 per day or leave without a fee.
[user] What do I tell Harriet?
---
Hi Harriet,

thanks for your patience. Our test on <<n:14 January|19 January>> showed a download speed of 487 Mbit/s, which is well above the guaranteed 400, but an upload of only <<n:3.1|3.7>> Mbit/s instead of at least 60. Please replace the patch cable, as Tomasz suggested. You'll get a credit of £12.50.
---
According to [kb-204], she can claim <<n:£5.80|£8.50>> a day once the line has been below the minimum for three days running, or cancel free of charge [<<s:kb-204|kb-240>>]. For a full week that would be £40.60.
---
**Ticket 88213: summary**
- Customer: <<p:Harriet Oduya|Margaret Oyelaran>>, Fibre 500, with us for about six years
- Problem: "<<q:Upload drops to almost nothing every evening|Upload drops to almost nothing every morning>>"
- Upload is roughly 5% of what we guarantee; attenuation <<n:19 dB|29 dB>>
- Done so far: profile swapped by Tomasz
=== leaflet-paracetamol
[leaflet] Dolorin 500 mg tablets (paracetamol). Adults and children over 12: one or two tablets every 4 to 6 hours, at most 8 tablets in 24 hours. Children 6 to 11: half a tablet to one tablet, at most 4 times in 24 hours. Do not use for more than 3 days without asking a doctor. One tablet contains 0.2 mg of sodium benzoate. Store below 25 °C. Made by Laboratoires Vauquelin, Lyon.
---
As an adult you can take one or two tablets every four to six hours, but never more than <<n:8|12>> tablets (4 g of paracetamol) within a day. If you still have pain after <<n:3|5>> days, see your doctor.
---
For a child of nine: half a tablet up to one tablet (250–500 mg), no more than four times a day, so the most they should have is <<n:2,000 mg|2,600 mg>> in 24 hours. Keep the pack below <<n:25 °C|35 °C>> (77 °F).
---
Dolorin is made by <<p:Laboratoires Vauquelin|Laboratoires Berthelot>> in Lyon, France. Each tablet has 500 mg of the active ingredient and <<n:0.2 mg|0.8 mg>> of sodium benzoate.
=== saas-contract
[msa] Master Services Agreement between Quillstone Ltd ("Provider") and Harbour & Pike LLP ("Customer"), effective 1 March 2024. 4.2 Fees: USD 3,400 per month for up to 40 named users; each further user USD 65 per month. 7.1 Initial term 24 months, renewing for 12 months unless either party gives 90 days' notice. 9.3 Liability is capped at the fees paid in the twelve months before the claim. 11.2 Governing law: Delaware.
[user] We have 52 users. What do we pay and when can we get out?
---
With 52 users you pay for 12 more than the plan includes: 12 × $65 = $780 on top of <<n:$3,400|$3,700>>, or $4,180 a month. The initial term runs until the end of February 2026, so notice must be given around the beginning of December 2025 (<<n:90|60>> days ahead, clause 7.1).
---
Under clause <<n:9.3|9.8>>, the Provider's liability is limited to what you paid in the previous 12 months. At the base fee that would be $40,800. The contract between <<p:Quillstone|Marlowe Systems>> and Harbour & Pike is governed by the law of Delaware.
---
Key dates
1. Effective: <<n:March 1, 2024|March 11, 2024>>
2. Initial term: two years
3. Renewal: another <<n:12 months|18 months>> each time, unless cancelled
=== web-log
[log] 10.2.0.14 - - [03/Feb/2025:22:14:07 +0000] "GET /api/v2/orders?page=3 HTTP/1.1" 502 157 "-" "okhttp/4.9.3" rt=30.002
10.2.0.14 - - [03/Feb/2025:22:14:39 +0000] "GET /api/v2/orders?page=3 HTTP/1.1" 502 157 "-" "okhttp/4.9.3" rt=30.001
10.2.0.77 - - [03/Feb/2025:22:15:02 +0000] "POST /api/v2/login HTTP/1.1" 200 1184 "-" "Mozilla/5.0" rt=0.214
10.2.0.14 - - [03/Feb/2025:22:15:40 +0000] "GET /api/v2/orders?page=3 HTTP/1.1" 200 48211 "-" "okhttp/4.9.3" rt=11.870
---
Client <<n:10.2.0.14|10.2.0.41>> asked for page 3 of the orders three times. The first two attempts ended with a 502 after 30 seconds each, most likely a timeout of the upstream; the third one, at <<n:22:15:40|22:19:40>>, succeeded but took almost 12 seconds.
---
Of the four requests, two (50%) failed. The successful one returned <<n:48,211|42,811>> bytes, about 47 KiB. The login from 10.2.0.77 was fast: <<n:214 ms|412 ms>>.
---
The errors began at 22:14:07 UTC on <<n:3 February 2025|8 February 2025>>; 93 seconds later the endpoint answered again. I'd look at why `/api/v2/orders` is slow and set the proxy's timeout above <<n:30|45>> s, or page the query.
=== sourdough
[recipe] Weekend Sourdough (2 loaves). 900 g bread flour, 100 g rye flour, 720 g water, 200 g levain, 21 g salt. Mix, rest 40 minutes, add salt. Bulk 4-5 hours at 25 °C with folds every half hour for the first two hours. Shape, retard 14 hours at 4 °C. Bake at 245 °C, 20 minutes with lid, 22 without. From "Crumb & Crust" by Anneke Bosman.
---
For one loaf, halve everything: 450 g bread flour, 50 g rye, <<n:360 g|390 g>> water, 100 g levain and 10.5 g salt. Bake as written: 20 minutes covered and <<n:22|32>> minutes uncovered at 245 °C (about 475 °F).
---
The dough has a hydration of 72% (720 g of water to 1 kg of flour, the levain not counted) and 2.1% salt. After an initial rest of <<n:40|55>> minutes, you fold it every 30 minutes, four times in all. It then spends <<n:14|18>> hours in the fridge.
---
It's the Weekend Sourdough by <<p:Anneke Bosman|Renske Dijkstra>>, from her book <<p:Crumb & Crust|Flour & Fire>>. If you start mixing at 3 pm, it can go into the fridge at about 8 pm and be baked the next morning from 10 am.
=== football-report
[report] Norwich Vale 3-2 Carrow Athletic (half-time 1-2), attendance 18,406. Goals: 0-1 Silva 12', 1-1 Okafor 31', 1-2 Silva 44' (pen), 2-2 Brandt 67', 3-2 Okafor 90+3'. Red card: Dunne (Carrow) 58'. Norwich move up to 4th with 47 points from 26 games, two behind third-placed Eastmere. Coach Lindqvist: "We never stopped believing, not even after that penalty."
---
Norwich Vale came from behind twice to beat ten-man Carrow Athletic 3–2. <<p:Okafor|Petrov>> scored the winner in the third minute of stoppage time, his second of the game, in front of <<n:18,406|18,604>> fans. Carrow's Dunne had been sent off in the 58th minute.
---
The win takes Norwich to <<n:47|43>> points from 26 matches, or 1.8 a game. They are fourth; Eastmere, in third, have 49. "<<q:We never stopped believing, not even after that penalty|We never stopped running, not even after that penalty>>," said coach Lindqvist.
---
Goals:
| Minute | Scorer | Score |
|---|---|---|
| 12 | Silva | 0–1 |
| 31 | Okafor | 1–1 |
| <<n:44|41>> (penalty) | Silva | 1–2 |
| 67 | <<p:Brandt|Kessler>> | 2–2 |
| 90+3 | Okafor | 3–2 |

Both sides had their star: Silva and Okafor each scored twice.
=== income-table
[table] Income statement (EUR thousand) | FY2022 | FY2023 | FY2024
Revenue | 48,310 | 52,940 | 57,180
Cost of sales | 29,650 | 31,870 | 33,720
Personnel | 9,240 | 10,115 | 11,060
Other operating expenses | 4,480 | 4,905 | 5,210
Depreciation | 1,920 | 2,040 | 2,310
Operating profit | 3,020 | 4,010 | 4,880
[user] How did margins develop?
---
Revenue rose 8.0% in FY2024 to €<<n:57.18|51.78>> million, after 9.6% the year before. Operating profit grew to €4.88 million, a margin of 8.5% (FY2023: 7.6%, FY2022: 6.3%). Gross profit was €23.46 million, i.e. <<n:41.0%|44.6%>> of revenue.
---
Personnel expenses went up by €945 thousand to <<n:€11.06 million|€11.60 million>>, or 9.3%, faster than revenue. Depreciation reached <<n:€2,310 thousand|€2,810 thousand>>.
---
| | FY2022 | FY2024 | Change |
|---|---|---|---|
| Revenue | 48,310 | <<n:57,180|57,810>> | +18.4% |
| Operating profit | <<n:3,020|3,920>> | 4,880 | +61.6% |
| Gross profit | 18,660 | 23,460 | +25.7% |
=== python-docs
[docs] httpkit.Client(timeout=10.0, retries=2, backoff=0.5, pool_size=20). timeout: seconds per attempt. retries: further attempts after connection errors and status 502, 503, 504. backoff: seconds before the first retry, doubled each time. pool_size: connections kept per host. New in 3.4: Client.stream(). Deprecated since 3.2, removed in 4.0: Client.fetch_all(). Requires Python 3.9 or newer.
[user] how long can a call take at most with the defaults?
---
With the defaults there are up to three attempts of <<n:10|15>> s each plus two waits of 0.5 s and 1 s, so a call takes at most 31.5 seconds. If you set `retries=0`, it's 10 seconds.
---
`fetch_all()` has been deprecated since version <<n:3.2|3.7>> and will be gone in 4.0, so use `Client.stream()`, which came with <<n:3.4|3.6>>:

```python
client = httpkit.Client(timeout=5.0, pool_size=50)
for chunk in client.stream("https://example.com/big.csv"):
    handle(chunk)
```
---
Retries happen on connection errors and on 502, 503 and <<n:504|508>> only, so a 429 or a 500 is returned right away. You'll need at least Python <<n:3.9|3.12>>. Up to 20 connections per host are kept open.
=== train-complaint-fr
[courrier] Réclamation du 7 novembre 2024. Voyageur : Amandine Lescure, dossier RZ48KT. TGV 6841 Paris-Gare-de-Lyon 14h07 - Marseille 17h22, arrivé à 19h05. Billet : 78,00 €. Motif : panne d'alimentation près de Valence.
[bareme] Retard de 30 à 59 minutes : 25 % du prix en bon d'achat. De 1 h à 1 h 59 : 25 % en bon ou en virement. De 2 h à 2 h 59 : 50 %. 3 h et plus : 75 %.
[user] À combien a-t-elle droit ?
---
Le train est arrivé à 19h05 au lieu de <<n:17h22|17h42>>, soit un retard de 1 h 43. Mme <<p:Lescure|Fontanel>> a donc droit à 25 % du prix du billet, c'est-à-dire 19,50 €, en bon d'achat ou par virement.
---
Bonjour Madame Lescure,

Nous avons bien reçu votre réclamation du <<n:7 novembre 2024|17 novembre 2024>> (dossier <<n:RZ48KT|RZ84KT>>). Le retard est dû à une panne d'alimentation près de Valence. Nous vous rembourserons 25 % de 78,00 €. Veuillez agréer nos salutations distinguées.
---
Résumé : TGV <<n:6841|6481>>, Paris – Marseille, 103 minutes de retard. Il aurait fallu au moins deux heures de retard pour obtenir <<n:50 %|60 %>>.
=== school-trip
[letter] Dear parents of Year 8, our trip to the Ironbridge museums is on Thursday 12 June. Coach leaves school at 7.45 am, back by 6.15 pm. Cost £23.50 per child, to be paid by 23 May. Children on free school meals pay £8. 54 places, first come first served. Bring a packed lunch and waterproofs. Mr Adeyemi, Head of Year
---
The Year 8 trip to Ironbridge takes place on Thursday, June <<n:12|22>>. The coach leaves at 7:45 and returns by quarter past six, so the children are away for ten and a half hours. Please pay <<n:£23.50|£25.30>> by 23 May.
---
There are <<n:54|45>> places. If all were taken at the full price, the school would collect £1,269. Pupils on free school meals pay £8, which is £15.50 less. Questions go to <<p:Mr Adeyemi|Mr Castleford>>, the Head of Year.
---
Reminder: payment for the Ironbridge trip is due on <<n:23 May|26 May>>, about three weeks before the trip. Don't forget waterproofs and a packed lunch! The coach is back by <<n:6:15 p.m.|6:45 p.m.>>
=== energy-bill
[bill] Customer 4471-0932. Period 1 Oct - 31 Dec 2024 (92 days). Meter start 18,204 kWh, end 19,376 kWh. Unit rate 24.86p/kWh, standing charge 61.2p per day. VAT 5%. Supplier: Beaufort Power. Paid by direct debit £110 per month.
---
You used 1,172 kWh in the <<n:92|82>> days, i.e. about 12.7 kWh a day. Energy: £291.36; standing charge: £56.30; together £347.66, and with 5% VAT £365.05. Your three direct debits of <<n:£110|£140>> cover £330 of that, so you are £35.05 short.
---
Your meter went from <<n:18,204|18,402>> to 19,376 kWh between October and December. The unit rate at <<p:Beaufort Power|Solent Energy>> is 24.86 pence per kilowatt-hour.
---
The standing charge is <<n:61.2p|62.1p>> a day, so it costs about £223 a year whether or not you use any power. Quote customer number <<n:4471-0932|4471-0923>> when you call.
=== vet-note
[note] Patient: Biscuit, Border Terrier, male neutered, 7 y 4 m, 9.8 kg (last visit 10.6 kg, 11 weeks ago). Presented with intermittent vomiting x 5 days. Temp 38.9, HR 112, mild abdominal discomfort. Bloods: ALT 186 U/L (ref 10-125), ALP 240 (23-212), bile acids pending. Plan: maropitant 1 mg/kg SC, low-fat diet, recheck in 10 days. Dr. Fenwick
---
Biscuit has lost 0.8 kg (about 7.5%) in 11 weeks and has been vomiting on and off for <<n:five|nine>> days. Two liver values are raised: ALT at <<n:186|168>> U/L and ALP at 240. He got maropitant; at 9.8 kg that's 9.8 mg.
---
Dear owner, <<p:Dr. Fenwick|Dr. Hargreave>> would like to see Biscuit again in <<n:10|14>> days. Until then, please feed a low-fat diet. The bile acid result isn't back yet; we'll phone you as soon as it is.
---
Vitals: temperature <<n:38.9|39.8>> °C, heart rate 112 bpm, weight <<n:9.8 kg|8.9 kg>> (21.6 lb). ALT is about 1.5 times the upper limit of 125 U/L; ALP is 28 U/L above its limit.
=== storm-bulletin
[bulletin] MET SERVICE, issued 0600 UTC Fri 17 Nov. Storm Ottilie, centre 968 hPa, 120 nautical miles W of Malin Head, moving NE at 35 knots. Gusts of 70-80 mph expected on exposed coasts between noon and 9 pm, 55-60 mph inland. Amber warning for Donegal, Derry and Antrim from 11:00 to 22:00. 40-60 mm of rain on high ground.
---
Storm <<p:Ottilie|Marguerite>> will hit the north coast on Friday. Expect gusts up to 80 mph (about 130 km/h) on exposed coasts from midday to 9 p.m., and 55 to <<n:60|75>> mph inland. The amber warning covers three counties for 11 hours.
---
At 6 a.m. UTC the storm lay 120 nautical miles (222 km) west of Malin Head with a pressure of <<n:968|986>> hPa, moving north-east at 35 knots, roughly 40 mph. Up to <<n:60|90>> mm of rain may fall on the hills.
---
⚠️ Amber warning: Donegal, Derry, <<p:Antrim|Fermanagh>>
🕐 Friday 17 November, 11 am – <<n:10 pm|8 pm>>
💨 up to 80 mph
🌧 4–6 cm on high ground
=== patent
[abstract] US 11,482,905 B2, granted 25 Oct 2022, inventors Yusuf Karaca and Mildred Stenholm, assignee Halcyon Thermal Inc. A heat exchanger with channels 0.6 to 0.9 mm wide, coated with graphene of 12 nm thickness, raises transfer by 34 % over uncoated channels at flow rates of 2.5 l/min. Filed 8 May 2019. 20 claims, 3 independent.
---
The patent was filed on <<n:May 8, 2019|May 3, 2019>> and granted three and a half years later. It belongs to <<p:Halcyon Thermal|Zephyr Cooling>> and names two inventors: Yusuf Karaca and Mildred Stenholm.
---
The invention is a heat exchanger whose channels (0.6–0.9 mm) carry a graphene coating <<n:12|21>> nanometres thick. That improves heat transfer by about a third (<<n:34%|43%>>) at 2.5 litres per minute, or 150 litres an hour.
---
US <<n:11,482,905|11,428,905>> B2 has 20 claims: three independent and 17 dependent. If the usual 20 years from filing apply, it would expire in <<n:May 2039|May 2036>>.
=== hr-leave
[policy] Annual leave at Tamsin Foods: 25 days plus public holidays; 27 after five years, 30 after ten. Up to 5 days may be carried over until 31 March. Sick pay: full pay for 8 weeks, half pay for another 8. Parental leave: 18 weeks at 90 % for either parent. Requests over 10 working days need approval by the head of department, four weeks in advance. Contact: Leonie Abara, People team.
[user] I've been here 6 years. How much holiday do I have, and what if I'm sick for 3 months?
---
After six years you have <<n:27|29>> days of annual leave, plus public holidays. If you are ill for three months (around 13 weeks), you'd get full pay for the first <<n:8|6>> weeks and half pay for the remaining five.
---
You can carry over up to 5 days, but use them by <<n:March 31|March 21>>. For anything longer than two weeks in a row you'll need your head of department's approval a month ahead. <<p:Leonie Abara|Simone Kittridge>> from the People team can help.
---
Parental leave is <<n:18|16>> weeks at <<n:90%|80%>> of pay, for mothers and fathers alike. In four years, when you reach ten years of service, your leave goes up by three more days to 30.
=== cv
[cv] Ruben Alcázar, Valencia. 2021-present: Senior Data Engineer, Lumen Freight (team of 6; cut pipeline cost by 38 %, from €21k to €13k a month). 2017-2021: Data Engineer, Bancaria Sol. 2015-2017: Analyst, Oteca. MSc Statistics, University of Granada, 2015, grade 8.9/10. Languages: Spanish (native), English (C1), German (B1). Skills: Spark, dbt, Airflow, Terraform.
[user] Summarise for the hiring manager. It's 2025.
---
Ruben Alcázar has about ten years of experience, the last four as Senior Data Engineer at <<p:Lumen Freight|Corvus Cargo>>, where he leads or works in a team of six and reduced pipeline costs by <<n:38%|33%>>, saving €8k a month.
---
- **Education:** MSc in Statistics, University of <<p:Granada|Salamanca>> (2015, 8.9 out of 10)
- **Experience:** Oteca (two years), Bancaria Sol (four years), Lumen Freight (since <<n:2021|2022>>)
- **Languages:** Spanish, English, German
---
He'd be a good match for the platform role: Spark, dbt, Airflow and Terraform are all there. At Lumen Freight, monthly costs fell from <<n:€21k|€27k>> to €13k, i.e. by €96k a year. His English is at <<n:C1|C2>> level.
=== order-json
[tool] {"order":"B-20931","placed":"2025-03-18T16:42:00Z","customer":{"name":"Ilse Vandermeer","tier":"gold"},"lines":[{"sku":"KT-118","name":"Copper kettle 1.7 l","qty":1,"unit_price":64.90},{"sku":"MG-044","name":"Stoneware mug","qty":6,"unit_price":8.50}],"shipping":4.95,"discount_percent":10,"status":"packed","carrier":"Postea","eta":"2025-03-22"}
[user] how much was it and when does it arrive?
---
Your order <<n:B-20931|B-29031>> comes to 109.26: one kettle at 64.90 and six mugs at 8.50 each make 115.90. With your 10% gold discount that's 104.31, plus 4.95 shipping: 109.26 in total. It should arrive on <<n:22 March|27 March>>.
---
Hi <<p:Ilse|Marianne>>! Your kettle and mugs are packed and will be delivered by <<p:Postea|Velodrop>> on March 22, four days after you ordered. Anything else I can do?
---
| Item | Qty | Price | Sum |
|---|---|---|---|
| Copper kettle 1.7 l | 1 | <<n:64.90|69.40>> | 64.90 |
| Stoneware mug | 6 | 8.50 | <<n:51.00|59.00>> |

Ordered on 18 March 2025 at 16:42 UTC.
=== trial-abstract
[abstract] Methods: 412 adults with moderate asthma at 19 sites in Portugal and Spain were randomised 1:1 to relvastin 40 mg or placebo for 26 weeks. Results: exacerbations in 31 of 206 (15.0 %) vs 58 of 206 (28.2 %), hazard ratio 0.49 (95 % CI 0.32 to 0.76; p=0.001). Headache in 12.1 % vs 6.8 %. Three patients stopped because of side effects. Funding: Fundação Miramar. Lead author: Dr Beatriz Falcão.
---
The trial included <<n:412|421>> adults with moderate asthma, half of whom received relvastin for 26 weeks (six months). 31 patients in the relvastin group had an exacerbation compared with 58 on placebo, i.e. the risk was about halved (HR <<n:0.49|0.94>>).
---
In absolute terms, the risk fell by 13.2 percentage points, so about eight people need to be treated to prevent one exacerbation. Headache was nearly twice as common (<<n:12.1%|11.2%>> vs. 6.8%). The study was funded by <<p:Fundação Miramar|Fundação Oriente>>.
---
A Portuguese-Spanish team led by <<p:Beatriz Falcão|Helena Quintela>> found that relvastin 40 mg cut exacerbations from 28.2% to 15.0% (p = 0.001). The confidence interval of the hazard ratio ran from 0.32 to <<n:0.76|0.67>>. Patients were treated at 19 centres.
=== departures-csv
[board] train,to,dep,platform,status
IC 512,Utrecht,10:04,5a,on time
SPR 4430,Hoorn,10:09,2b,+6
ICE 121,Frankfurt,10:26,8,cancelled
IC 2937,Groningen,10:38,7a,+12
NJ 403,Zurich,10:51,11,on time
[user] Which trains are affected?
---
Three of the five trains are affected: SPR <<n:4430|4340>> to Hoorn is 6 minutes late, ICE 121 to Frankfurt is cancelled, and IC 2937 to <<p:Groningen|Maastricht>> is 12 minutes late.
---
The 10:09 to Hoorn will leave at about 10:15, the 10:38 to Groningen at 10:50, one minute before the night train NJ <<n:403|430>> to Zurich. That one leaves from platform <<n:11|17>>.
---
Your train to Frankfurt (10:26, platform 8) doesn't run today. Sorry! The next train on the board is IC 2937 at <<n:10:38|10:53>>, but that goes to Groningen. On time: IC <<n:512|521>> to Utrecht.
=== tomato-guide
[guide] Sow tomatoes indoors 6 to 8 weeks before the last frost, 1 cm deep, at 20-24 °C; they germinate in 7 to 10 days. Plant out 60 cm apart once nights stay above 10 °C. Feed weekly with a 4-3-8 feed. Good for beginners: 'Alicante', 'Shirley', 'Gardener's Delight'. Remove the lowest leaves when plants reach 1 m. From the Wisley Street Allotment Society.
[user] Our last frost is around May 10. When do I sow?
---
Six to eight weeks before 10 May means sowing between about March 15 and <<n:March 29|April 19>>. Sow the seeds 1 cm deep at 20 to <<n:24|29>> °C and expect seedlings after seven to ten days.
---
Good beginners' varieties are Alicante, <<p:Shirley|Marmande>> and Gardener's Delight. In a bed of 3 m you can fit five or six plants at a distance of <<n:60 cm|75 cm>> (two feet). Feed them every week.
---
Plant out when nights are warmer than <<n:10 °C|14 °C>> (50 °F). Once the plants are 100 cm tall, take off the lowest leaves, says the <<p:Wisley Street|Hampton Road>> Allotment Society. A 4-3-8 feed is richest in potassium.
=== patch-notes
[notes] Ashen Reach 1.14.2 (11 Sept 2024, 2.3 GB). Balance: Longbow damage 48 -> 44; Warden health 1,150 -> 1,220; Ember Staff cooldown 14 s -> 11 s. Fixed: crash when joining a party of 4 on Xbox; Glacier Pass gate could not be opened after dying. New: photo mode. Known issue: stutter on RX 580 cards. Design lead: Noor Haddad.
---
Patch 1.14.2 is a <<n:2.3 GB|3.2 GB>> download. The Longbow deals 4 less damage (-8.3%), Wardens gain 70 health (now <<n:1,220|1,270>>), and the Ember Staff is ready three seconds sooner.
---
Bug fixes:
- The crash when joining a four-player party on Xbox is gone.
- The gate at <<p:Glacier Pass|Cinder Gorge>> opens again after you die.

If you play with an <<n:RX 580|RX 480>>, you may still see stutter.
---
Photo mode arrived with version <<n:1.14.2|1.12.4>> in September 2024. As design lead <<p:Noor Haddad|Elif Demirkan>> isn't quoted in the notes, we don't know why the Longbow was nerfed from 48 to 44.
=== mietvertrag-de
[vertrag] Mietvertrag zwischen Gerlinde Oberhauser (Vermieterin) und Can Yildiz (Mieter). Wohnung Tannenweg 14, 2. OG, 68,5 m². Mietbeginn 1. August 2023. Kaltmiete 742 Euro, Nebenkosten 186 Euro monatlich. Kaution: drei Kaltmieten, zahlbar in drei Raten. Kündigungsfrist für den Mieter drei Monate. Kleinreparaturen bis 110 Euro je Fall, höchstens 440 Euro im Jahr.
[user] Wie hoch ist die Warmmiete und was zahle ich an Kaution?
---
Die Warmmiete beträgt 928 Euro im Monat (742 Euro Kaltmiete plus <<n:186|168>> Euro Nebenkosten). Die Kaution liegt bei 2.226 Euro und kann in drei Raten zu je <<n:742 Euro|724 Euro>> gezahlt werden.
---
Herr Yildiz kann mit einer Frist von drei Monaten kündigen. Kleinreparaturen muss er nur bis <<n:110|150>> Euro pro Fall übernehmen, pro Jahr maximal 440 Euro. Vermieterin ist Frau <<p:Oberhauser|Lindenthal>>.
---
Die Wohnung im zweiten Obergeschoss hat <<n:68,5|65,8>> Quadratmeter; die Kaltmiete entspricht also rund 10,83 Euro pro Quadratmeter. Der Vertrag läuft seit dem <<n:1. August 2023|11. August 2023>>.
"""
