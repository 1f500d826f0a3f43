"""Contexts and faithful replies by world, the half that was kept aside; grounding_daily says how they came about."""

# ruff: noqa: RUF001
TEXT = """\
=== bank-fee-chat
[chat] Customer: Jerome Baptiste, account ending 7730. 12 Mar 2025 11:20 "I was charged a foreign fee of $14.37 for a hotel in my own country!" Transaction: Hotel Almira, 9 Mar, $479.00, merchant bank registered in Malta. Agent Shauna: fee is 3 % of foreign-processed payments.
[rules] R-17: One fee per calendar year may be refunded as goodwill for accounts older than 2 years. R-18: Fees above $25 need approval by a supervisor.
[user] Account opened May 2018. Draft a reply.
---
Dear Mr <<p:Baptiste|Lachance>>,

the fee of <<n:$14.37|$17.34>> is 3% of the $479.00 you paid at Hotel Almira on 9 March. It was charged because the hotel's bank is registered in Malta. As you have been with us for more than two years, we are glad to refund it as goodwill.
---
Under <<s:[R-17]|[R-19]>>, Jerome qualifies for a goodwill refund: his account is almost seven years old. No supervisor is needed as the fee is under <<n:$25|$35>>; it's $10.63 below that.
---
- 9 March: payment of <<n:$479.00|$497.00>>
- 12 March: complaint in the chat at 11:20
- Customer's words: "<<q:I was charged a foreign fee of $14.37 for a hotel in my own country|I was charged a foreign fee of $14.37 for a hostel in my own country>>"
=== vaccine-leaflet
[pil] Noravax suspension for injection, 0.5 ml pre-filled syringe. From 2 years of age. Children 2-8 years: two doses, 28 days apart, if not vaccinated before; others one dose. Very common (more than 1 in 10): pain at the site, tiredness. Common (up to 1 in 10): fever above 38.5 °C. Store in a refrigerator at 2-8 °C; may be kept at up to 25 °C for 72 hours. Contains traces of egg protein. Holder: Nordbiotek A/S, Aarhus.
---
A six-year-old who has never been vaccinated gets two doses four weeks (<<n:28 days|21 days>>) apart. Adults need just one. Each syringe holds <<n:0.5 ml|0.8 ml>>.
---
More than 10% of people feel pain where the needle went in or are tired; up to one in ten has a fever of over <<n:38.5 °C|39.5 °C>>. If you're allergic to eggs, talk to your doctor first, as the vaccine has traces of egg protein. It's from <<p:Nordbiotek|Sanoveda>>, Aarhus.
---
**Storage**
- Fridge: 2–8 °C (36–46 °F)
- Out of the fridge: no warmer than <<n:25 °C|29 °C>> and for three days (<<n:72 h|78 h>>) at most
=== home-insurance
[policy] Dunmore Mutual, Home Cover Plus, policy HCP-552-0918, holder Siobhan Kerrigan. Buildings up to €420,000, contents up to €75,000, single item limit €2,500 unless listed. Excess €250; escape of water €600. Bicycles away from home €1,000 each. Premium €38.20 a month or €435 a year. Claims within 30 days: 01 555 0190.
[user] A pipe burst, damage €3,150. Also my €1,400 bike was stolen downtown.
---
For the burst pipe you'd get €2,550, since an excess of <<n:€600|€900>> applies to water. For the bike, cover away from home ends at €1,000; less the ordinary excess of €250, that's €750. Please report both within <<n:30|45>> days on 01 555 0190.
---
Your policy <<n:HCP-552-0918|HCP-552-0981>> with <<p:Dunmore Mutual|Ardent Assurance>> covers contents up to €75,000. Paying yearly is cheaper: €435 instead of €458.40, so you'd save €23.40.
---
Hello Ms <<p:Kerrigan|Donnellan>>, single items over <<n:€2,500|€5,200>> must be listed. Your building is insured for up to €420,000. If your engagement ring is worth more than the limit, send us the receipt and we'll add it.
=== kube-log
[events] 2025-04-02T03:11:52Z pod/checkout-7c9f4 Back-off restarting failed container (x14)
2025-04-02T03:11:49Z pod/checkout-7c9f4 OOMKilled, exit code 137, limit 512Mi, usage 509Mi
2025-04-02T03:12:30Z node/ip-10-1-4-23 MemoryPressure=False
2025-04-02T03:14:05Z deploy/checkout scaled from 3 to 5 replicas by hpa/checkout (cpu 91% of 70% target)
[runbook] RB-12: if a container is OOMKilled more than 10 times within an hour, raise the limit by half and open a ticket for team Payments (on call: Ravi Menon).
---
The checkout pod was killed for lack of memory (exit code <<n:137|173>>) just under its limit of 512Mi and has been restarted 14 times. According to RB-12 the limit should go up by half, to 768Mi, and a ticket for the Payments team is due. On call there: <<p:Ravi Menon|Anjali Deshmukh>>.
---
Timeline (UTC, 2 April):
- 03:11:49: OOMKilled
- 03:12:30: node reports no memory pressure
- <<n:03:14:05|03:16:05>>: autoscaler goes from 3 to <<n:5|7>> replicas, because CPU was at 91% against a target of 70%
---
No, the node <<n:ip-10-1-4-23|ip-10-1-4-32>> itself had enough memory; it's the container's own limit that was hit: it used <<n:509Mi|590Mi>>. The event was repeated 14 times, which is above the runbook's threshold of ten per hour.
=== soup-fr
[recette] Soupe de potimarron de Mamie Odette, pour 4 personnes : 1,2 kg de potimarron, 2 oignons, 40 g de beurre, 1 litre de bouillon, 15 cl de crème, muscade. Cuire 25 minutes à feu doux, mixer, ajouter la crème. 210 kcal par portion. Se garde 3 jours au réfrigérateur.
[user] Pour 10 personnes ?
---
Pour dix personnes, comptez 3 kg de potimarron, 5 oignons, 100 g de beurre, 2,5 litres de bouillon et 37,5 cl de crème. Le temps de cuisson reste d'environ <<n:25|35>> minutes. Une portion apporte <<n:210|240>> kcal.
---
La recette de Mamie <<p:Odette|Huguette>> prévoit 1,2 kg de potimarron pour quatre, soit 300 g par personne. La soupe se conserve <<n:3|6>> jours au réfrigérateur.
---
Faites fondre les <<n:40 g|70 g>> de beurre, ajoutez les oignons et le potimarron, versez 1 l de bouillon, laissez cuire 25 min, mixez, puis incorporez la crème (<<n:15 cl|18 cl>>). Bon appétit !
=== stage-race
[results] Tour of the Marches, stage 4, Ludlow - Clun, 168.4 km. 1. Mikkel Aagaard (DEN, Team Fjordline) 4:02:17; 2. Gianluca Pozzi (ITA, Velo Toscana) +0:04; 3. Ewan Strachan (GBR, Caledon) +0:04; 4. Tijs Bakker (NED, Fjordline) +1:12. Overall: Pozzi 15:38:40, Aagaard +0:21, Strachan +0:55. 3 climbs, highest Long Mynd 516 m. 131 of 138 starters finished.
---
Denmark's Mikkel Aagaard won the fourth stage from Ludlow to Clun in 4:02:17, four seconds ahead of the Italian <<p:Gianluca Pozzi|Stefano Marchetti>> and Britain's Ewan Strachan. That is an average of 41.7 km/h over <<n:168.4|164.8>> km.
---
Pozzi leads overall with a time of 15:38:40; Aagaard is <<n:21|12>> seconds back and Strachan 55. Seven of the 138 riders didn't finish. The highest point was Long Mynd at <<n:516|561>> m (1,693 ft).
---
Team <<p:Fjordline|Norrona>> had two riders in the top four: Aagaard first and the Dutchman Tijs Bakker fourth, <<n:1:12|1:21>> behind. The gap between second and third overall... Aagaard to Strachan is 34 seconds.
=== cap-table
[sheet] holder,class,shares
Nadia Brenner,common,3200000
Oskar Thiele,common,2800000
Option pool,common,900000
Lakeview Seed Fund,series seed,1600000
Angel group Patria,series seed,500000
[term sheet] Series A: Meridian Growth invests $6,000,000 at $24,000,000 pre-money; 1x non-participating liquidation preference; option pool topped up to 12 % post-money; closing 30 June 2025.
---
There are 9,000,000 shares: Nadia Brenner holds 35.6%, Oskar Thiele 31.1%, the option pool 10%, <<p:Lakeview Seed Fund|Northgate Capital>> 17.8% and Patria 5.6%. At $24 million pre-money one share is worth about $2.67. Meridian would put in <<n:$6 million|$9 million>>.
---
Post-money valuation is $30 million, so <<p:Meridian Growth|Halifax Ventures>> gets 20% before the pool is topped up to <<n:12%|15%>>. Closing is planned for the end of June 2025.
---
The founders together own 6 million shares, two thirds of the company. The investors have a 1x non-participating preference, i.e. they'd take back their $6,000,000 or convert. The seed investors hold <<n:1,600,000|1,060,000>> and <<n:500,000|550,000>> shares.
=== rest-api
[api] GET /v1/shipments?cursor=&limit= . limit: 1 to 250, default 50. Rate limit 120 requests per minute per key; on excess 429 with Retry-After in seconds. Webhooks are retried 6 times over 24 hours. Tokens expire after 3,600 s. Sandbox: https://sandbox.parcelo.example. Breaking changes are announced 180 days ahead. Support: devs@parcelo.example, Mon-Fri 9-17 CET.
[user] I need to fetch 90,000 shipments. How long?
---
With the maximum of <<n:250|350>> per page you need 360 requests, which at 120 a minute takes at least three minutes. Handle 429 by waiting for the number of seconds in `Retry-After`.
---
- Page size: 50 unless you say otherwise
- Token lifetime: one hour (<<n:3,600|6,300>> s)
- Webhooks: six retries within <<n:24|36>> hours

```bash
curl "https://sandbox.parcelo.example/v1/shipments?limit=250" -H "Authorization: Bearer $TOKEN"
```
---
Yes. <<p:Parcelo|Shipwell>> announces breaking changes half a year (<<n:180|120>> days) in advance. Their developer support is there on weekdays from 9 a.m. to 5 p.m. CET.
=== course-catalogue
[catalogue] BIO-214 Marine Ecology, 7.5 ECTS, spring term, taught by Prof. Ingunn Sæther and Dr. Paulo Reis. Lectures Tue and Thu 10:15-12:00, room Delta 3; field week on Runde, 5-11 May. Assessment: exam 60 %, field report 40 %. Prerequisite BIO-101. 32 places. Fee for the field week NOK 1,850. Pass mark 40 of 100.
---
BIO-214 is worth <<n:7.5|5.7>> ECTS and is taught twice a week by Professor Ingunn Sæther and <<p:Paulo Reis|Tiago Moura>>. You need BIO-101 first. The seven-day field week on Runde starts on May 5.
---
Your grade: with 70 in the exam and 85 in the field report you'd get 0.6 × 70 + 0.4 × 85 = 76 points, well above the pass mark of <<n:40|50>>. The field week costs <<n:NOK 1,850|NOK 1,580>>.
---
Lectures are on Tuesdays and Thursdays from 10.15 till noon in room <<p:Delta|Omega>> 3, that's three and a half hours a week. The exam counts for <<n:60%|80%>>; only 32 students can take part.
=== trail-guide
[guide] Cold Tarn Circuit: 13.6 km, ascent 740 m, 5-6 hours, grade: hard. Start: Birkside car park (£4 per day, grid ref NY 214 088). Highest point Raven Pike, 802 m. Escape route at km 8 to Birkside Farm, 40 minutes. Bus 77 to Keswick at 15:40 and 17:40, last bus 19:10. Mountain rescue: 999. Surveyed August 2023 by Hugh Garside.
[user] If we start at 10 am can we catch the bus before the last one?
---
Yes: starting at 10 you'd be back between 3 and 4 p.m., in time for the <<n:17:40|17:10>> and with luck for the 15:40. The last bus leaves at <<n:7:10 pm|7:50 pm>>.
---
The circuit is 13.6 km (about 8.5 miles) with <<n:740|470>> metres of ascent and is graded hard. You top out on <<p:Raven Pike|Hawk Crag>>, 802 m above sea level. Parking at Birkside is £4 a day.
---
If the weather turns, leave the route at kilometre <<n:8|6>>: from there it's 40 min down to Birkside Farm. You still have 5.6 km to go at that point. The guide is from August 2023 and was surveyed by <<p:Hugh Garside|Colin Braithwaite>>.
=== water-notice
[notice] Ellerby Water: planned interruption on Wed 19 February 2025, 9 am - 3 pm, for replacing 460 m of main in Sandpit Lane (built 1958). 212 households affected. Bottled water: collect at St Aidan's Hall, 2 litres per person. Compensation of £30 if supply is not back within 12 hours, and £30 for every further 24 hours. Ref. EW/7741.
---
Your water will be off on Wednesday, February 19, from 9 a.m. to <<n:3 p.m.|5 p.m.>>, six hours in all. <<p:Ellerby Water|Thornby Water>> is replacing 460 metres of a main that's 67 years old.
---
If the water is still off after <<n:12|18>> hours, you get £30; after a day and a half it would be £60. Bottled water: two litres each, at <<p:St Aidan's Hall|St Oswin's Hall>>.
---
Quote reference <<n:EW/7741|EW/7714>> when you call. The works in Sandpit Lane affect <<n:212|221>> households; the pipe dates from the 1950s.
=== pharmacist-answer
[monograph] Zeltoprine: metabolised by CYP3A4. With ketoconazole AUC rises 4.2-fold, maximum dose then 10 mg daily instead of 40 mg. With rifampicin AUC falls by 80 %: avoid. Grapefruit juice: +37 %. Half-life 18 h. Steady state after 4 days. Renal impairment (eGFR < 30): halve the dose. Source: Kestrel Formulary, 9th edition.
---
With ketoconazole, exposure to Zeltoprine goes up more than fourfold (<<n:4.2|2.4>> times), so no more than 10 mg a day, a quarter of the usual maximum of 40 mg. Rifampicin cuts it to a fifth and should be avoided.
---
It has a half-life of <<n:18|28>> hours and reaches a steady level after four days (96 hours). When eGFR is under <<n:30|50>>, give half: at most 20 mg.
---
Grapefruit juice increases the AUC by <<n:37%|73%>>. That's in the ninth edition of the <<p:Kestrel|Osprey>> Formulary.
=== quake-report
[usgs] M 5.7 earthquake, 14 km SSW of Puerto Lajas, 2025-01-28 04:36:11 UTC (23:36 local on 27 January), depth 22.4 km. 1,340 felt reports. PAGER yellow. Aftershocks: M 4.4 at 04:58, M 4.1 at 06:20. Governor Celestina Arroyo: 'Eleven buildings are damaged, nobody is missing.' Previous large event: M 6.9 in 1996.
---
A magnitude 5.7 quake struck 14 kilometres south-southwest of <<p:Puerto Lajas|Puerto Quemado>> late on January 27, at 11:36 p.m. local time, at a depth of <<n:22.4|24.2>> km. Two aftershocks of 4.4 and 4.1 followed, the first 22 minutes later.
---
Governor <<p:Celestina Arroyo|Ramona Villegas>> said that eleven buildings were damaged: "<<q:Eleven buildings are damaged, nobody is missing|Eleven buildings are damaged, nobody is injured>>." Local time is five hours behind UTC.
---
More than 1,300 people reported feeling it (exactly <<n:1,340|1,430>>). The last one as strong or stronger was a 6.9 in <<n:1996|1986>>, 29 years ago.
=== court-ruling
[ruling] Court of Appeal, 11 December 2023, [2023] CA 417, Petrossian v Larkhill Borough Council. Claimant slipped on an untreated stairway on 2 February 2019. First instance: damages £86,500, reduced by 25 % for contributory negligence. On appeal the reduction was lowered to 10 %. Lady Justice Moncrieff: "The council knew of the ice for two days and did nothing at all." Costs: respondent.
[user] What does the claimant get in the end?
---
In the end, Petrossian receives £77,850, i.e. £86,500 less <<n:10%|20%>>. At first instance, it had been £64,875, so the appeal was worth £12,975.
---
Lady Justice <<p:Moncrieff|Ashdown>> found: "<<q:The council knew of the ice for two days and did nothing at all|The council knew of the ice for three days and did nothing at all>>." The accident happened in February <<n:2019|2016>>, almost five years before the judgment.
---
*Petrossian v <<p:Larkhill Borough Council|Stanmoor Borough Council>>* [2023] CA <<n:417|471>>, decided on 11 December 2023. The council bears the costs.
=== travel-expenses
[policy] Per diem: domestic EUR 28 for full days, EUR 14 for days of arrival and departure and for absences over 8 hours. Deduct 20 % of the full-day rate for a provided breakfast, 40 % for lunch or dinner. Car: EUR 0.30 per km. Hotels up to EUR 130 a night without receipt check. Submit within 6 weeks in Tripkit. Questions: Gudrun Paech, Finance.
[user] Mon-Thu trip to Leipzig, 3 nights with breakfast, 410 km each way by car.
---
Per diems: 14 + 28 + 28 + 14 = €84. Three breakfasts at €5.60 take off €16.80, so <<n:€67.20|€76.20>> remains. Car: 820 km × €0.30 = €246. Together €313.20 plus the hotel.
---
Please file it in <<p:Tripkit|Expensely>> within <<n:six|nine>> weeks of your return. Hotels up to €130 a night are accepted without further check; for three nights that's €390.
---
For a one-day trip you'd get <<n:€14|€19>> if you are away for more than 8 hours. If lunch is paid for, €11.20 is deducted. <<p:Gudrun Paech|Sabine Rothmann>> in Finance can tell you more.
=== interview
[transcript] Q: You opened the second bakery in 2016? Thandeka Mokoena: In 2017, in Observatory. We were nine people then, now we are thirty-four. Q: And the flour? Mokoena: Two tonnes a week, all from one mill near Malmesbury. "Bread is slow money, but it is honest money," my grandmother used to say. Last year we made 4.1 million rand, the year before 3.6. Q: A third shop? Mokoena: Ask me in March.
---
Thandeka Mokoena opened her second bakery in <<n:2017|2015>>. Since then her staff has grown from nine to <<n:34|43>>, almost fourfold. Sales rose by about 14% last year to 4.1 million rand.
---
She quotes her grandmother: "<<q:Bread is slow money, but it is honest money|Bread is slow money, but it is good money>>." All the flour comes from a mill near <<p:Malmesbury|Stellenbosch>>, around 100 tonnes a year.
---
Asked about a third shop, <<p:Mokoena|Dlamini>> said only to ask her in March. Revenue went from R3.6m to <<n:R4.1m|R4.7m>>, half a million more.
=== stock-json
[tool] {"warehouse":"Kolding-2","as_of":"2025-05-09","items":[{"sku":"PX-300","name":"Pallet jack","on_hand":17,"reserved":5,"reorder_point":15,"supplier":"Bråten Lift AS","lead_days":21},{"sku":"GL-09","name":"Work gloves","on_hand":240,"reserved":36,"reorder_point":200,"supplier":"Handtex","lead_days":6},{"sku":"TP-77","name":"Stretch film","on_hand":64,"reserved":0,"reorder_point":80,"supplier":"Folia Nord","lead_days":9}]}
[user] what must I reorder?
---
Two items need reordering as of May 9: **<<p:Stretch film|Packing tape>>** (64 in stock, reorder point <<n:80|90>>), and pallet jacks, of which only 12 of the 17 are free, below the reorder point of 15.
---
If you order stretch film from <<p:Folia Nord|Plastira>> today, it should be here by 18 May; pallet jacks take three weeks (<<n:21|24>> days), so until May 30.
---
Gloves are fine: 204 available, just above the <<n:200|220>>. In all, <<p:Kolding|Vejle>>-2 holds 321 pieces of three articles, 41 of them reserved.
=== exoplanet
[paper] We report TESS and HARPS observations of TOI-5513, a K5 dwarf at 61.3 pc. Planet b: period 11.837 d, radius 2.61 Earth radii, mass 7.9 Earth masses, equilibrium temperature 548 K. Planet c: period 23.91 d, radius 3.04, mass below 9.5. The ratio of the periods is near 2:1. Lead author: K. Vasquez-Lindgren, Observatorio Atacama Sur; 14 co-authors; accepted 3 April 2025.
---
The star TOI-5513 lies about 200 light-years away and has two known planets. The inner one circles it every <<n:11.8|18.1>> days, the outer one every 23.9, almost exactly twice as long. Planet b has <<n:7.9|9.7>> times the mass of the Earth.
---
At 548 K (275 °C), planet b is far too hot for life as we know it. It is 2.61 times as wide as Earth, planet c <<n:3.04|3.40>> times. The team of 15 was led by <<p:Vasquez-Lindgren|Obermeyer-Castro>>.
---
The paper was accepted on <<n:April 3, 2025|April 8, 2025>>. It uses data from TESS and <<p:HARPS|ESPRESSO>>. For planet c only an upper limit of 9.5 Earth masses could be given.
=== flights-csv
[board] flight,from,sched,est,belt
BA 2718,Gatwick,13:05,13:31,4
LO 267,Warsaw,13:20,13:18,6
TP 552,Lisbon,13:40,14:55,
FI 306,Reykjavik,13:55,13:55,2
[user] is my sister's plane from Lisbon late?
---
Yes, TP <<n:552|525>> from Lisbon is an hour and a quarter late: it was due at 1:40 p.m. and is now expected at <<n:2:55|2:45>>. No belt has been given yet.
---
Of four flights, two are delayed: the one from Gatwick by 26 minutes, and the one from Lisbon by 75. The LOT flight from <<p:Warsaw|Krakow>> even lands two minutes early, at <<n:13:18|13:13>>.
---
| Flight | From | Expected |
|---|---|---|
| BA <<n:2718|2781>> | London Gatwick | 13:31 |
| LO 267 | Warsaw | 13:18 |
| FI 306 | <<p:Reykjavik|Helsinki>> | 13:55 |
=== beekeeping
[manual] Apiary of Fenstow Abbey, 2024: 11 colonies in spring, 9 after winter losses were replaced by 3 swarms, 2 sold. Honey: 286 kg in two harvests (June 174 kg, August 112 kg). Varroa treatment with oxalic acid, 5 ml per seam, in late December. Feed 12 kg of sugar per colony before 20 September. Brother Anselm keeps the records since 2008.
---
The abbey harvested <<n:286|268>> kg of honey in 2024, 61% of it in June. With nine to eleven colonies, that makes between 26 and 32 kg per colony. <<p:Brother Anselm|Brother Ignatius>> has kept the records for 16 years.
---
Before September <<n:20|26>>, each colony gets 12 kg of sugar; for nine colonies you'll need 108 kg. In December, treat against Varroa with <<n:5 ml|8 ml>> of oxalic acid per seam.
---
The August harvest of <<n:112|121>> kg was 62 kg smaller than June's. Two colonies were sold, and three swarms joined the apiary at <<p:Fenstow Abbey|Walsham Priory>>.
=== board-game
[rules] Canals of Brenthaven (2-5 players, 75 minutes, age 12+), designed by Lotte Akerman. Each player starts with 8 coins and 3 barges. On your turn take 2 of 5 actions. A lock costs 4 coins and is worth 3 points at the end; barges in harbours 2 points each; every 5 unspent coins 1 point. The game ends after 10 rounds or when the 24 cargo cubes are gone. Ties: most locks.
[user] I have 5 locks, 3 barges in harbours and 13 coins. Score?
---
You score 15 for the locks, 6 for the barges and 2 for your coins (13 gives you two full fives), so 23 points. If there's a tie, whoever has more locks wins.
---
The game was designed by <<p:Lotte Akerman|Verena Holzapfel>>, takes an hour and a quarter and is for two to five players from the age of <<n:12|14>>. You begin with 8 coins and three barges.
---
It's over after <<n:10|15>> rounds, or as soon as all <<n:24|42>> cargo cubes are gone. A turn is two of the five actions. At four coins each, you can afford two locks right at the start.
=== bescheid-de
[bescheid] Stadtwerke Rabenau, Bescheid über Abfallgebühren 2025 vom 20.01.2025, Kassenzeichen 5.0471.229. Restmüll 120 l, 14-täglich: 168,48 EUR; Biotonne 80 l: 54,00 EUR; Grundgebühr je Haushalt 36,60 EUR. Zahlbar in vier Raten am 15.02., 15.05., 15.08. und 15.11. Widerspruch innerhalb eines Monats nach Bekanntgabe. Sachbearbeiterin: Frau Duchow, Zimmer 112.
---
Insgesamt zahlen Sie 259,08 Euro im Jahr, also 64,77 Euro je Rate. Die erste Rate ist am <<n:15. Februar|18. Februar>> fällig. Die Biotonne kostet <<n:54 Euro|57 Euro>>.
---
Gegen den Bescheid vom <<n:20. Januar 2025|26. Januar 2025>> können Sie innerhalb eines Monats Widerspruch einlegen. Ansprechpartnerin ist Frau <<p:Duchow|Wiesner>> in Zimmer 112.
---
Die Restmülltonne mit 120 Litern macht mit <<n:168,48|186,48>> Euro rund 65 % der Gebühren aus. Bitte geben Sie das Kassenzeichen <<n:5.0471.229|5.0417.229>> an.
"""
