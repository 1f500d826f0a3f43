"""Contexts and faithful replies by world, the first half; grounding_outside says how they came about."""

# ruff: noqa: RUF001
TEXT = """\
=== prod-vacuum
[1] Aerolyt V7 cordless vacuum. Battery: 2,600 mAh, 25.2 V. Run time: up to 45 minutes in Eco, 22 minutes in Standard, 9 minutes in Boost. Charging takes 4 hours. Dust bin 0.55 litres. Weight 2.4 kg with the floor head, 1.5 kg without. HEPA filter: wash every 30 days, replace every 12 months.
[2] Warranty: 24 months on the appliance, 12 months on the battery, from the date of purchase. Register at aerolyt.example/register within 28 days for an additional 12 months on the motor. Service partner: Brandvold Teknikk, phone 21 60 44 10.
---
In Eco mode the V7 runs for up to <<n:45|60>> minutes, but in Boost you'll only get about <<n:9|22>> minutes [1]. A full charge takes <<n:four|six>> hours. The battery is covered for a year [<<s:2|3>>], half as long as the appliance itself.
---
Sure! Here's the maintenance schedule:

1. Wash the HEPA filter once a month (every <<n:30|14>> days).
2. Replace it once a year.
3. If something breaks, contact <<p:Brandvold Teknikk|Nordvik Service>> at <<n:21 60 44 10|21 60 44 01>>.

If you register within <<n:28|38>> days you get an extra year on the motor.
=== prod-router
[doc-1] LumaMesh AX3000 quick guide: dual band Wi-Fi 6 (802.11ax), 574 Mbit/s at 2.4 GHz and 2402 Mbit/s at 5 GHz. Three gigabit LAN ports, one 2.5G WAN port. Covers up to 140 m2; a pack of two covers 260 m2, a pack of three 370 m2. Default address 192.168.4.1.
[doc-2] LED states: solid white = online; pulsing blue = setup; solid amber = weak link to the main unit; red = no internet. To reset, hold the button for 10 seconds until the LED pulses blue.
[doc-3] Firmware 3.1.8 (March 2026) fixes a memory leak that made the router restart every 6 to 8 days and adds WPA3 Enterprise.
---
The combined speed is 2,976 Mbit/s: 574 on 2.4 GHz plus <<n:2,402|2,042>> on 5 GHz (doc-1). For a 250 m² house you would need the pack of two, which covers <<n:260|370>> m² (about 2,800 sq ft).
---
An amber light means a weak link to the main unit (<<s:doc-2|doc-5>>). If it restarts about once a week, update to firmware <<n:3.1.8|3.1.3>>, released in <<n:March 2026|May 2026>>, which fixes a memory leak (doc-3). A factory reset takes <<n:10|30>> seconds.
=== prod-earbuds
[4] Tessen Buds Pro 2: up to 6 h playback with ANC on, 8.5 h off; the case holds three further charges. 5 minutes in the case give 1 h of playback. Bluetooth 5.3, codecs SBC, AAC, LDAC. IPX4. Each bud 5.2 g; case 48 g.
[5] Tessen Buds Lite: up to 7 h playback, no ANC; the case holds two further charges. Bluetooth 5.2, SBC and AAC. IPX5. Each bud 4.1 g; case 39 g. Price EUR 49; the Pro 2 is EUR 129.
---
| | Buds Pro 2 | Buds Lite |
|---|---|---|
| Playback | 6 h (ANC) | <<n:7 h|9 h>> |
| With case | 24 h (ANC) | 21 h |
| Water | IPX4 | <<n:IPX5|IPX7>> |
| Price | <<n:€129|€149>> | €49 |
---
The Lite is lighter (<<n:4.1|5.2>> g against 5.2 g per bud) and €80 cheaper【5†source】, but only the Pro 2 supports <<p:LDAC|aptX>> and noise cancelling【<<s:4|7>>†source】. Five minutes in the case give you <<n:an hour|two hours>> of listening.
=== policy-leave
[HR-12] Parental leave. Employees with at least 9 months of service may take up to 26 weeks of parental leave, 16 of them paid at 100 % and the rest at 60 % of base salary. Notice: 8 weeks before the start. Leave may be taken in at most three blocks until the child's second birthday.
[HR-14] Sick leave. Report before 9:30 to your lead. From the fourth day on a medical certificate is required. The company pays full salary for six weeks; after that, the health insurer pays.
---
You can take up to <<n:26 weeks|24 weeks>>: the first 16 are fully paid, the remaining ten at <<n:60%|80%>>. Please give notice at least <<n:8|4>> weeks ahead (HR-12). You can split it into up to <<n:three|five>> blocks before your child turns two.
---
> From the <<n:fourth|third>> day on a medical certificate is required

So for a two-day cold you don't need one, but let your lead know before <<n:9:30|10:30>> [<<s:HR-14|HR-17>>]. The policy doesn't say what happens after the insurer's payments end.
=== policy-travel
[Travel policy] Flights: economy under 6 hours; premium economy above. Hotels: up to USD 180 a night, USD 260 in New York, London and Singapore. Meals: USD 65 per day, of which USD 15 for breakfast. Mileage: USD 0.67 per mile. Claims within 30 days; receipts for anything over USD 25.
[FAQ] Who approves trips above USD 5,000? Your director and the travel desk (Marisol Etxeberria). Can I keep miles? Yes.
---
For your three nights in London you may spend up to $780 on the hotel (3 × <<n:$260|$180>>) and $195 on meals. Your drive of 120 miles to the airport and back is reimbursed with $80.40 at <<n:67 cents|58 cents>> a mile.
---
Hi! Trips above <<n:$5,000|$2,500>> need approval by your director and by <<p:Marisol Etxeberria|Marta Echevarria>> of the travel desk [FAQ]. Hand in the claim within <<n:a month|two weeks>>... more exactly 30 days, with receipts for everything above <<n:$25|$50>>.
=== policy-refund
[kb-101] Refunds: unopened goods within 30 days, 100 %. Opened goods within 14 days, minus a 15 % restocking fee. Gift cards and downloads are not refundable. Refunds reach the card in 5 to 7 business days. Return shipping costs $8.95, free for members.
[kb-102] Order 7741-C: Halden desk lamp, $74.00, delivered 2 June, opened. Customer: Priya Raghunathan, member since 2021.
---
Since the lamp was opened, we'd deduct 15% ($11.10), so you would get back $62.90. As a member since <<n:2021|2019>> you don't pay the <<n:$8.95|$9.85>> for shipping. The money arrives in five to <<n:seven|ten>> business days.
---
Hi <<p:Priya|Anjali>>, order <<n:7741-C|7714-C>> arrived on June 2nd, so the 14-day window ends on June 16th [kb-101] [<<s:kb-102|kb-202>>].
=== notes-standup
[notes] Platform weekly, 2026-05-12. Present: Oluwaseun, Bettina, Kjartan, Mirela. 1) Queue backlog peaked at 48,000 messages on Sunday, drained by 03:20 Monday. Cause: consumer pool of 12 stuck on a poison message. Kjartan adds a dead-letter queue by 22 May. 2) Cloud bill April: $31,400, May forecast $28,900 after removing idle GPU nodes. 3) Mirela moves to the data team on 1 June; Bettina takes her on-call weeks.
---
**Summary**
- <<p:Kjartan|Bettina>> adds a dead-letter queue by <<n:22 May|29 May>>, after a poison message stuck the 12 consumers.
- The backlog peaked at <<n:48k|84k>> messages and was gone by 3:20 am on Monday, 11 May.
- The cloud bill should fall by $2,500 (8%) from April to May.
---
Action items:
1. Dead-letter queue — Kjartan — May 22
2. On-call weeks of <<p:Mirela|Oluwaseun>> — Bettina — from <<n:June 1|June 15>>

April's bill was <<n:$31,400|$34,100>>.
=== notes-board
[minutes] Board meeting of Fjellheim Water Cooperative, 18 September 2025, 17:00-19:10. Chair: Ragnhild Moen. 7 of 9 members present. Tariff: raised from 14.20 to 15.10 kr per cubic metre from 1 January 2026 (5 for, 2 against). New pump station at Lia: budget 6.4 million kr, contractor Stavdal Anlegg, finished by October 2026. Treasurer Odd Haugen reports reserves of 11.8 million kr.
---
The tariff goes up by 0.90 kr per m³ (6.3%), to <<n:15.10 kr|16.10 kr>>, as of <<n:1 January 2026|1 July 2026>>. Five members voted for it and <<n:two|four>> against; two weren't there.
---
The pump station will cost <<n:6.4|4.6>> million kroner, a bit more than half of the reserves (<<n:11.8|18.1>> million). It's to be built by <<p:Stavdal Anlegg|Brekke Entreprenør>>. The meeting lasted two hours and ten minutes and was chaired by <<p:Ragnhild Moen|Odd Haugen>>.
=== fin-quarter
[table] Segment | Q1 2026 revenue (m€) | Q1 2025 | Operating profit Q1 2026
Pumps | 212.4 | 198.0 | 31.9
Valves | 145.6 | 151.2 | 14.1
Services | 88.0 | 74.8 | 20.2
Group | 446.0 | 424.0 | 66.2
[release] CEO Dagmar Pohl-Reinke: "Services carried the quarter." Order intake 471 m€, backlog 1.02 bn€, 5,310 employees.
---
Group revenue rose 5.2% to <<n:€446.0 million|€464.0 million>>. Services grew fastest (+17.6%), while Valves shrank by <<n:3.7%|8.2%>>. The operating margin was 14.8%, with Services at 23%.
---
"<<q:Services carried the quarter|Services saved the whole quarter>>", said CEO <<p:Dagmar Pohl-Reinke|Dagmar Pohlmann>>. Pumps earned <<n:€31.9m|€14.1m>> and Valves €14.1m. With orders of <<n:€471m|€417m>> the book-to-bill ratio is 1.06.
=== fin-budget
[sheet] Category,Budget,Actual
Rent,3200,3200
Salaries,18400,19150
Software,950,1214
Marketing,2600,1880
Travel,700,415
Total,25850,25859
---
You were almost exactly on budget: $25,859 against <<n:$25,850|$28,550>>, just $9 over. Salaries were $750 above plan and software <<n:$264|$624>> (28%), while marketing stayed <<n:$720|$270>> below.
---
- Rent: <<n:3,200|2,300>> (as planned)
- Travel: <<n:415|514>> of 700, i.e. 59% used
- Salaries make up 74% of what was spent
=== fin-loan
[offer] Kinross Credit Union, personal loan quote 55-20931: $14,500 over 48 months, APR 7.9 %, monthly payment $353.35, origination fee $145. Early repayment free after 12 months. Quote valid until 31 March 2026. Loan officer: Desmond Achterberg.
---
You'd pay <<n:$353.35|$335.53>> a month for four years, $16,960.80 in total, so borrowing costs $2,460.80 in interest plus a one-off fee of <<n:$145|$415>>.
---
Your quote (no. <<n:55-20931|55-29031>>) expires on <<n:March 31|April 30>>. <<p:Desmond Achterberg|Damian Aldersley>> is your contact. The APR is <<n:7.9%|6.4%>>, and after the first year you can repay early at no charge.
=== med-ibup
[leaflet] Ibralex 400 mg film-coated tablets. Adults and adolescents over 40 kg: 1 tablet, if necessary every 6 to 8 hours; never more than 3 tablets (1200 mg) in 24 hours. Not for children under 12. Do not take it for more than 4 days against pain, 3 days against fever, without asking a doctor. Not in the last 3 months of pregnancy. Common (up to 1 in 10): heartburn. Very rare (up to 1 in 10,000): severe skin reactions.
---
Adults take one tablet (<<n:400|600>> mg), with at least six hours between doses and a maximum of <<n:three|six>> a day, that is 1.2 g. After <<n:three|seven>> days of fever, ask a doctor.
---
No, <<p:Ibralex|Dolarex>> must not be taken in the last trimester. Heartburn is common: up to <<n:10%|30%>> of people get it. Severe skin reactions occur in at most <<n:1 in 10,000|1 in 1,000>> (0.01%).
=== med-discharge
[record] Discharge letter. Patient: Theodor Wiklund, born 14.03.1958. Admitted 02.02.2026, discharged 09.02.2026. Diagnosis: community-acquired pneumonia, right lower lobe. CRP on admission 187 mg/l, on discharge 22 mg/l. Temperature 39.4 to 36.8 °C. Therapy: ampicillin/sulbactam 3 g i.v. three times daily for 5 days. Follow-up: chest X-ray in 6 weeks. Attending: Dr. Noémie Castaing.
---
Mr <<p:Wiklund|Lindqvist>>, 67, was in hospital for a week (2–9 February 2026) with pneumonia. His CRP fell from <<n:187|178>> to 22 mg/l and the fever from <<n:39.4|38.1>> °C to normal.
---
He received 9 g of ampicillin/sulbactam a day for <<n:five|ten>> days. Dr <<p:Castaing|Marchetti>> recommends a chest X-ray six weeks after discharge, so around <<n:23 March|14 April>>.
=== legal-nda
[Agreement] Mutual non-disclosure agreement between Orrin Biotech Ltd ("Orrin") and Palisade Analytics GmbH ("Palisade"), effective 1 July 2025. Clause 3: confidential information must be marked or confirmed in writing within 15 days of oral disclosure. Clause 6: term of three years; obligations survive for five years after its end. Clause 9: contractual penalty of EUR 50,000 per breach. Clause 11: governed by the laws of the Republic of Ireland; courts of Dublin.
---
The NDA runs until 30 June 2028, and confidentiality continues for another <<n:five|two>> years, i.e. until mid-2033 (clause <<n:6|8>>). Anything said orally must be confirmed in writing within <<n:15|30>> days.
---
Each breach costs <<n:€50,000|€150,000>> (Cl. 9). Irish law applies, and the courts of <<p:Dublin|Frankfurt>> decide. The parties are Orrin and <<p:Palisade|Meridian>>.
=== legal-lease
[Lease] Tenant: Aurelio Bancroft. Premises: 41 Tannery Row, unit 3B, 68 sq m. Rent: $2,150 per month, due on the 1st; late fee of $75 after the 5th. Deposit: $3,225. Term: 1 August 2025 to 31 July 2026. Pets: one cat or one dog under 25 lb; pet fee $40 per month. Termination by the tenant: 60 days' notice and a fee of one month's rent.
---
Yes, you may keep a small dog (under <<n:25|45>> pounds) for <<n:$40|$75>> a month, which brings your rent to $2,190. Leaving early costs <<n:$2,150|$3,225>> and needs 60 days' notice.
---
The deposit is <<n:$3,225|$3,522>>, one and a half months' rent. The lease of <<n:41|47>> Tannery Row #3B ends on <<n:July 31, 2026|July 31, 2027>>. If you pay on the 7th, you owe an extra $75.
=== weather-json
[tool] {"city": "Tromsø", "unit": "metric", "days": [{"date": "2026-01-14", "min": -9, "max": -4, "wind_ms": 11, "snow_cm": 6}, {"date": "2026-01-15", "min": -12, "max": -7, "wind_ms": 5, "snow_cm": 0}, {"date": "2026-01-16", "min": -3, "max": 1, "wind_ms": 17, "snow_cm": 14}], "sunrise": null, "warning": "Storm gusts up to 27 m/s on Friday evening"}
---
Wednesday (14 Jan) will bring <<n:6|9>> cm of snow at <<n:−9|−19>> to −4 °C. Thursday is dry but colder, down to −12 °C (10 °F). On Friday, gusts could reach <<n:27 m/s|37 m/s>> (about 97 km/h) with <<n:14|41>> cm of new snow.
---
It'll be coldest on <<n:15 January|17 January>>, with a low of -12 and a wind of 5 m/s. In all, about 20 cm of snow will fall in <<p:Tromsø|Bodø>> in these three days.
=== weather-text
[1] Forecast for Valencia, issued 08:00 on 3 July: maximum 38 °C, minimum 24 °C, humidity 41 %, UV index 10, light easterly wind of 12 km/h. Risk of forest fire: extreme. Sea temperature 25.5 °C.
[2] Forecast for Bilbao, issued 08:00 on 3 July: maximum 26 °C, minimum 17 °C, humidity 72 %, rain 4 mm, probability 60 %. Sea temperature 20 °C.
---
It's much hotter in Valencia (<<n:38|36>> °C) than in Bilbao (<<n:26|31>> °C) - a difference of 12 degrees. Bilbao may get <<n:4 mm|14 mm>> of rain [2].
---
For the beach I'd choose <<p:Valencia|Málaga>>: the sea is at <<n:25.5|27.5>> °C (78 °F), 5.5 degrees warmer than in Bilbao. Mind the UV index of <<n:10|7>> and the fire risk, which is extreme [<<s:1|4>>].
=== sport-basket
[recap] Basketball, Adriatic Cup: KK Zmajevo 88-81 Pallacanestro Trentano (24-19, 18-26, 21-20, 25-16). Zmajevo: Vuk Petrašin 27 points, 8 assists; Ante Bulat 19 points, 11 rebounds. Trentano: Marco Delvecchio 23 points; three-pointers 9 of 31. Attendance 5,640. Next: Zmajevo at Solun BC on 21 November.
---
Zmajevo were behind 42–45 at the break but won the last quarter <<n:25-16|28-16>> and the game <<n:88-81|88-78>>. <<p:Petrašin|Radulović>> had <<n:27|23>> points.
---
Trentano hit just 29% of their threes (<<n:9|13>> of 31). <<p:Ante Bulat|Ante Tomić>> recorded a double-double with 19 points and <<n:11|14>> rebounds. The next game is on <<n:Nov 21|Nov 28>>, away at Solun.
=== sport-cycling
[stage] Stage 9, Tour of the Three Valleys: Castelluna - Monte Serro, 164 km, 3,850 m of climbing. 1. Ilan Verhoeven (BEL) 4:31:07. 2. Tomás Quintanilla (ESP) +0:18. 3. Rui Sarmento (POR) +0:44. General classification after stage 9: 1. Quintanilla 36:12:55; 2. Verhoeven +0:31; 3. Sarmento +2:06. Average speed of the winner 36.3 km/h.
---
<<p:Ilan Verhoeven|Wout Claessens>> won the 164-km stage in <<n:4:31:07|4:13:07>>, <<n:18|28>> seconds before Quintanilla. The Belgian is now 31 seconds behind in the overall standings.
---
Overall, the Spaniard <<p:Quintanilla|Sarmento>> leads by 31 s and by 2 min 6 s over Sarmento. The stage had <<n:3,850|2,850>> m of climbing, and the average speed was <<n:36.3|39.3>> km/h.
=== travel-itin
[booking] Booking ref QX7LMP. Passenger: Hanneke Oudekerk. Outbound: KL 1703, Amsterdam (AMS) 09 Oct 2026 14:05 - Madrid (MAD) 16:40, seat 14C. Return: KL 1706, MAD 13 Oct 2026 19:25 - AMS 22:00, seat 9A. Baggage: 1 x 23 kg. Total paid EUR 312.84, of which taxes EUR 74.12.
[hotel] Hotel Almendro, Calle del Pez 19, Madrid. Check-in from 15:00, check-out by 11:00. 4 nights at EUR 118, breakfast EUR 14 a day extra. Free cancellation until 2 October.
---
You fly from Amsterdam on Friday, October 9 at <<n:2:05 pm|4:05 pm>> and arrive in Madrid at 4:40 pm (two hours and 35 minutes). Your seat is <<n:14C|9A>>. On the way back (13 Oct) you land at <<n:22:00|21:10>>.
---
The hotel costs €472 for <<n:four|five>> nights; with breakfast every day it's €528. Together with the flight (<<n:€312.84|€321.84>>) that's €840.84. Free cancellation until <<n:October 2|October 12>>. Reference: <<n:QX7LMP|QX7LPM>>.
=== travel-guide
[guide] Ærvik island: reached by ferry from Hovden, 35 minutes, six departures a day (07:10 to 21:40), NOK 62 for adults, half price for children of 4 to 15. Lighthouse (built 1868, 24 m tall) open Tuesday to Sunday 11-16 from May to September. Population 213. Café Strandbua serves fish soup until 20:00.
---
The ferry from <<p:Hovden|Florø>> takes <<n:35|55>> minutes. Two adults and two children (7 and 9) pay NOK 186 one way. The last one leaves at <<n:9:40 pm|10:40 pm>>.
---
The lighthouse is <<n:24 m|42 m>> (79 ft) tall and was built in <<n:1868|1886>>. It's closed on Mondays and in winter. Afterwards have a fish soup at <<p:Strandbua|Havblikk>>, which closes at 8 pm... it's a tiny community of about <<n:200|600>> people.
=== tool-order-json
[get_order] {"order_id": "SO-660182", "status": "partially_shipped", "customer": {"name": "Ewa Lisowska", "tier": "gold"}, "items": [{"sku": "KT-210", "name": "Kettle Brunn 1.7 l", "qty": 2, "unit_price": 39.90, "shipped": true}, {"sku": "TS-044", "name": "Toaster Brunn", "qty": 1, "unit_price": 54.50, "shipped": false, "eta": "2026-08-19"}], "discount": 10.00, "shipping": 4.90, "total": 129.20, "currency": "EUR", "tracking": "00340434161094027183"}
---
Hi <<p:Ewa|Agata>>! Your two kettles have shipped (tracking 00340434161094027183). The toaster should follow by <<n:August 19|August 29>>. You paid <<n:€129.20|€192.20>> in all, including €4.90 for shipping and after a discount of <<n:€10|€15>>.
---
Order <<n:SO-660182|SO-660128>>: 2 × Kettle Brunn at €39.90 = €79.80, 1 × Toaster at <<n:€54.50|€45.50>>. As a gold customer you can call us any time.
=== tool-search-json
[search_flights] [{"flight": "LH 2032", "dep": "2026-03-02T06:45", "arr": "2026-03-02T07:55", "price": 189.0, "stops": 0}, {"flight": "LX 1109", "dep": "2026-03-02T07:10", "arr": "2026-03-02T10:35", "price": 134.5, "stops": 1}, {"flight": "EW 8093", "dep": "2026-03-02T11:20", "arr": "2026-03-02T12:35", "price": 97.99, "stops": 0}]
---
The cheapest is <<n:EW 8093|EW 8039>> at <<n:€97.99|€79.99>>, non-stop from 11:20 to 12:35 (1 h 15 min). If you need to be there by 8, take LH 2032, which leaves at <<n:6:45|5:45>> and costs <<n:189|134.50>>.
---
I found three flights on Monday, 2 March:
1. LH 2032: 06:45–07:55, direct, 189
2. LX 1109: 07:10–<<n:10:35|11:35>>, 1 stop, 134.50
3. EW 8093: 11:20–12:35, direct, 97.99

The difference between the cheapest and the dearest is about 91.
=== tool-sql
[rows] region,orders,revenue,returns
North,1204,88310.50,61
South,987,70211.00,88
East,1530,121004.75,70
West,640,39877.25,52
---
Total revenue was $319,403.50 from 4,361 orders. <<p:East|Midlands>> leads with <<n:$121,004.75|$112,004.75>> (38%), and South has the highest return rate among the four at 8.9% (<<n:88|78>> of 987)... followed by West with 8.1%.
---
| Region | Avg. order value |
|---|---|
| North | $73.35 |
| South | <<n:$71.14|$88.20>> |
| East | $79.09 |
| West | $62.31 |

East also has the most orders (<<n:1,530|1,350>>).
=== multi-1-astro
[1] The Corvane telescope on Cerro Pardo saw first light on 11 April 2019. Its mirror measures 4.2 metres and has 36 segments.
[2] In 2023 a team led by Ingeborg Sandvoll used Corvane to find 14 dwarf galaxies around NGC 4921, 310 million light years away.
[3] Operating costs are 9.8 million dollars a year, shared by Chile (10 %), Norway (40 %) and Canada (50 %).
---
Corvane has had a <<n:4.2|6.5>>-metre mirror of <<n:36|18>> segments since 2019 [1]. Four years after first light, <<p:Sandvoll|Halvorsen>>'s team discovered <<n:14|41>> dwarf galaxies with it [<<s:2|5>>].
---
Norway pays <<n:40%|50%>>, about $3.9 million a year, and Canada half, $4.9 million [3]. Cerro Pardo's telescope saw first light in <<n:April 2019|August 2019>> [1].
=== multi-2-history
[doc-7] Hallgrim Castle was begun in 1294 under Bishop Anselm of Rode and finished in 1331. The north tower fell in the siege of 1412.
[doc-8] In 1902 the state bought the ruin for 18,500 crowns. Architect Sixten Löfgren restored it from 1908 to 1915. In 2024 it had 96,300 visitors, 12 % more than the year before.
---
Building took 37 years, from <<n:1294|1249>> to 1331 (doc-7). More than a century after it was begun, in <<n:1412|1421>>, it lost its north tower. Today's looks come from <<p:Sixten Löfgren|Gunnar Asplund>>, who restored it over seven years (<<s:doc-8|doc-9>>).
---
The state paid <<n:18,500|15,800>> crowns in <<n:1902|1908>>. In 2024 <<n:96,300|93,600>> people came, so the year before it must have been around 86,000.
=== multi-3-company
[1] Quillon Robotics was founded in 2014 in Eindhoven by Femke Dijkgraaf and Arun Venkataraman. It builds picking robots for greenhouses.
[2] In 2021 it raised a Series B of 42 million euros led by Northlake Ventures; in 2024 a Series C of 95 million led by Sovereign Growth Fund at a valuation of 610 million.
[3] The Tomara 3 robot picks 1,150 tomatoes an hour at 97.2 % accuracy; its predecessor managed 720.
---
Quillon was founded by <<p:Femke Dijkgraaf|Femke Bakker>> and Arun Venkataraman in <<p:Eindhoven|Utrecht>> [1]. It has raised €137 million in two rounds since 2021, most recently <<n:€95 million|€59 million>> led by <<p:Sovereign Growth Fund|Northlake Partners>> [2].
---
The Tomara 3 picks <<n:1,150|1,510>> tomatoes per hour, 60% more than its predecessor, which managed <<n:720|920>> [3]. Its accuracy is just above 97% [<<s:3|6>>].
=== api-docs
[ref] POST /v2/invoices. Rate limit: 120 requests per minute per key; bursts of 20. Body at most 256 KB. Fields: customer_id (required), due_days (default 14, at most 90), currency (ISO 4217). Errors: 402 plan_limit, 409 duplicate_reference, 422 invalid_field, 429 too_many_requests with Retry-After. Idempotency keys are kept for 24 hours. Timeout 30 s.
---
You get a <<n:409|419>> if the reference exists already. Invoices are due after <<n:14|21>> days unless you set `due_days`, which goes up to <<n:90|60>>. For 6,000 invoices you'd need at least 50 minutes at <<n:120|150>> requests per minute.
---
`429 too_many_requests` comes with a `Retry-After` header. Send the same idempotency key within <<n:24|72>> hours and you won't be charged twice. The body must not be larger than <<n:256 KB|512 KB>>.

```python
import requests
requests.post("https://api.example.com/v2/invoices", json={"customer_id": "c_1", "due_days": 30}, timeout=30)
```
=== release-notes
[changelog] Version 8.4.0 (2026-02-24): new query planner, on average 31 % faster on joins. Minimum PostgreSQL raised from 12 to 14. Removed `--legacy-auth`, deprecated since 7.9. Fixed #5127 (deadlock when vacuuming), reported by @tamsin-k. Known issue: dashboards with more than 64 panels load slowly; workaround in #5190.
---
Before you upgrade to <<n:8.4.0|8.3.0>>: you need at least PostgreSQL <<n:14|13>>, and `--legacy-auth`, which has been deprecated since <<n:7.9|7.5>>, is gone. Joins are roughly <<n:30%|45%>> faster.
---
The deadlock (<<n:#5127|#5172>>) is fixed; thanks to <<p:Tamsin|Kamila>>. If you have more than <<n:64|46>> panels, look at issue #5190. It was released in late February 2026.
=== recipe
[recipe] Lentil stew, serves 4. 300 g brown lentils, 2 carrots, 1 leek, 1.2 l vegetable stock, 2 tbsp tomato paste, 1 tsp cumin, 150 ml cream. Fry the vegetables for 5 minutes, add lentils and stock, simmer for 35 minutes, stir in the cream. Per serving: 410 kcal, 19 g protein, 14 g fat.
---
For six people take 450 g of lentils, 3 carrots, one and a half leeks and 1.8 litres of stock. Simmer for <<n:35|50>> minutes. A serving has <<n:410|510>> kcal and <<n:19|29>> g of protein.
---
Total time at the stove is around 40 minutes: <<n:5|15>> for frying and <<n:35|25>> for simmering. At the end stir in <<n:150 ml|250 ml>> of cream (⅔ cup). The whole pot has 1,640 kcal.
=== insurance
[Policy] Halvorsen Mutual travel insurance, plan Silver: medical costs up to EUR 500,000; cancellation up to EUR 2,500; baggage EUR 1,500 (valuables EUR 400); excess EUR 75 per claim. Trips up to 45 days. Premium EUR 84 a year; families EUR 149. Plan Gold: medical unlimited; cancellation EUR 6,000; baggage EUR 3,000; no excess; EUR 132 a year.
---
With Silver, a stolen camera would be paid up to <<n:€400|€1,500>>, minus the excess of <<n:€75|€95>>, so €325 at most. Gold has no excess and costs <<n:€132|€149>> a year, €48 more.
---
**Silver vs Gold**
- Medical: <<n:€500,000|€300,000>> vs unlimited
- Cancellation: €2,500 vs <<n:€6,000|€9,000>>
- Trips up to <<n:45|60>> days (Silver; the text doesn't say for Gold)
- Insurer: <<p:Halvorsen Mutual|Storebrand>>
=== school
[letter] Dear parents, the trip of class 6b to the Lichtensee youth hostel takes place from 11 to 15 May 2026. Cost per child: €186, including bus (€38), half board and museum. Deposit of €60 by 20 February to account DE12 5001 0517 0648 4898 90, the rest by 30 April. Bring rain gear; no phones. Questions: Ms Birgit Ahlers, b.ahlers@school.example.
---
The trip lasts five days (four nights) and costs <<n:€186|€168>>. You need to pay <<n:€60|€80>> by 20 February and the remaining €126 by <<n:30 April|15 April>>.
---
Dear Ms <<p:Ahlers|Brandt>>,

I have transferred the deposit of 60 euros for my daughter in <<n:6b|7a>> today. Could you tell me whether the <<n:€38|€58>> for the bus are refunded if we drive her to <<p:Lichtensee|Bodensee>> ourselves?

Kind regards
=== energy-bill
[bill] Contract 90177-33, meter 1EMH0051. Period 01.01.2025 - 31.12.2025 (365 days). Consumption 3,284 kWh. Energy price 31.2 ct/kWh, base price EUR 11.50 a month. Amount EUR 1,162.61. Paid in advance: 11 x EUR 110.00. Credit EUR 47.39. New instalment from March 2026: EUR 97.00.
---
You used <<n:3,284 kWh|3,824 kWh>>, about 9 kWh a day. The energy itself came to €1,024.61 and the base price to €138. As you'd paid €1,210 in advance, you get back <<n:€47.39|€74.39>>.
---
From <<n:March 2026|May 2026>> you pay <<n:€97|€79>> a month instead of €110, i.e. 13 euros less. Your contract number is <<n:90177-33|91077-33>>.
=== science-abstract
[paper] Abstract. We enrolled 342 adults with insomnia in a randomised trial (171 per arm). After 8 weeks of app-based therapy the Insomnia Severity Index fell by 6.1 points (95 % CI 5.2 to 7.0) against 1.9 in controls (p < 0.001; d = 0.84). 12 % dropped out. Effects persisted at 6 months. Funding: Lindqvist Foundation, grant 2020-117. Corresponding author: Adaeze Okonjo, University of Ghent.
---
In the trial with <<n:342|432>> adults, app therapy lowered the ISI by <<n:6.1|8.1>> points, against 1.9 among controls, a difference of 4.2 points. About 41 people dropped out.
---
<<p:Okonjo|Okafor>> et al. report a large effect (d = <<n:0.84|0.48>>) after <<n:eight|twelve>> weeks, which still held half a year later. The study was funded by the <<p:Lindqvist Foundation|Wellcome Trust>>.
=== hr-cv
[cv] Leticia Fonseca Prado. 2011-2014 BSc Mathematics, University of Porto. 2014-2016 MSc Statistics, KU Leuven (with distinction). 2016-2019 Data analyst, Banco Meridional, Lisbon. 2019-2023 Senior data scientist, Zephyr Mobility, Berlin; team of 5. Since 2023 Head of Analytics, Grünfeld Energie, Hamburg; team of 18. Languages: Portuguese, English, German (C1), French (B1).
---
<<p:Leticia Fonseca|Leticia Moreira>> has about ten years of work experience by now: three years at Banco Meridional, four at <<p:Zephyr|Volocar>> and since <<n:2023|2021>> at Grünfeld, where she leads <<n:18|28>> people.
---
**Education:** BSc in maths (Porto, <<n:2014|2012>>), MSc in statistics (<<p:Leuven|Ghent>>, 2016)
**German:** <<n:C1|B2>>
She hasn't mentioned any publications.
=== fr-banque
[doc-1] Livret Horizon : taux annuel brut de 3,25 % jusqu'à 15 000 €, 1,10 % au-delà. Intérêts versés le 31 décembre. Versement minimal 25 €. Plafond 150 000 €. Ouverture gratuite en agence ou en ligne. Retraits possibles à tout moment, virement sous 48 h.
[doc-2] Offre de bienvenue : 80 € offerts pour toute ouverture avant le 30 juin 2026 avec un premier versement d'au moins 1 000 €. Conseillère : Mme Solène Garrigou, 02 55 01 17 30.
---
Avec 10 000 €, vous toucheriez 325 € d'intérêts bruts par an (taux de <<n:3,25 %|3,75 %>>). Au-delà de <<n:15 000 €|25 000 €>>, le taux tombe à 1,10 % (doc-1). Les retraits prennent au plus deux jours.
---
Bonjour, pour obtenir les <<n:80 €|120 €>>, ouvrez votre livret avant la fin du mois de juin 2026 et versez au moins <<n:mille|deux mille>> euros [<<s:doc-2|doc-4>>]. Votre conseillère, Mme <<p:Garrigou|Le Goff>>, est joignable au <<n:02 55 01 17 30|02 55 01 71 30>>.
=== fr-mairie
[arrêté] Commune de Saint-Alban-sur-Lère. Marché de Noël du 5 au 24 décembre 2025, place de la Halle, de 10 h à 20 h (22 h le samedi). 46 exposants. Circulation interdite rue des Tanneurs du 3 au 26 décembre. Navette gratuite toutes les 15 minutes depuis le parking du Moulin (320 places). Contact : Étienne Vasseur, service animation.
---
Le marché dure 20 jours, du 5 au <<n:24 décembre|31 décembre>>, avec <<n:46|64>> exposants. Il ferme à 20 heures, sauf le samedi où il ferme à <<n:22|23>> heures. Garez-vous au parking du <<p:Moulin|Château>>.
---
Une navette gratuite part toutes les <<n:15|30>> minutes, soit quatre par heure. La rue des <<p:Tanneurs|Carmes>> reste fermée jusqu'au 26. Pour toute question, adressez-vous à <<p:Étienne Vasseur|Julien Mercier>>.
=== fr-sante
[notice] Paracétadol 500 mg, comprimés. Adultes et enfants de plus de 50 kg : 1 à 2 comprimés par prise, à renouveler au bout de 4 heures minimum, sans dépasser 8 comprimés (4 g) par jour. Enfants de 27 à 40 kg : 1 comprimé toutes les 6 heures, 4 par jour au maximum. Boîte de 16 comprimés, 2,18 €. Remboursé à 65 %.
---
Un adulte ne doit pas prendre plus de <<n:8|10>> comprimés par jour, soit 4 grammes, et doit attendre au moins <<n:quatre|deux>> heures entre deux prises. Une boîte de <<n:16|24>> comprimés suffit donc pour deux jours à la dose maximale.
---
Pour un enfant de 30 kg : un comprimé toutes les <<n:6|3>> heures, au plus <<n:4|6>> par jour (2 000 mg). La boîte coûte <<n:2,18 €|2,81 €>>, dont environ 1,42 € remboursés.
=== de-verein
[Satzung] Ruderclub Elbbogen e. V., gegründet 1923, 412 Mitglieder. Jahresbeitrag: Erwachsene 240 €, Jugendliche 120 €, Familien 390 €. Kündigung schriftlich bis 30. September zum Jahresende. Vorsitzende: Dr. Henrike Petersen. Bootshaus: 14 Einer, 6 Zweier, 3 Achter.
---
The annual fee is <<n:€240|€420>> for adults and half of that for young people; a family pays <<n:€390|€490>>. The club turned 100 in 2023. To leave, write by <<n:September 30|October 31>>.
---
Der Verein hat <<n:412|421>> Mitglieder und 23 Boote, darunter <<n:drei|fünf>> Achter. Den Vorsitz hat <<p:Henrike Petersen|Antje Petersen>>.
"""
