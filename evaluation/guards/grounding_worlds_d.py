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
=== box-office
[report] "Harbour Lights" opened on 14 July 2023 in 3,412 theatres: opening weekend $48.6m, second weekend $27.2m (-44 %). Domestic total to date $112.4m, worldwide $268.9m on a budget of $95m. Rated PG-13, 127 min. Director: Nuria Castellanos. CinemaScore A-.
---
"Harbour Lights" earned <<n:$48.6 million|$46.8 million>> on its opening weekend, about $14,200 per theater, and fell 44% in its second. Overseas markets account for $156.5m, or 58% of the worldwide total of almost $269m.
---
With a budget of <<n:$95m|$59m>>, the film has grossed 2.8 times its cost. Director <<p:Nuria Castellanos|Pilar Echevarria>>'s movie runs for just over two hours.
=== blood-pressure
[diary] 1 May 142/91, pulse 74; 2 May 138/88, 71; 3 May 145/93, 78; 4 May 136/85, 70; 5 May 139/89, 73. Medication: Ramipril 5 mg since 24 April. Target < 135/85. Next appointment 16 May 9:20, Dr. Hyacinth Bellweather.
---
Over the five days, your average was 140/89 mmHg with a pulse of 73, so still above the target of <<n:135/85|125/85>>. The lowest reading was on May 4 (136/85), the highest on May 3 (<<n:145/93|154/93>>).
---
You've been taking 5 mg of Ramipril since <<n:24 April|14 April>>; by your appointment on 16 May at 9:20 a.m. with Dr. <<p:Bellweather|Thornbury>>, that'll be 22 days.
=== crypto-tx
[explorer] Tx 0x9ac1…77fe, block 19,204,551, 2024-02-11 08:42:17 UTC. From 0x41B…c09 to Vaultline Bridge. Value 3.25 ETH ($8,112.00), fee 0.00412 ETH ($10.28), gas price 28.4 gwei, nonce 118, 1,402 confirmations.
---
The transaction moved 3.25 ETH (worth <<n:$8,112|$8,211>>, i.e. $2,496 per ETH) to <<p:Vaultline|Coldspring>> Bridge on 11 February 2024 at 8:42 UTC. The fee was about $10, or 0.13% of the value.
---
It has more than 1,400 confirmations, so it's final. Block: <<n:19,204,551|19,240,551>>. Altogether 3.25412 ETH left the wallet.
=== sleep-tracker
[export] {"date":"2024-09-30","in_bed":"23:12","up":"07:03","asleep_min":418,"deep_min":84,"rem_min":96,"light_min":238,"awake_min":53,"hr_avg":56,"hrv_ms":48,"score":81}
---
You went to bed at <<n:11:12 PM|11:42 PM>> and got up at 7:03 AM, so you spent 7 hours 51 minutes in bed, of which you slept 6 h 58 min (89%). Deep sleep made up a fifth of that time (<<n:84|48>> min).
---
- REM: 1 h 36 min (23%)
- Light: 238 min
- Awake: <<n:53|35>> min
- Average heart rate: 56 bpm

