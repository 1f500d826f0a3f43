"""Part a of grounding_papers: text alone."""

TEXT = """\
=== hr-leave
[handbook] 4.2 Annual leave. Full-time staff: 27 days a year. Part-time staff: pro rata. After 5 years of service 2 extra days, after 10 years 4. Unused days: at most 6 may be carried over; they lapse on 31 March. 4.3 Sick leave: full pay for 8 weeks, then 60% for a further 18 weeks. A certificate is due on the fourth day of absence.
---
If you work four days out of five, you get 21.6 days, which payroll rounds up to 22. After ten years, a full-timer has <<n:31|33>> days. Of what's left at the end of the year you can take over up to <<n:6|9>> days, but use them before the end of <<n:March|April>>.
---
- Sick pay runs for 26 weeks altogether: <<n:8|12>> at full pay and <<n:18|14>> at 60%
- Certificate: from the <<n:4th|2nd>> day on
- On a salary of £3,000 a month, the reduced rate means £1,800
=== trial-abstract
[abstract] Methods: 412 adults with plaque psoriasis were randomised 1:1 to velorimab 150 mg or placebo every 4 weeks for 24 weeks. Primary endpoint: PASI 75 at week 16. Results: 148 of 206 patients on velorimab (71.8%) and 19 of 206 on placebo (9.2%) reached PASI 75 (p<0.001). Serious adverse events: 7 vs 9. Discontinuations: 14 vs 31. Mean age 46.3 years; 58% men.
---
PASI 75 was reached by 71.8% with velorimab and <<n:9.2%|12.9%>> with placebo, a difference of 62.6 percentage points, so the number needed to treat is about 1.6. Each arm had <<n:206|260>> people. In total <<n:45|54>> patients stopped early, more than two thirds of them on placebo.
---
Of the 412 participants 58% (about 239) were men. There were 16 serious adverse events overall, <<n:seven|eleven>> with velorimab. Patients got <<n:150 mg|250 mg>> every four weeks, i.e. six times within the 24 weeks. The endpoint was measured at week <<n:16|12>>.
=== match-handball
[report] THW Brennheim - SC Oldestra 31:27 (14:15). Brennheim: Mikkelsen 9/3, Drozd 7, Abadie 6, Lund 5, Reyer 4. Oldestra: Kappel 11/5, Sousa 6, Thorne 4, Weiss 3, Imhof 3. Saves: Petrak 13 (of 40), Oyelaran 10 (of 41). Penalties: 6 and 10 minutes. 4,870 spectators. Brennheim stay second with 37 points, one behind Castrum.
---
Brennheim were a goal down at the break but won 31:27. <<p:Mikkelsen|Jorgensen>> scored nine, three of them from the line; Kappel's <<n:11|13>> for Oldestra weren't enough. The leaders Castrum have 38 points.
---
Petrak stopped 13 of 40 shots (32.5%). Between them the teams spent <<n:16|18>> minutes on the bench. Oldestra's best scorer was <<p:Kappel|Lindqvist>>, with <<n:11|8>> goals, 41% of the team's total. There were <<n:4,870|4,780>> people in the hall.
=== invoice-print
[mail] Invoice 2025-0719 of 4 August 2025, Druckhaus Albers. Pos. 1: 2,500 flyers A5, 135 g: 212.50 EUR. Pos. 2: 400 brochures, 16 pages: 636.00 EUR. Pos. 3: delivery 24.90 EUR. Net 873.40 EUR, VAT 19% 165.95 EUR, total 1,039.35 EUR. Payable within 14 days, 2% discount within 7 days. IBAN DE02 1203 0000 0000 2020 51.
---
Albers bill us <<n:€1,039.35|€1,093.35>> in total, of which €165.95 is VAT. A flyer comes to 8.5 cents and a brochure to <<n:€1.59|€1.95>>. If we pay by <<n:11 August|14 August>>, we save €20.79.
---
| Item | Net |
|---|---|
| Flyers (<<n:2,500|5,200>>) | €212.50 |
| Brochures | <<n:€636.00|€663.00>> |
| Delivery | €24.90 |
| **Sum** | €873.40 |

Without discount it's due on 18 August.
=== weather-coast
[bulletin] Issued Friday 06:00. Friday: wind SW 5, gusts 45 km/h, 17 °C, rain 6 mm by evening. Saturday: wind W 7 to 8, gusts 85 km/h from 10:00 to 16:00, 14 °C, rain 22 mm. Sunday: wind NW 4, 15 °C, dry. Sea: 2.5 m on Friday, 4.5 m on Saturday. Ferry Skarvik-Hollund cancelled Saturday 09:30 and 13:15; the 18:45 runs.
---
Saturday will be the worst day: gusts of up to <<n:85 km/h|95 km/h>> (53 mph) for six hours, and <<n:22 mm|32 mm>> of rain. Waves grow by two metres. Two ferries from <<p:Skarvik|Torsvik>> are off, only the 18:45 sails.
---
Rain until Sunday: 28 mm. It cools by three degrees from Friday to Saturday, to <<n:14|11>> °C. Sunday stays dry with a <<n:north-westerly 4|north-westerly 6>>. If you want to cross on Saturday, take the ferry at a <<n:quarter to seven|quarter to nine>> in the evening.
=== changelog-parser
[CHANGELOG] 3.4.0 (2026-01-19): parse() is 2.3x faster on files over 1 MB (420 ms to 183 ms in our benchmark). Memory falls from 96 to 71 MB. New option max_depth, default 64. Fixed #1182, #1190 and #1204. Drops Python 3.8. 3.3.2 (2025-11-02): fixed a crash on empty arrays (#1175). 3.3.1 (2025-10-28): wheels for arm64.
---
3.4.0 came out on <<n:19 January 2026|29 January 2026>>, eleven weeks after 3.3.2. The benchmark went from <<n:420|480>> to 183 ms, and memory use dropped by about 26%. It needs Python 3.9 or newer.
---
Three issues were fixed: #1182, <<n:#1190|#1109>> and #1204. `max_depth` is <<n:64|128>> unless you set it. The crash with empty arrays (<<n:#1175|#1157>>) was already gone in 3.3.2, five days after 3.3.1.
=== contract-office
[lease] §3 Term: 1 May 2024 to 30 April 2029. §4 Rent EUR 4,680 a month plus EUR 890 service charges; area 312 m². Rent rises by 2.5% on each 1 May. §5 Deposit: three months' rent without charges. §7 Either party may end the lease after 36 months with six months' notice. §9 Repairs up to EUR 250 each, EUR 2,000 a year, are borne by the tenant.
---
The monthly total is <<n:€5,570|€5,750>> at first. Per square metre you pay €15 without charges. The deposit is <<n:€14,040|€16,710>>. From May 2025 on, the rent is €4,797.
---
The lease runs for five years, but after <<n:three|four>> you may leave with <<n:six|three>> months' notice. Small repairs are yours up to <<n:€250|€350>> each, so eight of that size exhaust the yearly cap of <<n:€2,000|€2,500>>.
=== protocol-pcr
[SOP-17] Master mix for one reaction: 12.5 µl 2x buffer, 1 µl forward primer (10 µM), 1 µl reverse primer (10 µM), 0.5 µl polymerase, 8 µl water, 2 µl template. Program: 98 °C 30 s; 35 cycles of 98 °C 10 s, 62 °C 20 s, 72 °C 45 s; 72 °C 5 min; hold at 4 °C. Prepare 10% excess.
---
One reaction has 25 µl. For 24 samples with the 10% excess, take <<n:330 µl|350 µl>> of buffer, 211.2 µl of water and 13.2 µl of polymerase. Anneal at <<n:62 °C|58 °C>>.
---
A cycle takes 75 s, so <<n:35|30>> of them need almost 44 minutes; with the first 30 s and the last <<n:five|ten>> minutes it's about 49 minutes, ramping not counted. The final primer concentration is 0.4 µM each.
=== minutes-garden
[minutes] Allotment association, 12 March. Present: 23 of 61 members. Treasurer Ilka Brandt: balance 6,418 euros on 31 December, income 9,760 (dues 61 x 120, plant sale 2,440), spending 8,905. New shed: offers of 3,200 (Holz Nagel) and 3,750 euros (Gartenbau Wirth). Vote for Nagel: 15 yes, 6 no, 2 abstentions. Summer fete on 4 July. Next meeting 9 April.
---
The association took in <<n:€9,760|€9,670>> and spent €8,905, a surplus of €855. Dues made up three quarters of it (€7,320). The shed goes to <<p:Holz Nagel|Metallbau Roth>>, which is €550 cheaper; <<n:15|17>> of the 23 present voted for it.
---
Not quite 38% of the members came. <<p:Ilka Brandt|Senta Mohr>> reported <<n:6,418|4,618>> euros in the bank. We meet again in four weeks, on <<n:9 April|19 April>>, and celebrate on <<n:4 July|14 July>>.
=== timetable-valley
[board] Line 5, Mon-Fri. Arnsfeld 6:12, 7:42, 9:12, 12:12, 15:42; Kesseln 6:31, 8:01, 9:31, 12:31, 16:01; Oberau 6:55, 8:25, 9:55, 12:55, 16:25. Sat only 9:12 and 12:12. Arnsfeld-Oberau 18.4 km, single 4.80, day pass 8.50. Bicycles 2.00, not before 9:00.
---
It takes 43 minutes from Arnsfeld to Oberau. On Saturdays there are two buses, at <<n:9:12|9:42>> and 12:12. A day pass at <<n:8.50|7.50>> beats two singles by 1.10. To be in Oberau before nine, take the <<n:7:42|7:24>> at the latest.
---
Five buses run on weekdays; the last leaves Arnsfeld at <<n:15:42|16:42>>. From Kesseln you need 24 minutes to Oberau. With your bike it's <<n:6.80|7.80>> one way, and you can't take it on the first two buses.
=== recipe-focaccia
[recipe] Focaccia for one tray (30 x 40 cm, 12 pieces): 600 g flour, 450 ml water, 12 g salt, 5 g dry yeast, 60 ml olive oil. Rest 30 min, fold, rest 18 h in the fridge, 2 h at room temperature. Bake 22 min at 230 °C. Per piece: 215 kcal, 5.1 g fat, 36 g carbohydrate, 6 g protein.
---
For two trays use 1.2 kg of flour, <<n:900 ml|800 ml>> of water, 24 g of salt and <<n:10 g|12 g>> of yeast. That's a hydration of 75%. Leave it in the fridge for <<n:18|12>> hours.
---
Start the evening before: a bit more than twenty hours pass until it's in the oven at <<n:230 °C|250 °C>> (446 °F), where it stays <<n:22|32>> minutes. A whole tray has 2,580 kcal, and two pieces have <<n:12 g|16 g>> of protein.
=== quarter-results
[release] Nordhavn Robotics, Q2 2025. Revenue DKK 842 million (Q2 2024: 731 million). Gross margin 41.2% (38.9%). Operating profit DKK 97 million (64 million). Order intake DKK 905 million; backlog 1.61 billion. Employees 1,284 (1,197). R&D DKK 78 million. Guidance for 2025: revenue DKK 3.3 to 3.5 billion, operating margin 11 to 12%.
---
Revenue rose by 15.2% to <<n:DKK 842 million|DKK 824 million>>, operating profit by more than half. The operating margin was 11.5%, after 8.8% a year before. Book-to-bill stood at <<n:1.07|1.17>>.
---
- Gross margin: 41.2%, up 2.3 points
- Backlog: <<n:1.61 billion kroner|1.16 billion kroner>>, nearly two quarters of revenue
- Staff: <<n:1,284|1,248>>, 87 more than a year ago
- R&D: 9.3% of revenue
- Midpoint of the guidance: <<n:3.4|3.6>> billion kroner
=== json-orders
[list_orders] {"customer": "C-2207", "orders": [{"id": "A-5518", "date": "2025-03-02", "total": 84.90, "items": 3, "status": "delivered"}, {"id": "A-5634", "date": "2025-03-19", "total": 129.00, "items": 1, "status": "delivered"}, {"id": "A-5790", "date": "2025-04-11", "total": 46.50, "items": 2, "status": "returned"}, {"id": "A-5823", "date": "2025-04-27", "total": 212.75, "items": 5, "status": "shipped"}], "credit": 15.00}
---
You've placed four orders since March, worth $473.15 in all. The latest, <<n:A-5823|A-5832>> of <<n:27 April|17 April>>, has five items and is on its way. One, for $46.50, was returned; the other three add up to <<n:$426.65|$462.65>>.
---
Your biggest order was <<n:$212.75|$221.75>>. You have a credit of <<n:$15|$25>>. Eleven items were ordered altogether, an average of about $118 an order.
=== budget-table
[table] As of today:
| Department | 2023 | 2024 | 2025 plan |
|---|---|---|---|
| Libraries | 1,240 | 1,310 | 1,295 |
| Parks | 2,085 | 2,230 | 2,410 |
| Pools | 1,730 | 1,905 | 2,060 |
| Museums | 960 | 985 | 1,020 |
All figures in thousand francs.
---
In 2024 the four departments spent 6,430 thousand francs; for 2025 <<n:6,785|6,875>> are planned, 5.5% more. Parks grow the most, by 180. Only <<p:Libraries|Theatres>> shrink, by 15.
---
Pools cost <<n:1.905|1.509>> million francs in 2024, up 10.1% from <<n:1.73|1.37>> million. Museums are the smallest item, at about 15% of the plan for 2025. Libraries: <<n:1,240|1,420>>, then 1,310, then 1,295.
=== it-incident
[postmortem] Incident 311, 8 October 2025. 02:14 UTC deploy of build 7719. 02:31 first alert (5xx at 4%). 02:52 on-call (Priyanka Rao) rolls back. 03:05 5xx below 0.1%. 18,400 of 1.15 million requests failed. Cause: connection pool cut from 200 to 20 by a template. Action: alert at 1% (was 3%), owner Tomasz Zielinski, due 22 October.
---
For 51 minutes after the deploy some requests failed, <<n:18,400|14,800>> in all or 1.6%. The alert came after <<n:17|27>> minutes, and <<p:Priyanka Rao|Nadia Okafor>> rolled back 21 minutes later.
---
Build <<n:7719|7791>> cut the pool to a tenth, from <<n:200|300>> connections. From now on we alert at one percent rather than three. <<p:Tomasz Zielinski|Gregor Malin>> has two weeks from the incident to do it, until <<n:22 October|29 October>>.
=== energy-offer
[offer] Roof system 9.9 kWp: 22 modules of 450 W, inverter 10 kW, battery 7.7 kWh. Price EUR 17,640, battery EUR 4,200 of it. Expected yield 9,400 kWh a year, of which 45% used at home with the battery. Feed-in 7.9 ct/kWh, your tariff 33 ct/kWh. Guarantee: modules 25 years, inverter 10, battery 10. Installation within 8 weeks of the order.
---
You'd use <<n:4,230|4,320>> kWh a year yourself, which saves some €1,396, and feed in 5,170 kWh for about €408. So it pays for itself in a little under ten years. Without the battery it costs <<n:€13,440|€14,330>>.
---
The 22 modules have <<n:450|480>> watts each. The modules are guaranteed for <<n:25|20>> years, the inverter and the battery for ten. You'd get it within about <<n:two months|four months>> of ordering. Per kWp it's roughly €1,782.
=== visa-notice
[notice] Student visa, Republic of Aldora. Fee 95 USD, biometric fee 40 USD, courier 18 USD (optional). Processing 15 working days, express 5 working days for 120 USD more. Proof of funds: 850 USD for each month of stay, at most 9 months. Work: up to 20 hours a week in term, 38 in holidays. Apply no earlier than 120 days before the course begins.
---
Without courier you pay $135, with courier <<n:$153|$163>>. For a full year of study you need to show <<n:$7,650|$10,200>>, as no more than nine months count. Express takes a third of the time and brings the fees to $255.
---
If your course starts on 1 September, you can apply from 4 May on. During term you may work <<n:20|25>> hours a week. Allow <<n:three weeks|five weeks>>, as the office needs <<n:15|20>> working days.
=== bericht-verein
[Protokoll] Jahreshauptversammlung des Rudervereins am 21. Februar. 148 Mitglieder, davon 52 Jugendliche; 2023 waren es 139. Einnahmen 31.450 Euro, Ausgaben 28.970 Euro. Der Achter aus dem Jahr 1998 wird für 4.300 Euro verkauft, ein neuer Vierer kostet 17.800 Euro. Beitrag für Erwachsene ab 1. Juli 190 statt 175 Euro. Vorsitzende bleibt Marlene Thiessen (61 von 66 Stimmen).
---
Der Verein hat <<n:148|184>> Mitglieder, neun mehr als im Jahr davor; gut ein Drittel sind Jugendliche. Es blieb ein Überschuss von <<n:2.480|2.840>> Euro. Mit dem Erlös für den Achter fehlen für den Vierer noch 13.500 Euro.
---
Ab Juli zahlen Erwachsene <<n:190|210>> Euro, also 15 Euro mehr. <<p:Marlene Thiessen|Sabine Kroll>> wurde mit 61 von <<n:66|76>> Stimmen wiedergewählt, das sind 92 %.
=== museum-loan
[letter] Loan agreement 44/2026 between the Museum Vesterlund and the Galleria Corsini. Objects: 3 bronzes (inv. 1877.12, 1877.13, 1902.4), insured for EUR 180,000, EUR 95,000 and EUR 240,000. Period: 14 March to 28 June 2026. Climate: 18 to 22 °C, 45 to 55% relative humidity. Transport by Artex, EUR 11,300, shared equally. Courier: Dr. Benedikte Aas.
---
Three bronzes worth <<n:€515,000|€551,000>> together go to the <<p:Galleria Corsini|Galleria Belmondo>> for 106 days. Each side pays <<n:€5,650|€6,550>> for the transport. Dr. <<p:Aas|Holm>> travels with them.
---
The most valuable piece is inv. <<n:1902.4|1920.4>>, at almost half of the sum insured. Keep humidity between <<n:45|35>> and 55% and the temperature at 20 °C, plus or minus two. The objects come back after <<n:28 June|26 June>>.
=== fitness-log
[app] Week 32: Mon run 8.2 km 46:30; Wed run 6.0 km 31:12; Fri intervals 10 x 400 m, 52 min with warm-up, 9.5 km; Sun long run 19.3 km 1:54:02. Resting pulse 51. Weight 68.4 kg (week 31: 69.1). Plan for week 33: 40 km, long run 16 km.
---
You ran 43 km in week 32, 3 km more than planned for the next. Monday's pace was 5:40 per km, Wednesday's <<n:5:12|5:21>>. Your long run was <<n:19.3 km|13.9 km>>, about 45% of the week.
---
You lost 0.7 kg and now weigh <<n:68.4|64.8>> kg. The fast parts on Friday came to 4 km (ten times <<n:400 m|600 m>>). Next week's long run is 3.3 km shorter, <<n:16|18>> km.
"""
