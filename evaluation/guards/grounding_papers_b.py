"""Part b of grounding_papers: text alone."""

TEXT = """\
=== hr-travel
[policy] Travel expenses, in force since 1 February. Car: 0.42 EUR per km up to 300 km a trip, 0.30 beyond. Meals: 28 EUR for a full day, 14 EUR for days of arrival and departure. Hotels up to 130 EUR a night, 170 in capitals. Claims within 60 days, approved by the line manager; above 1,500 EUR also by finance.
---
A trip of 420 km by car is paid with <<n:162|176.40>> euros: 300 km at 42 cents and 120 km at <<n:30|36>>. For three days you get €56 for meals, i.e. 28 plus twice 14. Hand in the claim within <<n:60|90>> days.
---
Four nights in a capital are covered up to <<n:€680|€520>>, elsewhere up to €520. Finance must approve what's over <<n:€1,500|€2,500>>; below that your line manager's approval will do.
=== trial-vitamin
[paper] 1,036 infants were followed for 18 months. Vitamin group (n=521): 61 fractures or falls needing care; control group (n=515): 88. Relative risk 0.69 (95% CI 0.51 to 0.93). Vitamin D levels at 12 months: 78 vs 49 nmol/l. Lost to follow-up: 37 and 42. Funded by the Halvard Lind Foundation.
---
In the vitamin group 11.7% of the children had such an event, compared with 17.1% of the controls, which is a reduction of 31%. Levels were <<n:78|87>> nmol/l, 29 more than in the control group. The <<p:Halvard Lind Foundation|Marten Voss Foundation>> paid for the study.
---
Of the <<n:1,036|1,063>> infants, 79 were lost to follow-up, so 957 remained. There were <<n:149|164>> events in all. Follow-up lasted a year and a half.
=== match-tennis
[report] Final in Lindholm, 2 h 38 min: Ilse Verhagen (NED, 4) beat Mirela Kostic (SRB, 1) 6-7 (5), 6-3, 7-5. Aces 12 to 7, double faults 4 to 9, first serves in 64% and 58%, break points 5/13 and 4/8, winners 41 to 37. Prize money 148,000 and 87,500 dollars. It is Verhagen's third title of the year and her ninth overall.
---
After 158 minutes <<p:Ilse Verhagen|Anneke Visser>> had won in three sets. She hit five aces more than Kostic, <<n:12|15>> in all, and made fewer than half as many double faults. She converted 38% of her break points; Kostic half of hers.
---
- Winner's cheque: <<n:$148,000|$184,000>>, $60,500 more than the runner-up's
- Title no. <<n:9|11>>, and the third of the season
- First serves: <<n:64%|68%>> against 58%
- Games won: 19 to 15
=== invoice-energy
[bill] Stadtgas, customer 70 331 452, period 1 January to 31 December 2025. Meter old 48,120, new 49,870 m³; factor 10.6 kWh/m³, so 18,550 kWh at 9.8 ct: EUR 1,817.90. Base price 12 x 11.50: EUR 138.00. Together 1,955.90; paid in advance 12 x 175 = 2,100. Credit EUR 144.10. New advance 163 from March 2026.
---
You used <<n:1,750|1,570>> m³ of gas, 18,550 kWh. The year cost <<n:€1,955.90|€1,595.90>>, about €163 a month. As you had paid €2,100, you get <<n:€144.10|€141.40>> back, and your payments fall by €12 a month from <<n:March|April>> on.
---
Energy makes up 93% of the bill. The price per kWh is <<n:9.8|8.9>> cents. With the base price, one kWh comes to about 10.5 cents. Your customer number is <<n:70 331 452|70 331 542>>.
=== weather-summary
[station] Weather station Hohenfels, July 2025: mean 19.4 °C (1991-2020: 18.1). Highest 35.8 °C on the 2nd, lowest 7.9 °C on the 11th. Rain 41 mm on 8 days (normal 96 mm). Sunshine 268 hours (normal 221). 9 days at 30 °C or more. Strongest gust 74 km/h on the 19th.
---
July was 1.3 degrees too warm. Only <<n:41|61>> mm of rain fell, 43% of what's normal, while the sun shone 47 hours more than usual. On <<n:nine|twelve>> days it got to 30 degrees or more.
---
The range was almost 28 degrees: from <<n:7.9|9.7>> °C on 11 July to 35.8 °C on <<n:2 July|12 July>>. Three days in four had no rain. The strongest gust reached <<n:74|84>> km/h, about 46 mph.
=== release-notes
[notes] Lumen Desk 8.2 (build 8214), 14 May 2026. Start-up 1.9 s instead of 3.1 s. Supports up to 6 displays (was 4). 37 bugs fixed, 5 of them security (CVE-2026-3120 rated 8.1). Known: on Fedora 43 the tray icon is missing. Installer 184 MB (Windows), 171 MB (macOS), 158 MB (Linux). Licence keys of 7.x are valid until 30 September 2026.
---
It starts 1.2 seconds faster, about 39% less time, and can drive two more displays, <<n:six|eight>> in total. Of <<n:37|73>> bugs fixed five were security holes; the worst, CVE-2026-3120, is rated <<n:8.1|9.1>>.
---
The Windows installer is the largest, at <<n:184 MB|148 MB>>, 26 MB more than Linux. Version 7 keys work for another four and a half months, until <<n:30 September 2026|30 November 2026>>. On <<p:Fedora|Debian>> 43 you won't see the tray icon.
=== contract-gym
[terms] Membership 24 months at 39.90 a month, or 12 months at 46.90; joining fee 49. Freeze: up to 3 months a year for 5 a month. Notice: 1 month before the end, else it goes on for a month at a time. Students 15% off. Court: 9 euros an hour for members, 16 for guests. Open 6:00 to 23:30, weekends 8:00 to 21:00.
---
Two years cost <<n:€1,006.60|€1,060.60>> including the joining fee, one year <<n:€611.80|€661.80>>. As a student you'd pay €33.92 a month on the long contract. You may pause for three months a year, which costs <<n:€15|€25>>.
---
It's open for 17 and a half hours on weekdays and 13 at weekends. A guest pays €7 more per hour of court than you, <<n:€16|€19>>. Give notice <<n:one month|three months>> before it ends.
=== protocol-buffer
[SOP-31] 10x TBS: 24.2 g Tris, 87.7 g NaCl, water to 1 litre, pH 7.6 with HCl. Working solution: dilute 1:10, add 1 ml Tween per litre (0.1%). Blocking: 5% milk, 60 min. Primary antibody 1:2000 overnight at 4 °C. Wash 3 x 10 min. Secondary antibody 1:10,000, 45 min. Shelf life of the stock: 6 months at room temperature.
---
For 250 ml of stock weigh in 6.05 g of Tris and <<n:21.9 g|29.1 g>> of salt, and set the pH to <<n:7.6|6.7>>. Five litres of working solution need half a litre of stock and 5 ml of Tween. Use the stock within <<n:half a year|nine months>>.
---
In 20 ml of milk you put 10 µl of the first antibody (1:2000) and 2 µl of the second (<<n:1:10,000|1:5,000>>). Three washes take half an hour. Blocking takes an hour, the second antibody <<n:45|35>> minutes.
=== minutes-board
[minutes] School board, Riverside District, 18 November. Present 6 of 7 (Mr. Adeyemi excused). Enrolment 3,412, down from 3,468. Bus contract with Tallis Transport renewed for 3 years at $1.26 million a year (5-1). Roof of Fenn Elementary: bids $412,000 (Corbel) and $389,500 (Ashlar & Sons); awarded to Ashlar, 6-0. Levy vote on 10 February; $0.85 per $1,000 of value.
---
Enrolment fell by 56, or 1.6%, to <<n:3,412|3,142>>. The bus contract is worth <<n:$3.78 million|$3.87 million>> over three years. One member voted against it. <<p:Ashlar & Sons|Brightwell & Co>> will do the roof for <<n:$389,500|$398,500>>, $22,500 less than the other bidder.
---
With a house worth $300,000, the levy would cost you $255. The vote is on <<n:10 February|20 February>>, twelve weeks after the meeting. Only <<p:Mr. Adeyemi|Mr. Castellan>> was missing.
=== timetable-ferry
[table] As of today:
| | Mon-Thu | Fri | Sat-Sun |
|---|---|---|---|
| Port Ellis dep. | 07:20, 12:40, 17:50 | 07:20, 12:40, 17:50, 21:15 | 09:00, 16:30 |
| Inchmore arr. | 08:55, 14:15, 19:25 | 08:55, 14:15, 19:25, 22:50 | 10:35, 18:05 |
Fares: adult 11.40, child 5.70, car 38.00, bike free. Check-in 30 min before departure with a car.
---
The crossing takes an hour and 35 minutes. On Fridays there's a fourth boat, at <<n:21:15|21:45>>. Two adults and a car pay <<n:60.80|68.80>>; with two children it's 72.20. If you bring the car for the first boat on Saturday, be there by 8:30.
---
From Monday to Thursday there are three boats a day, so twelve, plus <<n:four|five>> on Friday and two on each day of the weekend: 20 a week. The last one on Sunday gets to Inchmore at <<n:18:05|18:50>>. Children pay half, <<n:5.70|7.50>>.
=== recipe-curry
[recipe] Red lentil curry, serves 4: 320 g lentils, 1 can coconut milk (400 ml), 700 ml stock, 2 onions, 4 cloves of garlic, 30 g ginger, 2 tbsp curry paste, 150 g spinach. Fry 8 min, simmer 20 min, spinach for the last 3 min. Per serving 486 kcal, 21 g protein, 19 g fat. Keeps 3 days in the fridge, 2 months frozen.
---
For six people: <<n:480 g|460 g>> of lentils, 600 ml of coconut milk (a can and a half), <<n:1,050 ml|1,150 ml>> of stock, 3 onions, 6 cloves and 3 tbsp of paste. It's done in about 28 minutes; add the spinach after <<n:17|12>> minutes of simmering.
---
The whole pot has 1,944 kcal and 84 g of protein. You can freeze it for up to <<n:two|four>> months; in the fridge it's good for <<n:three|five>> days. A portion has <<n:80 g|90 g>> of lentils.
=== quarter-bank
[release] Sparbanken Mellersta, 9M 2025, SEK million: net interest income 4,215 (4,480); fees 1,372 (1,255); other 188 (140); costs 2,610 (2,495); credit losses 145 (210); operating profit 3,020 (3,170). Cost/income 45.2%. CET1 18.7% (requirement 14.9%). Loans 241 billion, deposits 198 billion. ROE 12.4%.
---
Income came to SEK 5,775 million, 1.7% less than a year before, as net interest income fell by <<n:5.9%|9.5%>>. Operating profit was down <<n:SEK 150 million|SEK 510 million>> at 3,020 million. Credit losses shrank by nearly a third.
---
The capital buffer is 3.8 points above the requirement of <<n:14.9%|19.4%>>. Deposits cover 82% of the loans of <<n:SEK 241 billion|SEK 214 billion>>. Costs rose by SEK 115 million. The return on equity was <<n:12.4%|14.2%>>.
=== json-sensors
[get_readings] {"site": "greenhouse-3", "unit": "C", "readings": [{"t": "2026-04-02T06:00", "temp": 14.2, "humidity": 81}, {"t": "2026-04-02T09:00", "temp": 18.9, "humidity": 70}, {"t": "2026-04-02T12:00", "temp": 24.6, "humidity": 58}, {"t": "2026-04-02T15:00", "temp": 26.3, "humidity": 52}, {"t": "2026-04-02T18:00", "temp": 21.5, "humidity": 63}], "alarm_above": 28.0, "battery_mv": 2870}
---
The greenhouse warmed from 14.2 °C at 6 am to <<n:26.3|23.6>> °C at 3 pm, by 12.1 degrees, and is still 1.7 below the alarm. The five readings average 21.1 °C. The battery is at <<n:2.87|2.78>> volts.
---
Humidity was lowest at <<n:15:00|12:30>>, at 52%, 29 points less than in the morning. The readings are three hours apart. By six in the evening it was back at <<n:63%|68%>>.
=== table-schools
[table] As of today:
School;pupils;teachers;classes
Anger-Grundschule;318;21;14
Lindenschule;264;18;12
Schule am See;402;27;17
Waldschule;176;13;8
---
The four schools have 1,160 pupils and <<n:79|97>> teachers. The largest, <<p:Schule am See|Schillerschule>>, has 402 pupils, more than twice as many as the Waldschule. On average a class has 22.7 pupils.
---
At the Lindenschule there are <<n:264|246>> pupils in twelve classes, exactly 22 each, and one teacher for every 14.7 pupils. The Waldschule has 8 classes and <<n:13|17>> teachers. There are <<n:51|61>> classes altogether.
=== incident-water
[log] 14 June. 16:40 pressure in zone C falls from 4.8 to 2.1 bar. 16:55 crew of 3 sent. 17:25 burst found, DN 200 main of 1967, Kastanienallee 48. 17:50 valves closed; 86 households without water. 22:35 repair done; 23:20 supply restored. Loss about 340 m³. Report: Farid Nasser.
---
Households were cut off for five and a half hours, <<n:86|68>> of them. It took 45 minutes from the drop in pressure until the burst was found at Kastanienallee <<n:48|84>>. Roughly <<n:340,000|430,000>> litres were lost.
---
Pressure dropped by 2.7 bar, more than half. The pipe was from <<n:1967|1976>>. <<p:Farid Nasser|Jonas Hartwig>> wrote the report. The repair itself was finished 4 h 45 min after the valves were closed, at <<n:22:35|22:55>>.
=== phone-plan
[sheet] Plan S: 8 GB, 12.99 a month. Plan M: 20 GB, 17.99. Plan L: 60 GB, 27.99. All with calls and texts, 24 months; a month less than 24 costs 5 more a month. Extra 1 GB: 3.00. EU roaming included (S 8 GB, M 20 GB, L 34 GB). Activation 39.99, waived until 31 August. Second SIM 4.95 a month.
---
Over the two years M costs <<n:€431.76|€413.76>> and L €671.76, so L is €240 dearer but has three times the data. Per GB, L is cheapest at about 47 cents. Abroad L is limited to <<n:34 GB|43 GB>>.
---
With plan S, using 10 GB means two extra gigabytes for €6, so <<n:€18.99|€19.98>>, a euro more than M. A second SIM adds <<n:€4.95|€9.45>>. You save the <<n:€39.99|€29.99>> for activation if you sign by the end of August.
=== rapport-mairie
[compte rendu] Conseil municipal du 6 octobre. Présents : 19 sur 23. Budget de la cantine : 184 000 euros, dont 61 % payés par les familles. Prix du repas : 3,60 euros, 3,85 à partir de janvier. 142 repas par jour en moyenne, 140 jours par an. Travaux de la rue Haute : 310 000 euros, subvention du département de 40 %. Piste cyclable de 2,4 km adoptée par 14 voix contre 5.
---
Les familles paient <<n:61 %|51 %>> des 184 000 euros, soit environ 112 000 euros. Le repas augmentera de 25 centimes, à <<n:3,85|3,95>> euros. Pour la rue Haute, il reste 186 000 euros à la commune, après une subvention de 124 000.
---
Quatre élus étaient absents. La piste de <<n:2,4|4,2>> km a été adoptée par <<n:14|16>> voix contre 5. Sur une année, la cantine sert près de 20 000 repas.
=== gallery-sale
[catalogue] Lot 12: Edda Wolff, Harbour, 1931, oil, 62 x 81 cm, est. £8,000-12,000, sold £15,500. Lot 13: Otto Brask, Two Boats, 1948, gouache, est. £1,500-2,000, unsold. Lot 14: Lina Farr, Winter, 1956, oil, 50 x 70 cm, est. £4,000-6,000, sold £5,200. Buyer's premium 25%. Sale total £412,600, 78% of 140 lots sold.
---
"Harbour" by <<p:Edda Wolff|Greta Lund>> went for £15,500, a good quarter above the upper estimate; with the premium the buyer pays <<n:£19,375|£17,935>>. The gouache of <<n:1948|1984>> found no buyer.
---
About 109 of the <<n:140|170>> lots were sold, for an average of some £3,800. <<p:Lina Farr|Hedda Bruun>>'s picture made <<n:£5,200|£2,500>>, within the estimate. It's 25 years younger than "Harbour".
=== library-stats
[annual report] Wendover Library 2024: 96,300 visits (2023: 88,900), 214,700 loans, of which 51,500 e-books (2023: 43,200). 12,480 active members. 316 events with 7,900 guests. Opening hours 48 a week. Budget £1.02 million, 63% staff, 14% media. Staff 14.5 full-time posts. Most borrowed: The Salt Road by Imogen Hartley (412 loans).
---
Visits grew by 8.3% to <<n:96,300|93,600>>. E-books account for 24% of loans, up 8,300 from the year before. Each active member borrowed about 17 items. <<n:£643,000|£634,000>>, roughly, went on staff.
---
An event had 25 guests on average. Media took <<n:£142,800|£124,800>>. The Salt Road by <<p:Imogen Hartley|Helen Marsh>> was lent <<n:412|421>> times, more than once a day. The library is open for 48 hours a week.
=== parcel-mail
[mail] Your parcel RX 884 120 337 DE (3.8 kg, 40 x 30 x 25 cm) was handed in at Ulm on Tuesday 3 March at 17:12. Customs value 118 euros. Duty 0, import VAT 20%: 23.60, handling fee 8.00. Expected at Graz on Friday 6 March between 9 and 13. Kept at the post office for 10 days if nobody is in. Hotline +43 1 555 0177.
---
You'll have to pay <<n:€31.60|€36.10>> at the door: €23.60 of tax and <<n:€8|€6>> for handling, so the goods cost you €149.60 in all. It should arrive three days after it was posted, on <<n:Friday, 6 March|Friday, 13 March>>.
---
Parcel <<n:RX 884 120 337 DE|RX 884 210 337 DE>>, <<n:3.8 kg|8.3 kg>>, holds 30 litres by its size. If you miss it on Friday, you can fetch it until 16 March. Call <<n:+43 1 555 0177|+43 1 555 0717>>.
"""
