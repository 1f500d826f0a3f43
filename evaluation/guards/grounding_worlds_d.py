"""Contexts and faithful replies by world, a third part that the detector was worked on; grounding_worlds says how to read them."""

# ruff: noqa: RUF001
TEXT = """\
=== wine-list
[list] Weingut Pfefferkorn, vintage 2021. Riesling trocken 0.75 l 11.80; Kabinett 13.50; Spätlese 18.90; box of 6 less 5 %. Alcohol 12.5 % vol., acidity 7.2 g/l, residual sugar 4.1 g/l. Delivery free from 120 euros, otherwise 8.90. Vines 18 ha, planted 1978-1994.
---
A case of six Rieslings costs €67.26 after the 5% discount (6 × €11.80 = €70.80). As that's below <<n:€120|€210>>, delivery adds €8.90, which makes €76.16 in total.
---
The 2021 Riesling has <<n:12.5%|15.2%>> alcohol and is dry, with about 4 grams of residual sugar per litre. At <<p:Weingut Pfefferkorn|Weingut Sandgruber>>, the vines are around 30 to 45 years old and cover eighteen hectares (44 acres).
=== coffee-brew
[guide] V60 recipe: 18 g coffee, 300 g water at 94 °C, grind medium-fine. Bloom 45 g for 40 s, then pour to 180 g by 1:15 and to 300 g by 1:50. Total time 2:45 to 3:15. Recipe by Junko Arakawa.
---
Use a ratio of roughly 1:17 (18 g of coffee to 300 g of water). Start with a bloom of <<n:45 g|54 g>> for 40 seconds, then pour another 135 g and finally 120 g more. It's done after about three minutes.
---
For two cups, take 36 g of coffee and 600 g of water at <<n:94 °C|84 °C>> (about 201 °F). The method is by <<p:Junko Arakawa|Emiko Tsuchida>>.
=== camera-spec
[spec] Orion M5 II: 24.2 MP full-frame, ISO 100-51,200, shutter 1/8000 s to 30 s, 10 fps, IBIS 5.5 stops, video 4K60, weight 658 g with battery, battery 610 shots (CIPA), price 2,299. Predecessor M5: 20.1 MP, 8 fps, 530 shots, 1,999.
---
Compared with its predecessor, the M5 II offers 4.1 more megapixels (24.2 instead of <<n:20.1|21.0>>), two more frames per second and 80 more shots per charge, an increase of 15%. It costs 300 more.
---
The <<p:Orion|Corvus>> M5 II weighs 658 grams (1.45 lb), shoots up to 10 frames a second and has a top shutter speed of <<n:1/8000|1/4000>> second.
=== vaccination
[schedule] Typhix: 2 doses 28 days apart, from 12 years; booster after 3 years. Store at 2-8 °C. Effectiveness 84 % after the second dose (95 % CI 79-88). Travel clinic Dr. Renuka Pillai, Tue/Thu 9-12. Cost 38.50 per dose.
[user] I fly on 10 August. When do I need the first shot?
---
The two doses are given four weeks apart, so to have both before 10 August, you need the first by 13 July at the latest. Both together cost €77. A booster is due after <<n:three|seven>> years.
---
Dr. <<p:Pillai|Krishnan>>'s clinic is open on Tuesdays and Thursdays from 9 to noon. After the second dose the vaccine is <<n:84%|48%>> effective; in other words, it prevents more than four in five cases.
=== patent
[patent] EP 3 882 147 B1, filed 19 March 2018, granted 7 July 2021, expires 2038. Assignee: Halvorsen Offshore AS. Inventors: T. Halvorsen, M. Eide. Claims 14 (2 independent). Opposition until 7 April 2022. Annual fee year 7: 1,255 EUR.
---
European patent <<n:EP 3 882 147|EP 3 828 147>> was granted to <<p:Halvorsen Offshore|Sigurdson Subsea>> in July 2021, a little more than three years after filing. It runs for twenty years from filing, i.e. until March 2038. Oppositions could be filed within nine months of the grant.
---
Of its 14 claims, twelve are dependent. The renewal fee for the seventh year is <<n:EUR 1,255|EUR 1,525>>.
=== hospital
[dashboard] St Brannock's: beds 412, occupied 371, ICU 18/24, A&E wait median 3 h 10 min, 4-hour target met 68 % (goal 95 %), admissions yesterday 64, discharges 57. Nurses on shift 119, absent 14. Site manager Delyth Morgan.
---
Occupancy stands at 90% (371 of <<n:412|421>> beds), so 41 beds are free. In intensive care, three quarters of the beds are taken. Yesterday there were seven more admissions than discharges.
---
The median waiting time in A&E is 190 minutes. Only 68% of patients were seen within four hours, 27 percentage points short of the target of <<n:95%|85%>>. Site manager: <<p:Delyth Morgan|Bronwen Hughes>>.
=== beekeeping
[log] Apiary Lindhof, 2024: hive 1 honey 21.5 kg, hive 2 17.0 kg, hive 3 0 (swarmed 19 May), hive 4 26.3 kg. Varroa count July 3/1/-/6 per day. Treatment formic acid 60 %, 2 ml per frame. Sold 48 jars of 500 g at 7.50. Beekeeper Casimir Ott.
---
The three productive hives gave 64.8 kg of honey, an average of 21.6 kg each. Hive 4 did best with <<n:26.3 kg|23.6 kg>>. So far, 24 kg have been sold for €360.
---
Hive 3 swarmed on <<n:May 19|May 29>> and gave no honey. About 40.8 kg are still in stock. <<p:Casimir Ott|Leopold Brandl>> treated with 60% formic acid.
=== visa
[embassy] Schengen-type visitor visa: fee 90 euros, children 6-11 45 euros, under 6 free. Apply 15 days to 6 months before the trip. Stay up to 90 days in any 180. Proof of funds 65 euros per day. Biometric photo 35 x 45 mm. Processing 15 calendar days, in some cases 45.
[user] family: 2 adults, kids 4 and 9, for 12 days in July
---
Your family will pay 2 × €90 + €45 = <<n:€225|€252>>; the four-year-old's visa is free. You'd have to show funds of €780 per person for the 12 days. Apply between January and mid-June.
---
Photos must measure 3.5 × 4.5 cm. Processing normally takes about two weeks (15 days) but can take up to <<n:45|54>> days. With the visa, you can stay for up to <<n:90 days|60 days>> in any half-year.
=== ferry-notice
[notice] Due to strong wind (9 Bft) ferries Kalvö-Brandholm 07:20, 10:40 and 14:00 on Sat 16 Nov are cancelled; 17:20 and 20:40 expected on schedule. Crossing 55 min. Refund or rebooking until 30 Nov, phone 0451-7720. 230 passengers affected. Skeppsrederi Öland, Majken Dahl.
---
Three of the five ferries on Saturday have been cancelled because of gale-force winds. The next one is expected to leave at 5:20 p.m. and arrive at 6:15 p.m. Tickets can be refunded or rebooked until <<n:30 November|13 November>>, i.e. for two weeks.
---
Ferries normally run every 3 hours and 20 minutes. About <<n:230|320>> passengers are affected. Spokesperson <<p:Majken Dahl|Gunhild Ros>> apologised... I'm afraid there's no apology in the notice, but you can call 0451-7720.
=== school-canteen
[menu] Week 23. Mon lentil stew 3.20; Tue pasta 2.90; Wed fish 3.80; Thu couscous 3.20; Fri pizza 2.90. Five-day ticket 14.50. Guests +1.00. Order by 8:00 a.m. via app. Kitchen: Mrs Abernethy. Allergens: fish D, gluten A.
---
Buying each meal separately would cost 16.00 a week, so the five-day ticket saves you <<n:1.50|5.10>> (over 9%). The most expensive meal is Wednesday's fish at 3.80.
---
Orders must be placed by <<n:8 a.m.|9 a.m.>> A guest pays €4.20 for the couscous. On average, a meal costs 3.20, or 2.90 with the ticket. Ask Mrs <<p:Abernethy|Colquhoun>> about allergens.
=== elevator-pitch
[deck] Tidewater Batteries: founded Feb 2020, 46 staff, pilot plant 2 MWh/month, target 40 MWh/month by Q4 2026. Pre-orders 31m EUR from 9 customers. Seeking 12m EUR Series B at 60m pre-money. Previous rounds: 1.1m (2020), 6.4m (2022). CEO Saoirse Kinsella.
---
The company is raising €12m at a pre-money valuation of <<n:€60m|€90m>>, so new investors would hold 16.7% of the post-money €72m. It has raised €7.5m so far. Output is to grow twentyfold by the end of 2026.
---
- Founded: 2020
- Employees: <<n:46|64>>
- Pre-orders: €31 million from nine customers (€3.4m each on average)
- CEO: <<p:Saoirse Kinsella|Aoife Brennan>>
=== road-trip
[maps] Route Lyon - Turin - Milan - Verona: Lyon-Turin 312 km (3 h 40), toll 71.20; Turin-Milan 143 km (1 h 35), toll 17.50; Milan-Verona 161 km (1 h 45), toll 13.10. Fuel 6.8 l/100 km, petrol 1.84 per litre. Vehicle: Skoda Octavia.
---
In total you'll drive <<n:616|661>> km, which takes exactly seven hours without breaks. Tolls add up to €101.80. You'll need about 42 litres of petrol (roughly €77), so expect costs of just under €180.
---
| Leg | Distance | Time |
|---|---|---|
| Lyon–Turin | <<n:312 km|321 km>> | 3:40 h |
| Turin–Milan | 143 km | 1:35 h |
| Milan–Verona | 161 km | 1:45 h |

More than half of the distance is the first leg. From <<p:Lyon|Geneva>> to Milan it's 455 km.
=== tax-letter
[letter] Income tax assessment 2022 for Ms Bettina Achleitner. Taxable income 41,320; tax 8,914; prepaid 9,680; refund 766, payable within four weeks. Church tax 0. Home office 210 days x 6 = 1,260 recognised; travel costs 0.30 x 24 km x 85 days = 612. Objection until 3 July 2023. Ref. 14/228/30915.
---
You'll get €766 back because you prepaid <<n:€9,680|€8,960>> but only owe €8,914. Your average tax rate was 21.6%. The tax office recognised €1,260 for working from home and €612 for commuting, €1,872 altogether.
---
Dear Ms <<p:Achleitner|Gruberhofer>>, if you disagree with the assessment, you can object until <<n:July 3|July 13>>, 2023, quoting reference 14/228/30915. The refund should arrive in about a month.
=== telescope
[catalogue] Newtonian 200/1000: aperture 200 mm, focal length 1,000 mm (f/5), weight 9.4 kg, mount EQ5 rated 12 kg. Eyepieces 25 mm and 10 mm supplied. Maximum useful magnification 400x. Limiting magnitude 13.3. Price 649. Dealer: Sternwarte-Shop Hollerbach.
---
With the supplied eyepieces you get magnifications of 40x (1,000 / 25) and 100x (1,000 / 10). In theory up to <<n:400x|600x>> is useful. At f/5 it's a fast telescope, well suited to galaxies.
---
The tube weighs <<n:9.4 kg|4.9 kg>>, leaving 2.6 kg of the mount's capacity for accessories. Its 20 cm mirror (8 inches) shows stars down to magnitude 13.3. It's sold by <<p:Hollerbach|Zehetmair>> for €649.
=== polish-contract
[umowa] Umowa najmu lokalu przy ul. Wierzbowej 7/12 w Gdyni, zawarta 1 czerwca 2023 r. na 24 miesiące. Czynsz 2850 zł miesięcznie, płatny do 10. dnia miesiąca; kaucja 5700 zł. Wynajmujący: Zdzisława Jankowiak. Wypowiedzenie: 2 miesiące. Odsetki 0,05 % za każdy dzień zwłoki.
---
The lease for the flat in <<p:Gdynia|Sopot>> began on 1 June 2023 and runs for two years, until 31 May 2025. The rent of <<n:PLN 2,850|PLN 2,580>> is due by the 10th of each month. The deposit of PLN 5,700 equals two months' rent.
---
Late payment costs 0.05% a day, i.e. 1.43 zł for each day on a rent of 2,850 zł. Notice is two months. Over the whole term, you'd pay 68,400 zł. The landlady is Ms. <<p:Jankowiak|Sobczyk>>.
=== release-notes
[changelog] ## 5.2.0 (2024-10-30) - New: SSO via OIDC; bulk export (up to 50,000 rows). - Changed: default page size 25 -> 100; minimum PostgreSQL 13. - Fixed: 17 bugs, among them #4410 (wrong time zone in reports). - Upgrade takes about 8 minutes per 10 GB. ## 5.1.3 (2024-09-12) - Fixed: memory leak.
[user] we have 65 GB on postgres 12
---
Before upgrading to <<n:5.2.0|5.3.0>> you need to move to PostgreSQL 13 or later, since version 12 is no longer supported. With 65 GB of data, plan about 52 minutes.
---
5.2.0 came out on <<n:October 30, 2024|October 20, 2024>>, 48 days after 5.1.3. It adds OIDC single sign-on and exports of up to 50k rows, quadruples the default page size to <<n:100|400>> and fixes 17 bugs, e.g. #4410.
=== auction
[lot] Lot 212. Attributed to Willem van Aerssen, View of Dordrecht, oil on panel, 34.5 x 48 cm, c. 1665. Estimate 18,000-25,000 GBP. Provenance: Collection Lady Mordaunt, 1897. Hammer price 31,000; buyer's premium 26 % up to 800,000. Sold 4 December 2019.
---
The painting went for <<n:£31,000|£13,000>>, 24% above the upper estimate. With the 26% premium the buyer paid £39,060. The panel measures 34.5 by 48 cm (13.6 × 18.9 in).
---
<<p:Van Aerssen|Van der Meulen>>'s "View of Dordrecht" was painted around <<n:1665|1685>>, which makes it some 350 years old. In 1897 it belonged to Lady Mordaunt.
=== genetics-report
[report] Sample 22-0917, received 03/05/2022. Panel of 84 genes. Variant BRCA2 c.7007G>A heterozygous, class 5 (pathogenic). Coverage 212x mean, 99.2 % of targets above 20x. Population frequency 0.00002. Reported by Dr Anneliese Wurm, 29 April 2022? corrected 2 June 2022.
---
The panel of <<n:84|48>> genes found one pathogenic variant (class 5), BRCA2 c.7007G>A, in heterozygous form. The average coverage was <<n:212x|221x>>. It's very rare: 0.002% of the population, or one in 50,000.
---
The report on sample 22-0917 is by Dr. <<p:Anneliese Wurm|Cordula Haas>>. Only 0.8% of the target regions were covered less than 20-fold. First-degree relatives have a 50% risk of carrying the variant.
=== heating-quote
[quote] Air-water heat pump Vantor 9 kW: unit 11,900; installation 6,450; buffer tank 300 l 1,380; electrics 1,270; VAT 0; grant 35 %. SCOP 4.1. Heat demand 14,500 kWh/a. Gas today 11.2 ct/kWh, electricity 28 ct/kWh. Offer valid until 31.01.2025. Ms Tuula Virtanen.
---
The offer totals €21,000. After the grant of 35% (€7,350) you'd pay €13,650. With a SCOP of 4.1, the pump needs about 3,537 kWh of electricity a year, i.e. roughly €990, compared with €1,624 for gas, so you'd save around €630 annually.
---
The offer by <<p:Tuula Virtanen|Kaisa Nieminen>> is valid until <<n:31 January 2025|21 January 2025>>. The heat pump itself costs <<n:€11,900|€19,100>>, 57% of the sum. Running costs would fall by nearly 40%.
=== exam-results
[list] Exam Macro II, 14 Feb 2023: 138 registered, 121 took part, 29 failed. Mean 2.9, best 1.0 (3 times). Points: max 90, pass from 45. Review of papers 6 March, 14-16 h, room H 204. Resit 28 March. Prof. Iustina Dobrescu.
---
Of 121 participants, 92 passed (76%) and <<n:29|39>> failed. 17 registered students didn't show up. Half of the 90 points were needed to pass. Three students got the top grade of 1.0.
---
You can look at your paper on <<n:6 March|9 March>> from 2 to 4 p.m. in room H 204. The resit takes place three weeks later, on 28 March. Questions go to Professor <<p:Dobrescu|Ionescu>>.
=== aquarium
[guide] Tank 120 x 50 x 50 cm, gross 300 l, net about 260 l. Water 24-26 °C, pH 6.5-7.2, GH 6-12. Change 30 % weekly. Heater 250 W, filter 900 l/h. Neon tetras: groups of 10 or more, 4 cm, live 5 years. Light 9 h a day.
---
A weekly change of 30% means about 78 litres. The filter turns over the net volume roughly 3.5 times an hour. Keep the temperature at 24 to <<n:26 °C|28 °C>> (75–79 °F).
---
Neon tetras grow to 4 cm (1.6 inches), live for about <<n:five|nine>> years and need company of at least ten. Switch the light on from 10 am to 7 pm, for instance, which gives <<n:nine hours|twelve hours>>.
=== knit-weave
[shop] Linen "Brise": width 140 cm, 185 g/m², 19.90 per metre, min. 0.5 m, shrinks 5 %. Cut pieces cannot be returned. Thread 500 m 3.40. Order 11882: 3.5 m Brise sand, 2 threads. Shipping 5.90. Atelier Noémie Laforge.
---
Your order comes to 69.65 for the fabric (3.5 × <<n:€19.90|€19.60>>), 6.80 for thread and 5.90 shipping, i.e. €82.35. Allow for 5% shrinkage: 3.5 m will shrink to about 3.3 m.
---
At a width of <<n:1.40 m|1.60 m>>, your 3.5 metres are 4.9 m² and weigh about 900 g. Unfortunately, cut fabric can't be returned. Regards, <<p:Noémie Laforge|Capucine Morel>>
=== greek-island
[guide] Η Φολέγανδρος έχει 719 κατοίκους (απογραφή 2021). Φέρι από Πειραιά: 4 ώρες με ταχύπλοο, 9 με συμβατικό. Έκταση 32 km². Foinikas Rooms: double 75 euros in June, 120 in August. Bus Chora-Karavostasis 3 km, 2 euros. Host: Despina Marangou.
---
Folegandros has <<n:719|791>> inhabitants on 32 square kilometres, i.e. about 22 per km². The fast ferry from Piraeus takes four hours, the conventional one nine, so you save five hours.
---
In August a double room costs €120, 60% more than in June (<<n:€75|€57>>). A week in June would be €525. The bus to the port covers three kilometers for €2. Your host is <<p:Despina Marangou|Eleni Vlachou>>.
=== json-invoice
[get_invoice] {"number":"R-5520","currency":"CHF","lines":[{"text":"Consulting","qty":14,"unit_price":165.0},{"text":"Workshop","qty":1,"unit_price":1200.0},{"text":"Travel","qty":3,"unit_price":84.5}],"vat_pct":8.1,"paid":[{"date":"2024-06-03","amount":2000.0}],"due":"2024-06-28"}
---
The net amount is CHF 3,763.50: 14 hours of consulting (CHF 2,310), a workshop for CHF 1,200 and three trips for CHF 253.50. With 8.1% VAT (CHF 304.84) it comes to CHF 4,068.34. CHF 2,000 were paid on <<n:3 June|8 June>>, so CHF 2,068.34 are still open.
---
Invoice <<n:R-5520|R-5250>> is due on June 28, 2024. Consulting is billed at <<n:165 francs|156 francs>> per unit.
=== agenda
[agenda] Workshop 12 Sep 2024: 09:00 welcome (Ottilie Brandes), 09:15 strategy (45 min), 10:00 break (20 min), 10:20 groups A-D (90 min), 11:50 plenum (40 min), 12:30 lunch. Room Aurora, 24 participants. Bring laptops.
---
The workshop starts at nine and ends at lunchtime (<<n:12:30|12:50>>), so it lasts three and a half hours including a twenty-minute break. The longest item is the group work at an hour and a half. With four groups, there are six people in each.
---
- 9:00 Welcome by <<p:Ottilie Brandes|Adelheid Kuntz>>
- 9:15–10:00 Strategy
- 10:20–11:50 Groups
- 11:50–12:30 Plenum

Where: <<p:Aurora|Borealis>>. Who: 24 people.
=== newsletter-stats
[export] campaign,sent,opened,clicked,unsubscribed
Spring sale,18450,6642,1107,37
New store,18390,5149,460,61
Survey,9200,4140,1196,8
---
"Survey" performed best: 45% of recipients opened it and 13% clicked. The spring sale was opened by 36% (<<n:6,642|6,462>> people); its click rate was 6%. In total 46,040 mails were sent and 106 people unsubscribed.
---
| Campaign | Open rate |
|---|---|
| Spring sale | 36.0% |
| New store | 28.0% |
| Survey | 45.0% |

The "New store" mail led to <<n:61|91>> unsubscribes, 24 more than the spring sale.
=== hike-hut
[hut] Rotwandhütte, 2,115 m, 34 beds + 18 mattresses, open 15 June - 6 Oct. Half board members 49, others 62. Reach: from Tiers 2.5 h, 870 m up; from the pass 1 h 10. Solar 6.4 kWp since 2019. Keeper: Silvester Unterkircher. No card payment.
---
The hut sleeps 52 people and lies at <<n:2,115 m|2,511 m>> (6,939 ft). Members save €13 a night. Four nights with half board cost a non-member €248. Bring cash.
---
From Tiers, it's a climb of 870 metres in two and a half hours, i.e. about 350 m per hour; you'd start at roughly 1,245 m. The season ends on <<n:6 October|16 October>>. The keeper is <<p:Silvester Unterkircher|Hansjörg Mair>>.
"""