Your sleep score was 81 out of 100.
=== it-assets
[csv] asset,model,user,bought,price
NB-0412,ThinkPad X1,Leona Fisk,2021-03-15,1849
NB-0455,MacBook Air,Omar Haddad,2022-11-02,1399
NB-0501,ThinkPad T14,Priyanka Das,2023-06-20,1290
MO-0077,Dell U2723,Leona Fisk,2023-01-10,529
---
There are three notebooks and one monitor worth 5,067 in total. Leona Fisk has two devices, NB-0412 and <<n:MO-0077|MO-0707>>. The oldest device, her ThinkPad X1, was bought on <<n:15 March 2021|15 May 2021>>.
---
With a life of four years, NB-0412 is due for replacement in March 2025 and NB-0455 in November 2026. <<p:Priyanka Das|Meera Joshi>>'s T14 cost <<n:1,290|1,920>>. The average price of the notebooks is 1,512.67.
=== school-trip
[letter] Trip of classes 7a (26 pupils) and 7b (24) to the Lighthouse Museum on Thursday, 5 June. Coach 640 euros, admission 4.50 per pupil, 2 adults free per class, guided tour 60 euros for each group of up to 25. Departure 7:45, back at about 16:30. Pay by 26 May. Ms. Ferreira-Lund.
---
Fifty pupils go on the trip. Admission comes to €225, the coach costs <<n:€640|€460>> and, since 7a has more than 25 pupils, three guided tours might be needed (€180); that would be €1,045 or €20.90 per child.
---
The coach leaves at a quarter to eight on <<n:June 5|June 15>> and returns around 4:30 PM. Please pay by <<n:26 May|29 May>>. Contact: Ms. <<p:Ferreira-Lund|Andersson-Kay>>.
=== property-tax
[notice] Municipal property tax 2025, parcel 118/4, owner Hedwig Sorgenfrei. Assessed value 182,000; base rate 0.031 % = 56.42; multiplier 410 % = 231.32 per year, due in four instalments of 57.83 on 15 Feb, 15 May, 15 Aug, 15 Nov. Previous year 214.40.
---
The property tax for 2025 is €231.32, that's €16.92 or 7.9% more than last year. It's payable in quarterly instalments of <<n:€57.83|€58.73>>; the next after the one in May is on 15 August.
---
The assessed value of parcel <<n:118/4|181/4>> is 182,000. A rate of 0.031% gives €56.42, times 4.1 makes €231.32. The owner is Ms. <<p:Sorgenfrei|Kummerow>>.
=== chem-lab
[protocol] Dissolve 5.85 g NaCl (M = 58.44 g/mol) in water and fill up to 250 ml. Stir 10 min at 40 °C. Add 12.5 ml of 2 M HCl. pH 1.05. Filter, dry at 105 °C for 2 h. Yield 4.97 g (85 %). Performed by Ewa Lisowska, 22.11.2023.
---
5.85 g of sodium chloride is 0.1 mol, so the 250 ml solution is 0.4 M. It's stirred for ten minutes at <<n:40 °C|60 °C>> (104 °F). The yield was 4.97 g, i.e. 0.88 g were lost.
---
On <<n:22 November 2023|12 November 2023>>, <<p:Ewa Lisowska|Danuta Wrona>> added 12.5 ml of 2-molar hydrochloric acid (25 mmol). Drying took two hours at 105 degrees.
=== esports
[stats] Grand final, best of 5: Nightjar Esports 3-1 Team Obsidian. Maps 13-9, 10-13, 13-11, 13-4. MVP "kestrel" (Jonas Ekholm) 84 kills, 52 deaths, 21 assists, rating 1.41. Prize: 120,000 / 60,000 / 30,000. Viewers peak 418,000.
---
Nightjar won the best-of-five final 3–1, taking <<n:49|94>> rounds to Obsidian's 37. MVP kestrel had 84 kills and 52 deaths, a K/D ratio of 1.62, and averaged 21 kills per map.
---
The winners receive <<n:$120,000|$210,000>>, twice as much as the runner-up. The peak audience was around 420,000. kestrel's real name is <<p:Jonas Ekholm|Viktor Sandell>>.
=== bank-chat
[account] {"iban_last4":"7712","balance":1284.55,"currency":"EUR","pending":[{"merchant":"Rail24","amount":-89.90},{"merchant":"Café Lumen","amount":-7.40}],"standing_orders":[{"to":"Rent Goldberg","amount":-780.00,"day":1},{"to":"Savings","amount":-150.00,"day":3}],"overdraft_limit":500}
---
Your balance is €1,284.55. After the two pending payments (€89.90 to <<p:Rail24|Bahnwelt>> and €7.40 to Café Lumen) you'll have €1,187.25. Once the rent of <<n:€780|€870>> and your savings order are debited, €257.25 will be left.
---
Including your overdraft of <<n:€500|€800>>, €1,784.55 is available on account ••7712. Standing orders total €930 a month; the rent goes out on the 1st, the savings on the 3rd.
=== airline-baggage
[rules] Aurora Air. Basic: 1 item 40x30x20 cm. Plus: + cabin bag 55x40x23 cm, 10 kg. Max: + 2 checked bags 23 kg each. Extra bag 65 EUR online, 85 at the airport. Overweight 24-32 kg: 50 EUR. Sports equipment 70 EUR. Pets in cabin 8 kg incl. carrier, 60 EUR.
[user] I have Plus, one 27 kg suitcase and skis.
---
With **Plus** no checked bag is included, so you'd pay €65 for the suitcase if you book online, plus <<n:€50|€90>> because 27 kg is 4 kg over the limit, and €70 for the skis: €185 in total. At the airport, it would be €205.
---
Your cabin bag may weigh <<n:10 kg|12 kg>> (22 lb) and measure 55 × 40 × 23 cm. Checking the suitcase at the airport costs €20 more than online.
=== warehouse-kpi
[dashboard] Week 41: orders 18,240 (week 40: 17,110), picked per hour 96 (91), error rate 0.34 % (0.41 %), late shipments 212, returns 1,094. Staff 58 FTE, overtime 143 h. Goal: error rate below 0.30 %, late < 1 %. Shift lead Branislav Kolar.
---
Orders rose by 1,130 (6.6%) to <<n:18,240|18,420>>. Some 1.2% of shipments were late, missing the goal of less than 1%. The error rate improved to 0.34%, which is about 62 wrong orders.
---
Productivity: <<n:96|69>> picks an hour, up 5. Return rate: 6.0%. Overtime per FTE: about two and a half hours. Shift lead: <<p:Branislav Kolar|Miroslav Hudak>>.
=== court-filing
[filing] Case 3:22-cv-00419. Plaintiff Delacroix Foods v. Marlin Packaging Co. Complaint filed June 8, 2022; answer due within 21 days of service (served June 15). Damages claimed $1.35 million plus 8% interest. Judge Theodora Kipling. Trial set for October 2, 2023, jury of 8.
---
Delacroix Foods sued <<p:Marlin Packaging|Osprey Packaging>> on <<n:June 8, 2022|June 18, 2022>>. As the complaint was served on June 15, the answer was due by July 6. The trial before Judge Kipling was scheduled for October 2, 2023, nearly 16 months after filing.
---
The plaintiff claims <<n:$1,350,000|$1,530,000>>; at 8%, interest would run at $108,000 a year. An eight-member jury will decide case no. 3:22-cv-00419.
=== transfer-news
[article] FC Velmora have signed winger Idrissa Camara, 23, from Stade Corvin for 18.5 million euros plus 3 million in add-ons. He signs until June 2029 and will wear number 17. Camara scored 14 goals in 61 league games. "He runs at people without fear," said sporting director Lothar Wiese.
---
Velmora pay Stade Corvin €18.5m for the 23-year-old, which could rise to <<n:€21.5m|€25.1m>>. Idrissa Camara averaged a goal every 4.4 games for his old club. Sporting director <<p:Lothar Wiese|Gernot Pahl>>: "<<q:He runs at people without fear|He runs at people without pause>>".
---
The winger gets the number <<n:17|71>> shirt and a contract through June 2029. He has 14 goals from <<n:61|16>> league appearances.
=== tariff-pdf
[pdf] Stromtarif Öko12: Arbeitspreis 31,45 ct/kWh brutto, Grundpreis 13,90 €/Monat, Bonus 90 € nach 12 Monaten, Preisgarantie bis 31.12.2025, Laufzeit 12 Monate, Kündigungsfrist 1 Monat. Anbieter Nordwind eG, Husum.
[user] Was zahle ich bei 3.200 kWh im ersten Jahr?
---
Bei 3.200 kWh zahlen Sie 1.006,40 € für den Verbrauch und 166,80 € Grundpreis, zusammen 1.173,20 €. Nach Abzug des Bonus von <<n:90 €|60 €>> sind es 1.083,20 € im ersten Jahr, also rund 90 € im Monat.
---
Der Tarif hat eine Laufzeit von zwölf Monaten und eine Preisgarantie bis Ende 2025. Der Arbeitspreis beträgt <<n:31,45|34,15>> Cent je Kilowattstunde. Anbieter ist die <<p:Nordwind eG|Westküste eG>> aus Husum.
"""
