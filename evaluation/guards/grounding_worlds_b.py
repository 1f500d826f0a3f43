"""Contexts and faithful replies by world, the half that was kept aside; grounding_worlds says how to read them."""

# ruff: noqa: RUF001
TEXT = """\
=== medicine-leaflet
[leaflet] Cortavex 25 mg gastro-resistant tablets. Adults: 50 mg once daily for 4 weeks, then 25 mg. Children from 30 kg: 25 mg once daily. Do not exceed 100 mg per day. Very common side effect (more than 1 in 10): headache. Uncommon (up to 1 in 100): dizziness, rash. Contains 61 mg lactose. Keep below 30 °C. Pack sizes: 14, 28 and 98 tablets. Holder: Almeda Pharma B.V., Leiden.
---
Adults take <<n:50 mg|75 mg>> (two tablets) once a day for the first four weeks and then 25 mg. In the first 28 days you'd therefore need 56 tablets. The maximum daily dose is <<n:100 mg|150 mg>>, i.e. four tablets.
---
Headaches are very common and affect more than 10% of patients; dizziness occurs in up to 1%. The tablets contain lactose (<<n:61 mg|16 mg>>) and should be stored at no more than 30 °C (86 °F). They're made by <<p:Almeda Pharma|Corvida Pharma>> of Leiden in the Netherlands.
=== medicine-lab
[lab] Patient: Gerrit van Olst, b. 12.02.1957. Collected 03.09.2024 07:50. HbA1c 7.4 % (target < 7.0). LDL 142 mg/dl (< 100). HDL 48 mg/dl (> 40). Creatinine 1.31 mg/dl (0.70-1.20). eGFR 56 ml/min (> 60). Potassium 4.4 mmol/l (3.5-5.1).
---
Three of Mr. van Olst's values need attention: HbA1c is 0.4 points above target, LDL cholesterol at <<n:142|124>> mg/dl exceeds the limit of 100 by 42%, and creatinine is slightly raised at 1.31. With an eGFR of <<n:56|65>>, kidney function is mildly reduced. Potassium and HDL are within range.
---
The blood was taken on <<n:3 September 2024|13 September 2024>> at 7:50 a.m., when the patient was 67. Normal range for creatinine: 0.7 to 1.2 mg/dl. Please discuss these results with your physician.
=== medicine-trial
[abstract] METHODS: In this double-blind trial, 312 adults with chronic migraine were randomly assigned (1:1) to sevarlimab 70 mg or placebo monthly for 24 weeks. RESULTS: Mean monthly migraine days fell from 18.1 to 11.3 with sevarlimab and from 17.9 to 14.6 with placebo (difference -3.5 days; 95 % CI -4.6 to -2.4; P<0.001). Serious adverse events: 5 vs 4 patients. 287 completed. Trial registration NCT04871123. Corresponding author: Prof. Aurélie Dumont.
---
The study included <<n:312|321>> adults, 156 in each arm. After 24 weeks, patients on <<p:sevarlimab|Ramotinib>> had 6.8 fewer migraine days a month, those on placebo 3.3 fewer. Twenty-five participants (8%) dropped out.
---
Compared with placebo, sevarlimab cut monthly migraine days by an additional <<n:3.5|5.3>> (95% confidence interval 2.4–4.6). Serious adverse events were rare (five versus four patients). The trial is registered as <<n:NCT04871123|NCT04877123>>. Contact: Professor <<p:Dumont|Lefranc>>.
=== medicine-triage
[chat] My 6-year-old weighs 21 kg and has 39.2 fever since last night. We have paracetamol syrup 120 mg/5 ml at home.
[guideline] Paracetamol for children: 15 mg per kg per dose, every 6 hours, at most 60 mg per kg in 24 hours. Seek care if fever lasts longer than 3 days or exceeds 40.5 degrees, or the child is drowsy.
---
For a weight of 21 kg, one dose is 315 mg (15 mg × 21), which is about 13 ml of your syrup. You can repeat it every <<n:six|four>> hours, but no more than four times a day (1,260 mg). See a doctor if the temperature rises above <<n:40.5 °C|41.5 °C>> or lasts more than three days.
---
A fever of <<n:39.2 °C|39.9 °C>> (102.6 °F) in a six-year-old is usually not dangerous. Paracetamol can be given at <<n:15 mg|20 mg>>/kg. Make sure your child drinks enough, and call a doctor if he or she becomes drowsy.
=== law-contract
[agreement] This Services Agreement is made on 15 January 2024 between Tarrant & Moore LLP ("Client") and Blue Heron Analytics, Inc. ("Provider"). 4.1 Fees: USD 18,500 per month, payable net 30. 4.3 Late payments bear interest of 1.5% per month. 9.2 Liability is capped at the fees paid in the preceding twelve months. 11.1 Initial term: 24 months. 11.2 Termination for convenience on 90 days' notice. 14.6 Governing law: State of Oregon.
---
Under Section 11.1 the initial term runs for two years, i.e. until January 14, 2026. Total fees over that time amount to $444,000 (24 × <<n:$18,500|$15,800>>). The provider's liability is limited to one year's fees, which is at most $222,000.
---
Either side... the agreement allows termination for convenience with <<n:90|60>> days' notice (§ 11.2). If an invoice is paid two months late, interest of 3% ($555) accrues. The contract between <<p:Tarrant|Sedgwick>> & Moore LLP and Blue Heron Analytics is governed by the laws of <<p:Oregon|Nevada>>.
=== law-ruling
[case] Supreme Court of Caledon, judgment of 7 November 2019, No. 2018-0443. The appellant, Ms Oona Fairbrother, was dismissed after 11 years without a hearing. The tribunal awarded 36,000 pounds; the Court of Appeal reduced this to 12,000. Held (4:1, Lord Pemberley dissenting): the award of the tribunal is restored. Lady Ashcombe: "A fair procedure is not a favour which an employer may grant or withhold."
---
In its decision of <<n:7 Nov 2019|17 Nov 2019>>, the Supreme Court restored the original award of £36,000, three times the sum that the Court of Appeal had allowed. Lady <<p:Ashcombe|Winterbourne>> wrote: "<<q:A fair procedure is not a favour|A fair procedure is mostly a favour>> [...]".
---
The court decided by four votes to one; Lord <<p:Pemberley|Hartigan>> dissented. Ms Fairbrother had worked for her employer for <<n:eleven|thirteen>> years. The Court of Appeal's reduction of £24,000 was thus reversed.
=== law-statute
[statute] § 17 Holiday Act. (1) Every employee is entitled to at least 24 working days of paid leave per calendar year. (2) The full entitlement is acquired after six months. (3) Leave must be taken by 31 March of the following year at the latest. § 18. Public holidays are not counted as leave. § 22. Violations: fine of 500 to 5,000 crowns.
[user] I started on 1 May and want to take all of my leave in December, ok?
---
Yes: by 1 November you'll have worked there for six months, so you've acquired the full entitlement of <<n:24|28>> working days (§ 17 (1), (2)). Leave that you don't use can be taken until <<n:31 March|31 May>> of next year.
---
You may take it in December. Christmas and other public holidays don't count as leave (<<n:§ 18|§ 28>>). An employer who refuses risks a fine of between 500 and <<n:5,000|8,000>> crowns.
=== recipe-soup
[recipe] Kerala-style lentil soup (serves 4): 250 g red lentils, 400 ml coconut milk, 800 ml vegetable stock, 2 onions, 3 cloves of garlic, 1 tbsp curry leaves, juice of 1 lime. Simmer for 25 minutes. Per serving: 412 kcal, 17 g protein, 19 g fat.
[user] Scale it to 6 and tell me the calories for the whole pot.
---
**For six people:**

* 375 g red lentils
* 600 ml coconut milk
* 1.2 l stock
* 3 onions, 4–5 cloves of garlic
* 1½ tbsp curry leaves

Let it simmer for <<n:25|35>> minutes. The whole pot then has 2,472 kcal (6 × <<n:412|421>>).
---
The original recipe serves four, with 412 kcal and <<n:17 g|27 g>> of protein each, so the pot has 1,648 calories and 68 g of protein. 250 grams of lentils are about 9 oz, and 800 ml of stock around 3⅓ cups.
=== recipe-german
[rezept] Zwetschgenkuchen vom Blech (20 Stücke): 500 g Mehl, 1 Würfel Hefe (42 g), 250 ml Milch, 80 g Zucker, 80 g Butter, 1 Ei, 2 kg Zwetschgen, Zimt. Teig 45 Minuten gehen lassen. Bei 190 Grad 35 bis 40 Minuten backen. Pro Stück etwa 190 kcal. Von Oma Hildegunde.
---
Für ein halbes Blech (10 Stücke) brauchen Sie 250 g Mehl, 21 g Hefe, 125 ml Milch und ein Kilo Zwetschgen. Der Teig muss eine Dreiviertelstunde gehen. Danach kommt der Kuchen für <<n:35–40|55–60>> Minuten bei <<n:190 °C|160 °C>> in den Ofen.
---
Grandma <<p:Hildegunde|Waltraud>>'s plum cake makes <<n:20|24>> slices of about 190 kcal each, or 3,800 kcal for the whole tray. Including rising and baking, allow at least 80 minutes.
=== estate-listing
[listing] 3-bed semi-detached house, 14 Wren Close, Aldersham. Guide price £425,000. Built 1936, extended 2014. Floor area 1,130 sq ft. EPC rating D (62). Council tax band E: £2,590 a year. Station 0.6 miles (London in 52 minutes). Agent: Pargeter & Lowe. Viewings Saturdays 10-12.
---
The house at 14 Wren Close is on the market for <<n:£425,000|£452,000>>, which works out at £376 per square foot. It has 105 m² of living space. The nearest station is about a kilometre away, with trains to <<p:London|Bristol>> taking 52 min.
---
Built in the 1930s and extended in 2014, the property has three bedrooms. Council tax (band E) costs around £216 a month. A 10% deposit would be £42,500, leaving a mortgage of £382,500. To view it on a <<n:Saturday|Saturday at 3 pm>>, call <<p:Pargeter|Winkworth>> & Lowe.
=== estate-renovation
[quote] Roof renovation: scaffolding 3,400; removal of tiles 142 m² x 18 = 2,556; insulation 142 m² x 46 = 6,532; new tiles 142 m² x 61 = 8,662; gutters 38 m x 27 = 1,026. Net total 22,176 EUR. Grant: 15 % of insulation. Start week 19, duration about 4 weeks. Master roofer Zbigniew Halicki.
---
Mr <<p:Halicki|Mazurek>> quotes EUR 22,176 net for the roof, which has an area of <<n:142 m²|124 m²>>. With a grant of 15% on insulation you'd get €979.80 back. The new tiles are the largest item (<<n:€8,662|€8,626>>, 39% of the total).
---
| Item | Cost |
|---|---|
| Scaffolding | <<n:3,400|4,300>> |
| Tiles (removal + new) | 11,218 |
| Insulation | 6,532 |
| Gutters | 1,026 |

Work begins in calendar week 19 and would be finished around week 22 or 23. That's roughly €156 per square metre.
=== science-exoplanet
[paper] We report TOI-9127 b, a transiting planet with a radius of 2.31 Earth radii and a mass of 6.8 Earth masses, orbiting an M dwarf every 9.42 days at 0.071 au. Equilibrium temperature 412 K. Host: 0.44 solar masses, distance 38.6 parsecs, age 5.1 Gyr. Discovered with TESS sectors 14-16, confirmed with 58 HARPS-N spectra. Lead author Ilse Brandvold, University of Bergen.
---
TOI-9127 b circles its red dwarf star once every <<n:9.42|9.24>> days. It's about 2.3 times as large as Earth and 6.8 times as massive. At a distance of 38.6 pc (roughly 126 light-years) it is a good target for JWST... though the paper itself doesn't mention that telescope. Its temperature of <<n:412|442>> K corresponds to about 139 °C.
---
The team led by <<p:Ilse Brandvold|Camille Rostand>> used data from three TESS sectors and <<n:58|85>> spectra. The star is 5.1 billion years old, a little older than our Sun, and has less than half its mass.
=== science-birds
[survey] Breeding census Saltmarsh Reserve 2023 (2013 in brackets): lapwing 46 pairs (71), redshank 118 (95), avocet 212 (164), oystercatcher 39 (58). Ringed: 1,904 birds of 37 species. Volunteers: 52, with 3,120 hours. Warden: Fenella Tideswell.
---
Lapwings have declined by 35% in ten years, from 71 to <<n:46|64>> pairs, and oystercatchers by a third. Redshanks and avocets increased by 23 and 48 pairs respectively. In total 415 pairs of the four species bred in 2023, compared with 388 in 2013.
---
Fifty-two volunteers put in <<n:3,120|3,210>> hours, an average of 60 each. Over 1,900 birds from <<n:37|73>> species were ringed. For more information, contact the warden, <<p:Fenella Tideswell|Rosalind Marchbank>>.
=== science-material
[datasheet] Polymer PX-40: density 1.27 g/cm³, tensile strength 62 MPa, melting point 224 °C, glass transition 71 °C, water absorption 0.3 % (24 h). Shrinkage 1.1 %. Price 4.85 EUR/kg at 1,000 kg. Supplier Lombardi Compounds S.p.A.
---
PX-40 melts at <<n:224 °C|242 °C>> (435 °F) and has a tensile strength of 62 MPa, about 9,000 psi. A part with a volume of 50 cm³ weighs 63.5 g. Buying a tonne from <<p:Lombardi|Ferrazzi>> costs €4,850.
---
Its density is 1,270 kg/m³, so it sinks in water. It absorbs only <<n:0.3%|0.8%>> of water within a day. A 200 mm mould gives a part of about 197.8 mm because of the 1.1% shrinkage.
=== spanish-gym
[condiciones] Gimnasio Vértigo, Salamanca. Cuota mensual 34,90 €; trimestral 94,50 €; anual 349 €. Matrícula 25 € (gratis en septiembre). Horario: lunes a viernes 6:30-23:00, sábados 9-20, domingos 9-14. Permanencia: ninguna. Baja con 15 días de antelación. Entrenadora jefe: Itziar Mendizábal.
[user] ¿Qué cuota me conviene si voy todo el año?
---
Si vas a entrenar todo el año, la cuota anual de <<n:349 €|394 €>> es la más barata: equivale a 29,08 € al mes. Con la mensual pagarías 418,80 € y con la trimestral 378 €, así que te ahorras 69,80 € frente a la primera.
---
El gimnasio abre de lunes a viernes de 6:30 a <<n:23:00|22:30>>, los sábados de 9 a 20 y los domingos hasta las dos de la tarde. No hay permanencia; basta avisar con <<n:quince|treinta>> días. La entrenadora jefe es <<p:Itziar Mendizábal|Nerea Etxeberria>>.
=== spanish-news
[noticia] Valdepuerta, 14 de noviembre de 2022. Las lluvias de la noche del sábado dejaron 96 litros por metro cuadrado en cinco horas. Los bomberos atendieron 214 avisos y evacuaron a 63 vecinos del barrio de La Marina. La alcaldesa, Rosario Quintanilla, pidió la declaración de zona catastrófica: «Nunca habíamos visto el río tan alto». Los daños se estiman en 7,2 millones.
---
Heavy rain on Saturday night brought 96 mm within <<n:five|nine>> hours to Valdepuerta. Firefighters responded to 214 calls, and 63 residents of the La Marina district were evacuated. Mayor <<p:Rosario Quintanilla|Consuelo Barrientos>> asked for the town to be declared a disaster area. Damage is estimated at €<<n:7.2|2.7>> million.
---
En cinco horas cayeron <<n:96|69>> litros por metro cuadrado, es decir, unos 19 litros por hora. Según la alcaldesa Quintanilla, «<<q:nunca habíamos visto el río tan alto|nunca habíamos visto el mar tan alto>>».
=== italian-hotel
[offerta] Agriturismo Le Querce, Montefalcone. Doppia con colazione 118 € a notte, quadrupla 172 €. Mezza pensione +28 € a persona. Piscina aperta dal 15 maggio al 20 settembre. Soggiorno minimo 2 notti, ad agosto 5. Caparra 30 %. A 12 km dal mare. Titolare: Donatella Fabbri.
---
A double room costs <<n:€118|€181>> per night with breakfast; three nights with half board for two would come to €522. You'd pay a deposit of 30%, i.e. €156.60. The sea is <<n:12 km|21 km>> (7.5 miles) away.
---
La piscina è aperta da metà maggio al <<n:20 settembre|30 settembre>>. In agosto il soggiorno minimo è di <<n:cinque|sette>> notti, quindi almeno 590 € in doppia. Per prenotare rivolgersi a <<p:Donatella Fabbri|Loredana Pellicani>>.
=== dutch-mail
[mail] Van: Femke Dijkhuizen <femke@dijkhuizenadvies.example>
Aan: Okke Terpstra
Betreft: begroting 2025
Beste Okke, de begroting komt uit op € 268.400, dat is 6,5 % meer dan in 2024. Personeel 171.000, huisvesting 52.800, overig 44.600. Graag reactie vóór vrijdag 11 oktober 12.00 uur. We bespreken het op de 16e. Groet, Femke
---
Femke's e-mail about the 2025 budget: the total comes to <<n:€268,400|€286,400>>, 6.5% more than this year's (about €252,000). Staff accounts for 64%, housing for <<n:52,800|58,200>>. She'd like a reply by noon on Friday, 11 October.
---
De begroting voor 2025 bedraagt € 268.400. Daarvan gaat <<n:€ 171.000|€ 117.000>> naar personeel en € 97.400 naar huisvesting en overige kosten. De bespreking is op <<n:16 oktober|18 oktober>>, vijf dagen na de deadline.
=== tool-weather
[get_forecast] {"city":"Tromsø","days":[{"date":"2025-01-17","tmin":-8,"tmax":-3,"precip_mm":1.2,"wind_ms":6},{"date":"2025-01-18","tmin":-11,"tmax":-6,"precip_mm":0,"wind_ms":3},{"date":"2025-01-19","tmin":-5,"tmax":1,"precip_mm":7.4,"wind_ms":14}],"aurora_kp":5}
---
Here's the forecast for Tromsø:

- **Fri 17 Jan:** −8 to −3 °C, a little snow (<<n:1.2 mm|2.1 mm>>)
- **Sat 18 Jan:** −11 to −6 °C, dry and calm
- **Sun 19 Jan:** −5 to +1 °C, 7.4 mm, windy (<<n:14|19>> m/s, about 50 km/h)

Saturday is your best chance to see the northern lights, with a Kp index of 5.
---
The coldest night will be Saturday with <<n:-11|-17>> °C (12 °F). In total 8.6 mm of precipitation is expected in <<p:Tromsø|Bodø>> over the three days, most of it on Sunday. On Sunday the temperature climbs just above freezing.
=== tool-crm
[lookup_customer] {"id":"C-40912","name":"Orsolya Batthyány","tier":"gold","since":"2017-05-09","ltv_eur":18240.55,"open_tickets":[{"id":55102,"age_days":4,"subject":"Double charge on 02/11"},{"id":55167,"age_days":1,"subject":"Change of address"}],"points":12750}
---
Orsolya Batthyány has been a customer since <<n:May 9, 2017|May 19, 2017>> and holds gold status. She has two open tickets: #55102 (double charge, four days old) and <<n:#55167|#55176>> (change of address, opened yesterday). Her lifetime value is about €18,200.
---
Ms. <<p:Batthyány|Szapáry>> has collected <<n:12,750|17,250>> points. I'd prioritise ticket 55102, which is three days older than the other one.
=== tool-sql
[run_query] region|orders|revenue|returns
North|1840|92310.50|74
South|1215|70122.25|81
East|640|31880.00|19
West|2105|118404.75|126
(4 rows, 0.38 s)
---
All four regions together had 5,800 orders and revenue of $312,717.50. <<p:West|Central>> leads with 2,105 orders (36%). South has the highest return rate at 6.7%, East the lowest at 3.0%. Average order value in the North: $50.17.
---
| Region | Orders | Returns |
|---|---|---|
| West | <<n:2,105|2,501>> | 126 |
| North | 1,840 | 74 |
| South | <<n:1,215|1,521>> | 81 |
| East | 640 | 19 |

In total, 300 orders were returned, i.e. 5.2%. The query took <<n:0.38|0.83>> seconds.
=== education-syllabus
[syllabus] STAT 214, Spring 2025, Prof. Lucinda Abernathy. Lectures Mon/Wed 10:15-11:45, room B3.07. Assessment: six problem sets (5 % each), midterm 30 % on 12 March, final 40 % on 21 May. Pass mark 50 %. Textbook: Hollander, "Thinking in Samples", 3rd ed. Office hours Thu 14-16.
---
STAT 214 is taught by Prof. <<p:Abernathy|Whitcombe>> on Mondays and Wednesdays from 10:15 to <<n:11:45|12:15>> in room B3.07. Each class lasts an hour and a half, i.e. three hours a week. The problem sets count for 30% altogether, the midterm for another 30% and the final for 40%.
---
If you get full marks on all problem sets and 60% in the midterm, you'll have 48 points before the final, so you'd only need 5% there to pass. The midterm is on Wednesday, <<n:12 March|19 March>>; the final exam follows ten weeks later, on 21 May. Office hours: Thursdays, 2–<<n:4 p.m.|5 p.m.>>
=== education-pisa
[report] The school tested 148 pupils of year 9. Mathematics: mean 512 (2019: 497). Reading: 488 (501). Science: 505 (505). 23 pupils did not reach level 2 in reading. The district mean is 495 in all three. Head teacher: Wilhelmina Strand.
---
Mathematics improved by 15 points to <<n:512|521>>, while reading dropped by 13 to 488, seven points below the district average. Science was unchanged. About 16% of pupils missed level 2 in reading.
---
Of the <<n:148|184>> ninth-graders, 125 reached at least level 2 in reading. The school does best in maths, 17 points above the district. Ms <<p:Strand|Kjellberg>>, the head, has not commented.
=== hr-leave
[policy] Parental leave: 16 weeks fully paid, plus up to 36 weeks at 60 % pay. Apply at least 8 weeks before the expected date. Sick leave: certificate from day 4. Remote work: 3 days a week, up to 25 days a year from abroad. Bonus: 10 % of base salary, paid in March. Contact: people@norvane.example, Dagmar Ohlsen.
[user] Baby due 20 June. When must I apply, and what would I get on 5,000 a month?
---
Congratulations! You need to apply by 25 April, eight weeks before your due date. For the first <<n:16|18>> weeks you receive your full salary of 5,000 a month; after that you can take up to 36 more weeks at 3,000 (60%). In total that's a full year (52 weeks).
---
You're entitled to 16 weeks at full pay and another <<n:36 weeks|26 weeks>> at <<n:60%|80%>>. Please write to <<p:Dagmar Ohlsen|Birgit Solheim>>. By the way, your 10% bonus is paid out in March.
=== hr-minutes
[minutes] Works council, 4 June 2024, 13:00-14:40. Present: A. Brankovic (chair), S. O'Dea, L. Tran, M. Eriksson; apologies: K. Weiss. 1. Canteen price rises from 5.40 to 5.90 euros from 1 July. 2. 38 overtime requests in May (April: 51), 4 refused. 3. Next meeting: 2 July, 13:00.
---
The meeting on <<n:4 June|14 June>> lasted 1 hour 40 minutes and was chaired by A. <<p:Brankovic|Stojanovic>>. Lunch will cost 50 cents (9%) more as of July. Thirty-four of the <<n:38|58>> overtime requests in May were approved. The council meets again four weeks later, on July 2.
---
Four members attended, and K. Weiss sent apologies. Overtime requests dropped by a quarter compared with April (51). The canteen's new price is <<n:€5.90|€6.20>>.
=== insurance-claim
[policy] HomeSafe policy HS-2209-77, insured sum 65,000 CHF, deductible 300 CHF, water damage covered, bicycle theft up to 2,000 CHF. Premium 214.80 CHF a year. [letter] Claim 7/2024-1093: washing machine leak on 6 July; parquet 3,870 CHF, drying 640 CHF, wallpaper 415 CHF. Adjuster: Régis Favre.
---
The damage totals CHF 4,925. After the deductible of <<n:CHF 300|CHF 500>>, CHF 4,625 will be paid out. The largest item is the parquet floor at <<n:CHF 3,870|CHF 3,780>>. Your adjuster, Mr. <<p:Favre|Jaccard>>, will be in touch.
---
Yes, water damage is covered by HomeSafe policy <<n:HS-2209-77|HS-2290-77>>. The annual premium of CHF 214.80 corresponds to CHF 17.90 a month. A stolen bike would be covered up to <<n:CHF 2,000|CHF 3,000>>.
=== agriculture-yield
[report] Harvest 2023, Hof Steinmark: winter wheat 42 ha, 7.9 t/ha; barley 18 ha, 6.6 t/ha; rapeseed 12 ha, 3.4 t/ha; maize 25 ha, 44 t/ha. Wheat price 228 EUR/t. Rain April-July 186 mm (mean 240). Farmer: Gesine Lührs.
---
The farm grew crops on 97 hectares. The wheat harvest amounted to about 332 t (42 ha × <<n:7.9 t|9.7 t>>), worth around €75,650 at €228 per tonne. Rainfall was 54 mm, or 22.5%, below the mean.
---
With <<n:44|54>> tonnes per hectare, maize did best by weight. Barley was grown on 18 ha (44 acres) and yielded 118.8 tonnes. Ms. <<p:Lührs|Brodersen>> blames the dry spring: only <<n:186|168>> mm of rain fell from April to July.
=== aviation-manual
[manual] Aircraft D-EKLM: maximum take-off mass 1,157 kg, empty mass 743 kg, fuel capacity 2 x 94 l (usable 180 l), fuel density 0.72 kg/l, consumption 34 l/h at 65 % power, cruise 118 kt. Service ceiling 13,500 ft. Minimum runway 520 m.
---
With full usable tanks (180 l, about 130 kg), the payload is 284 kg: 1,157 − <<n:743|734>> − 130. At 34 l/h, endurance is a good five hours and a quarter, which gives a range of roughly 620 NM at 118 knots.
---
Max. take-off mass: <<n:1,157 kg|1,175 kg>> (2,551 lb). Service ceiling: 13,500 ft (4,115 m). The runway must be at least <<n:520|620>> m long. 8 of the 188 litres of fuel are unusable.
=== library-catalog
[record] Title: The Salt Roads. Author: Varga, Ilona P. Publisher: Umbra Press, Lisbon, 2016 (2nd, revised edition; first published 2009). 384 pp., 41 ill. ISBN 978-3-598-21508-7. Shelf mark: Ge 114.2 VAR. 3 copies, 1 available. Loan period 28 days, renewable twice.
---
*The Salt Roads* by Ilona P. Varga came out in 2009; the revised second edition followed seven years later at <<p:Umbra Press|Vela Press>>. It has 384 pages and <<n:41|47>> illustrations. One of three copies is currently available, so two are on loan.
---
You'll find I. Varga's book under Ge 114.2 VAR. You can borrow it for <<n:four|six>> weeks and renew it twice, i.e. keep it for 84 days in total. ISBN: <<n:978-3-598-21508-7|978-3-598-21580-7>>.
=== museum-cited
[src-a] The Lindqvist Collection holds 2,340 paintings, of which 318 are on display. It was bequeathed to the city in 1927 by the shipowner Axel Lindqvist (1851-1926).
[src-b] Press release, 9 Feb 2024: "After three years of work, the Dutch room will be open again from 1 March." The renovation cost 5.6 million kronor. Admission 140 kronor, free under 18.
---
Of the 2,340 paintings in the collection, <<n:318|381>> (about 14%) can be seen [<<s:src-a|src-d>>]. Shipowner <<p:Axel Lindqvist|Gustaf Ekelund>> died in 1926 at the age of 74 or 75 and left it to the city the year after.
---
The Dutch room, closed for three years, reopens on <<n:1 March 2024|11 March 2024>> (Source: src-b). As the press release puts it, "<<q:the Dutch room will be open again|the Dutch room will be closed again>>". A family of two adults and two teenagers of 15 and 16 pays 280 kronor.
"""
