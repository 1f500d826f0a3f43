"""Contexts and faithful replies by world, a second part that the detector was worked on; grounding_worlds says how to read them."""

# ruff: noqa: RUF001
TEXT = """\
=== telecom-bill
[bill] Fjordnet mobile, account 7741-02, billing period 12 Feb - 11 Mar 2025. Plan Flex 20 GB: 24.00. Used 26.4 GB; extra data 1.50 per started GB. Roaming Switzerland: 11 min at 0.39. SMS 4 at 0.12. Due 25 Mar 2025. Contact: Solveig Aune.
---
You used 6.4 GB more than your plan includes. Since every started gigabyte is charged, that's 7 × 1.50 = 10.50. Roaming adds 4.29 and text messages 0.48, so the total is <<n:39.27|37.29>>. Please pay by <<n:March 25|March 29>>.
---
| Item | Amount |
|---|---|
| Plan | 24.00 |
| Extra data | 10.50 |
| Roaming | 4.29 |
| SMS | 0.48 |
| **Total** | **39.27** |

The extra data alone makes up about 27% of your bill. A bigger plan might be worth it; ask <<p:Solveig Aune|Ragnhild Moen>>.
=== chess-event
[pgn] Reykholt Open 2022, round 7 of 9. White: Zsófia Keresztes (2418), Black: Mikkel Thorup (2455). Result 1-0 in 41 moves, Sicilian Najdorf (B90). Standings after the round: Thorup 5.5, Keresztes 5.5, Adeyinka 5, Moreau 5, Pál 4.5.
---
In round <<n:7|8>>, <<p:Keresztes|Holloway>> (rated 2418) beat the higher-rated Mikkel Thorup in 41 moves and caught up with him: both lead with 5½ points. Two rounds remain.
---
The Elo difference between the two players was only 37 points. Adeyinka and Moreau share third place half a point behind. The opening was a <<p:Najdorf|Dragon>> Sicilian (ECO code <<n:B90|B96>>).
=== physics-homework
[task] A car of mass 1,250 kg accelerates uniformly from rest to 27 m/s in 9.0 s. Friction is neglected. (a) acceleration, (b) net force, (c) distance, (d) kinetic energy at the end.
---
(a) a = v / t = 27 / 9.0 = 3.0 m/s²
(b) F = m·a = 1,250 × 3.0 = 3,750 N
(c) s = ½·a·t² = 0.5 × 3.0 × 81 = 121.5 m
(d) E = ½·m·v² = 0.5 × 1,250 × 729 ≈ 456 kJ

The car reaches 27 m/s, i.e. about 97 km/h (60 mph), after <<n:9|6>> seconds.
---
Its final speed is 97.2 km/h. The force needed is 3.75 kN, and it travels 121.5 metres while speeding up. Mass: <<n:1,250 kg|1,520 kg>>.
=== k8s-pods
[kubectl] NAME READY STATUS RESTARTS AGE
api-6d9f7-x2k 1/1 Running 0 3d4h
api-6d9f7-p8q 1/1 Running 2 3d4h
worker-58c-l1m 0/1 CrashLoopBackOff 37 5h12m
redis-0 1/1 Running 0 21d
[yaml] resources: requests: {cpu: 250m, memory: 512Mi} limits: {cpu: 500m, memory: 1Gi} replicas: 2
---
Three of the four pods are running. `worker-58c-l1m` is in CrashLoopBackOff and has restarted <<n:37|73>> times within a little over five hours, i.e. about seven times an hour. Have a look at its logs:

```bash
kubectl logs worker-58c-l1m --previous
```
---
Each replica requests a quarter of a CPU core and <<n:512 MiB|256 MiB>> of memory and may use up to half a core and 1 GiB. With two replicas, that's 0.5 CPU and 1 GiB requested in total. Redis has been up for three weeks (<<n:21 days|12 days>>).
=== git-log
[git] 9f3c2ab 2025-02-11 Imogen Thackeray: Fix race in scheduler (#812)
41d07be 2025-02-10 Imogen Thackeray: Bump pydantic to 2.10.6
c08e5d1 2025-02-07 Kofi Ansah: Add retry budget (#798)
Tag v3.4.0 on 2025-02-06. 14 files changed, 403 insertions, 158 deletions since v3.4.0.
---
Since <<n:v3.4.0|v3.6.0>> (6 February 2025) there have been three commits: two by <<p:Imogen Thackeray|Harriet Penrose>> and one by Kofi Ansah. They add a retry budget (#798), fix a race in the scheduler (<<n:#812|#821>>) and upgrade pydantic to 2.10.6. The net change is +245 lines in 14 files.
---
The latest commit is `9f3c2ab` from 11 Feb, five days after the release. A total of 561 lines were touched.
=== funnel
[analytics] March 2024: visitors 48,200; sign-ups 2,892; activated 1,301; paying 217. April: visitors 51,900; sign-ups 3,425; activated 1,713; paying 301. Average revenue per paying user 42 dollars a month. Ad spend April 9,300 dollars. Owner: growth team, Lwazi Dlamini.
---
Sign-up conversion improved from 6.0% to 6.6%, activation from 45% to 50%, and paid conversion from 16.7% to 17.6%. Overall, <<n:301|310>> people paid in April, 84 more than in March (+39%).
---
- Cost per new paying customer in April: $30.90 ($9,300 / 301)
- Additional monthly revenue: about $12,600 (301 × <<n:$42|$24>>)
- Visitors: up 7.7% to <<n:51,900|59,100>>

Questions? Ask <<p:Lwazi Dlamini|Sipho Nkosi>>.
=== ab-test
[result] Experiment checkout-3. Control: 12,480 sessions, 624 purchases. Variant: 12,520 sessions, 726 purchases. Uplift +16.0 % relative, p = 0.004. Duration 14 days, ended 8 Dec 2023. Guardrail latency: 212 ms vs 219 ms.
---
The variant converted at 5.8% versus 5.0% for the control, a relative uplift of <<n:16%|19%>> (0.8 percentage points). With p = 0.004 the result is significant at the 1% level. Latency rose by 7 ms, or 3.3%.
---
The two-week test had 25,000 sessions and 1,350 purchases altogether, and started around <<n:24 November|14 November>>. I'd recommend rolling it out.
=== logistics
[shipment] B/L HLCU7730215, container 40' HC TGHU 661482-0, 22 pallets, 18,640 kg gross, 66.2 m³. ETD Busan 3 Jun 2024, ETA Rotterdam 8 Jul 2024. Freight USD 4,150 + BAF 620 + THC EUR 235. Demurrage: 7 days free, then USD 90 a day. Consignee: Vandermolen Tuinmeubelen.
---
Transit from Busan to Rotterdam takes 35 days (five weeks). Freight including BAF is <<n:$4,770|$4,990>>, plus €235 THC. Each pallet weighs 847 kg on average. The free period ends on 15 July; after that demurrage is <<n:$90|$60>> per day.
---
The container <<n:TGHU 661482-0|TGHU 664182-0>> for <<p:Vandermolen|Kuipershoek>> is a 40-foot high cube with 66.2 cubic metres and 18.64 tonnes. If it is picked up on 20 July, you would pay for five days, i.e. $450.
=== customs
[notice] Import from outside the union: goods up to 150 euros are free of duty; VAT 21 % always applies. Duty on clothing 12 %, on electronics 0 to 4.5 %. Handling fee of the post 6.50 euros. Objections within six weeks.
[user] I ordered a jacket for 180 euros plus 20 shipping. What will I have to pay?
---
Since the value is above <<n:€150|€250>>, you'd pay 12% duty on €200 (€24), then 21% VAT on €224 (€47.04), plus the handling fee of €6.50, i.e. €77.54 in total.
---
Expect roughly 78 euros on top of your 200 euros. If you disagree, you have <<n:six weeks|nine weeks>> (42 days) to object.
=== podcast
[feed] Deep Harbour, season 3. E1 "Ballast" 41:20, 4 Sep 2024. E2 "The Pilot" 38:45, 11 Sep. E3 "Slack Water" 52:10, 18 Sep. Hosts: Renske Blom and Tunde Bakare. 1.2 million downloads to date; sponsors: Kelp & Co, Northlight.
---
Season 3 has three episodes so far, released weekly in September 2024. Together they run for 2 hours 12 minutes; the longest is "Slack Water" at <<n:52:10|51:20>>. The hosts are <<p:Renske Blom|Liesbeth Kok>> and Tunde Bakare.
---
Episode 2, "The Pilot", came out on <<n:11 September|13 September>> and is under 39 minutes long. The show has been downloaded more than a million times.
=== theatre
[programme] Teatro Almeida. "The Glass Orchard" by Yevgenia Markova, directed by Hugo Santarém. 28 March to 19 April, Wed-Sat 20:30, Sun 16:00. Running time 2 h 35 min incl. interval of 20 min. Tickets 14, 22 and 31 euros; under 30s half price. 412 seats.
---
The play runs from <<n:March 28|March 25>> to April 19, with evening shows at 8:30 PM and a matinee at 4 PM on Sundays. Without the interval it lasts two hours and a quarter. If you're under 30, you pay €7, €11 or €15.50.
---
It was written by <<p:Yevgenia Markova|Ludmila Orlova>>. A sold-out night means <<n:412|421>> guests. An evening performance ends at about 11:05 PM.
=== payroll
[payslip] Employee: Amadou Cissé, No. 30418, October 2023. Gross 3,850.00; bonus 250.00; wage tax 512.40; social insurance 829.75; pension 116.00; net 2,641.85. Hours 162.5; overtime 7.5. Leave left 11.5 days.
---
From a total gross of €4,100 (<<n:€3,850|€3,580>> plus a bonus of €250), €1,458.15 was deducted, leaving a net pay of €2,641.85. That's about 64% of the gross amount.
---
Amadou worked <<n:162.5|126.5>> hours in October 2023, of which 7.5 were overtime, and has 11½ days of leave left. His largest deduction was social insurance at <<n:829.75|892.75>>.
=== options-grant
[grant] 6,000 options, strike 4.20 USD, granted 1 Sept 2021, four-year vesting, one-year cliff, then monthly. Company valued at 11.80 USD a share in the last round (May 2023). Exercise window after leaving: 90 days. Plan administrator: Carthage Trust.
[user] I leave on 1 March 2024. What are my options worth?
---
By 1 March 2024 you'll have vested 30 of 48 months, i.e. 3,750 of the <<n:6,000|9,000>> options. At $11.80 a share, the spread is $7.60, so they'd be worth $28,500 before tax. Exercising costs $15,750.
---
You have <<n:90 days|60 days>> after leaving to exercise, that is until 30 May 2024. A quarter of the grant (1,500 options) vested at the cliff on 1 September 2022, and 125 a month after that. Contact <<p:Carthage|Corinth>> Trust.
=== gardening
[label] Tomato 'Rubia Grande': sow indoors Feb-April at 20-25 °C, germination 7-10 days, plant out from mid-May, spacing 60 x 80 cm, height up to 180 cm, harvest July-Oct, yield 4 kg per plant. Contents 15 seeds.
---
Sow the seeds indoors between February and April. They'll germinate after <<n:7 to 10|17 to 20>> days at 20–25 °C (68–77 °F). Put the seedlings outside from the middle of May, 60 cm apart in rows of 80 cm. Plants grow up to 1.8 metres (almost 6 feet) tall.
---
If all 15 seeds come up, you could harvest 60 kg of tomatoes from July on. Each plant needs about half a square metre (<<n:60|90>> cm × 80 cm = 0.48 m²).
=== dental
[plan] Treatment plan, Dr Ottavia Serafin. Tooth 36: root canal 480, crown 890. Tooth 11: filling 140. Cleaning 95. Insurance covers 70 % of root canals, 50 % of crowns, 100 % of fillings, nothing for cleaning. Annual maximum 1,000.
---
The whole plan costs €1,605. Insurance pays €336 for the root canal, €445 for the crown and €140 for the filling, altogether €921, which is below the maximum of <<n:€1,000|€1,500>>. You pay the remaining €684.
---
Tooth 36 needs a root canal and a crown (together 1,370). The cleaning at <<n:€95|€59>> is not covered. Dr. <<p:Serafin|Bellandi>> would like to start soon.
=== fitness
[plan] Week 5: Mon 4 x 8 squats at 70 kg; Wed 5 x 5 deadlift at 95 kg; Fri 3 x 12 bench press at 47.5 kg; Sun run 8 km, target 5:30 min/km. Rest 90 s between sets. Week 6: add 2.5 kg each.
---
On Sunday you run <<n:8 km|6 km>> at 5:30 per kilometre, which takes 44 minutes. In week 6 you'd squat 72.5 kg, deadlift 97.5 kg and bench 50 kg.
---
- **Mon:** 32 squats in 4 sets, 2,240 kg in total
- **Wed:** 25 deadlifts, 2,375 kg
- **Fri:** 36 reps of bench press, <<n:47.5 kg|45.7 kg>> each

Rest for a minute and a half between sets.
=== swimming
[meet] 200 m freestyle women, final: 1 Katya Volkova 1:57.42 (NR), 2 Amelia Hartnoll 1:58.03, 3 Ying Zhao 1:58.10, 8 Paula Rey 2:01.77. World record 1:52.23. Water 26.8 degrees.
---
Volkova won in <<n:1:57.42|1:54.72>>, a national record, 0.61 seconds ahead of <<p:Hartnoll|Carmody>>. Third place was decided by seven hundredths of a second. She was 5.19 seconds off the world record.
---
The gap between first and eighth was 4.35 s. The winner's average speed was about 1.7 m/s.
=== cycling-stage
[stage] Stage 14: Foix - Plateau de Beille, 192.6 km, 4,850 m of climbing. Winner: Oier Lazkano-Etxebeste 5h 02' 11", 2. Jai Winterbottom +0'43", 3. Remco Aertgeerts +1'16". Average 38.2 km/h. Overall: Winterbottom leads by 1'57". 3 riders abandoned, 141 remain.
---
The Basque rider took the stage after just over five hours, 43 seconds ahead of <<p:Winterbottom|Cavanaugh>>, who still leads the overall standings by nearly two minutes. The riders covered <<n:192.6|196.2>> km (119.7 miles) with 4,850 metres of climbing.
---
Aertgeerts finished third, 33 seconds behind the runner-up. 144 riders started the stage and <<n:141|114>> finished it. The winner averaged 38.2 km/h (23.7 mph).
=== portuguese-menu
[ementa] Tasca da Ribeira. Menu do dia 12,50 € (sopa, prato, bebida, café). Bacalhau à Brás 13,90 €; polvo à lagareiro 17,80 €; vinho da casa 0,75 l 9,50 €. Aberto de terça a sábado, 12h-15h e 19h-22h30. Reservas: 21 555 0733 (Dona Graça).
---
The daily menu costs <<n:€12.50|€15.20>> and includes soup, a main dish, a drink and coffee. Two people having the octopus with a bottle of house wine would pay €45.10. They're open for lunch from noon to 3 p.m. and for dinner from 7 to <<n:10:30 p.m.|11:30 p.m.>>, Tuesday through Saturday.
---
O bacalhau custa <<n:13,90 €|19,30 €>> e o polvo 17,80 €, ou seja, mais 3,90 €. Para reservar, ligue para o 21 555 0733 e fale com a Dona <<p:Graça|Lurdes>>.
=== swedish-bus
[tidtabell] Linje 614 Norrby-Hamnen: vardagar kl. 06.12, 06.42, 07.12, sedan var 20:e minut till 18.32. Restid 34 minuter. Enkelbiljett 42 kr, 30-dagarskort 890 kr. Barn under 7 år reser gratis. Kundtjänst: Pernilla Ek.
---
Bus 614 leaves Norrby at 6:12, 6:42 and <<n:7:12|7:22>> on weekdays, then every 20 minutes until 18:32. The 7:12 bus arrives at the harbour at 7:46. A single ticket is <<n:42|24>> kronor; the 30-day pass pays off from 22 trips.
---
Enkelbiljetten kostar 42 kr och resan tar <<n:34|43>> minuter. Ett 30-dagarskort kostar 890 kr, alltså knappt 30 kr om dagen. Frågor besvaras av <<p:Pernilla Ek|Gunilla Sjö>>.
=== demography
[stats] Municipality of Oberkirnach: population 8,412 on 31 Dec 2022 (8,530 in 2012), births 71, deaths 98, arrivals 402, departures 377. Area 38.6 km². Share over 65: 24.3 %. Mayor: Annegret Fiebig.
---
Oberkirnach had <<n:8,412|8,142>> inhabitants at the end of 2022, 118 (1.4%) fewer than ten years before. There were 27 more deaths than births, while migration was positive (+25), so the population changed by just −2 over the year.
---
With 218 inhabitants per square kilometre it's sparsely populated. Nearly one in four residents (about 2,040 people) is over 65. The mayor is <<p:Annegret Fiebig|Roswitha Klaas>>; the area is <<n:38.6|36.8>> km².
=== fx-transfer
[quote] Send 2,400.00 GBP to Kenya. Rate 1 GBP = 163.85 KES, fee 6.90 GBP, arrives within 2 hours. Quote valid until 16:45 today. Recipient Wanjiru Kamau, M-Pesa. Bank rate 159.20, fee 25 GBP.
---
After the fee of £6.90, £2,393.10 will be converted at <<n:163.85|168.35>>, so Wanjiru receives about KES 392,109. Your bank would pay out 378,100 shillings, i.e. 14,009 less.
---
Accept the quote before <<n:4:45 PM|4:15 PM>>. The money arrives within two hours on the M-Pesa account of <<p:Wanjiru Kamau|Atieno Odhiambo>>. The fee is 0.29% of the amount.
=== test-results
[pytest] 1,284 passed, 7 failed, 23 skipped, 2 xfailed in 312.48s. Slowest: test_migration 48.1s, test_backup 31.7s. Coverage 87.3% (previous 88.0%). Failed: tests/api/test_auth.py::test_refresh[expired], +6.
---
Seven of 1,316 tests failed (0.5%), among them `test_refresh[expired]`. The run took a little more than five minutes. Coverage fell by 0.7 points to <<n:87.3%|83.7%>>.
---
- Passed: <<n:1,284|1,248>>
- Failed: 7
- Skipped: 23

`test_migration` alone took 48 seconds, 15% of the total time.
=== sensor-json
[read_sensors] {"site":"Halle 4","ts":"2025-03-02T23:58:00Z","sensors":[{"id":"t-01","temp_c":18.4,"rh_pct":61},{"id":"t-02","temp_c":22.9,"rh_pct":48},{"id":"t-03","temp_c":null,"rh_pct":null}],"alarm_threshold_c":22,"battery_mv":2870}
---
One of the three sensors in <<p:Halle 4|Depot Nord>>, t-03, doesn't report any values. Sensor t-02 shows <<n:22.9 °C|29.2 °C>> (73 °F), which is 0.9 degrees above the alarm threshold of 22 °C. On average, it's 20.65 °C.
---
As of 11:58 PM UTC on <<n:2 March|12 March>>, t-01 measured 18.4 °C at 61% relative humidity. The battery is at 2.87 V.
=== energy-label
[label] Fridge Polarix K300: class C, 124 kWh per year, fridge 206 l, freezer 73 l, noise 35 dB, width 60 cm, height 185.5 cm. Price 689.00, old fridge return 29.00. Warranty 2 years, compressor 10 years.
[user] At 32 cents per kWh, how much does it cost to run for ten years? my old one uses 310 kWh
---
The Polarix uses <<n:124|142>> kWh a year, so at €0.32 per kWh it costs €39.68 annually, or €396.80 in ten years. Your old fridge needs €99.20 a year; you'd save €59.52 annually, so the new one pays for itself after about 12 years.
---
Total capacity is 279 litres (fridge <<n:206|260>> l plus freezer 73 l). It's 35 dB quiet and consumes 60% less than your old appliance. Including take-back you'd pay €718.
=== wedding-budget
[sheet] Budget 18,000. Venue 5,400 (paid 2,000), catering 95 guests x 62 = 5,890, photographer Ilaria Conti 1,850, band 1,600, flowers 740, dress and suit 2,300.
---
So far €17,780 is planned, which leaves €220 of your €18,000 budget. €3,400 is still due for the venue. Catering at <<n:€62|€26>> per head for 95 guests comes to <<n:€5,890|€5,980>>, a third of everything.
---
If ten guests cancel, you save €620. Photographer <<p:Ilaria Conti|Benedetta Russo>> charges €1,850, €250 more than the band.
=== letter-scan
[scan] Stadtwerke Ahlbeck, Zählerstand-Mitteilung. Kundennummer 4 711 908. Gaszähler 88213: Stand am 31.12.2022: 14.205 m³, am 31.12.2023: 15.873 m³. Umrechnung: 10,62 kWh/m³. Arbeitspreis 9,8 ct/kWh, Grundpreis 14,50 €/Monat. Abschlag bisher 140 €.
---
Sie haben 2023 insgesamt 1.668 m³ Gas verbraucht, also rund 17.714 kWh. Das kostet 1.735,99 € plus 174 € Grundpreis, zusammen etwa 1.910 €. Bezahlt haben Sie 12 × <<n:140 €|104 €>> = 1.680 €, es fehlen also rund 230 €.
---
Your customer number is <<n:4711908|4711980>>. The meter went from 14,205 to <<n:15,873|15,783>> cubic metres over the year. The basic charge is €14.50 a month (€174 a year).
=== interview
[transcript] Q: When did you start? Marguerite Oyelowo: In 1994, with two ovens and a loan of 30,000 francs. Q: And today? MO: Eleven shops, 140 people, and I still get up at three. Q: Any regrets? MO: I should have trusted my nose sooner and my bank less.
---
Oyelowo founded her bakery in <<n:1994|1999>> with a loan of 30,000 francs and just two ovens. Today she runs <<n:eleven|fourteen>> shops with 140 employees, almost 13 per shop. Her only regret: "<<q:I should have trusted my nose sooner|I should have trusted my bank sooner>>".
---
"I still get up at three," says <<p:Marguerite Oyelowo|Philippa Adebayo>>, who started out thirty years ago... in 1994, that is.
=== cron-docs
[docs] schedule: "15 2 * * 1-5" (UTC). Retention: 35 daily, 12 monthly backups. Average size 41 GB, growing 3 % a month. Bucket eu-backup-7, cost 0.021 USD per GB and month. RPO 24 h, RTO 4 h. Owner: @platform-db.
---
The backup runs at <<n:02:15|02:45>> UTC, Monday to Friday, i.e. five times a week. With 47 backups of about 41 GB each, you store roughly 1.9 TB, which costs around $40 per month.
---
- Recovery point objective: 24 hours (one day)
- Recovery time objective: <<n:four hours|six hours>>
- Bucket: `eu-backup-7`

In a year the size will have grown to about 58 GB if it keeps increasing by 3% monthly.
=== legal-deadlines
[decision] Notice of assessment dated 14 October 2024, deemed delivered on the third day after posting. Objection within one month of delivery. Amount due 1,284 euros by 15 November 2024; late-payment surcharge 1 % per month started. Case handler: Frau Niedermeier, room 214. File no. 117/2024/30551.
---
The notice dated 14 October counts as delivered on <<n:17 October|19 October>>, so you can object until 17 November 2024; as that is a Sunday, the deadline moves to Monday, 18 November. If you pay one month late, the surcharge is €12.84.
---
Write to Ms <<p:Niedermeier|Oberhauser>> (room 214) and quote the file number <<n:117/2024/30551|117/2024/35051>>. You owe €1,284, payable by November 15.
=== concert-tickets
[order] {"order":"TK-99120","event":"Aurelio Banda y los Faros","venue":"Palacio Norte","date":"2025-05-24","doors":"19:00","start":"20:30","tickets":[{"cat":"B","row":14,"seats":[7,8],"price":58.5}],"fee":4.9,"delivery":"mobile"}
---
You've booked two category B tickets for <<p:Aurelio Banda|Ramiro Quesada>> y los Faros on Saturday, 24 May 2025, at the Palacio Norte. Doors open at 7 pm, and the show starts an hour and a half later. You paid 2 × 58.50 plus a fee of 4.90, i.e. 121.90.
---
Row <<n:14|41>>, seats 7 and 8. The concert begins at <<n:8:30 p.m.|9:30 p.m.>> Your mobile tickets (order TK-99120) arrive by e-mail.
=== car-rental
[terms] Group C (e.g. Opel Corsa): 38.90 per day incl. 250 km, each further km 0.22. Excess 900; reduction to 0: 11.50 per day. Second driver 6 per day, max. 48. Return full tank, else 2.60 per litre + 15. Minimum age 21, under 25: +9 per day. Station Faro, 8-22 h.
[user] 10 days, I'm 23, approx 3,000 km, no excess please.
---
Rental: 10 × <<n:€38.90|€39.80>> = €389. Young-driver fee: €90. Excess waiver: €115. Mileage: 2,500 km are included, so 500 extra km cost €110. **Total: €704**, or €70.40 a day.
---
The station at <<p:Faro|Porto>> is open from 8 am to 10 pm. Under 25s pay €9 more per day; the minimum age is <<n:21|23>>. Without the waiver you'd be liable for up to €900.
=== museum-table
[table] | Year | Visitors | Income |
|---|---|---|
| 2019 | 182,400 | 1.46M |
| 2020 | 51,300 | 0.39M |
| 2021 | 88,900 | 0.71M |
| 2022 | 164,700 | 1.40M |
| 2023 | 191,200 | 1.72M |
---
Visitor numbers collapsed by 72% in <<n:2020|2018>> and only surpassed the pre-pandemic level in 2023, with 191,200 visitors (+4.8% compared to 2019). Over the five years, 678,500 people came.
---
Income per visitor rose from $8.00 in 2019 to about $9.00 in 2023. The best year was 2023 ($1.72 million), the worst 2020 with <<n:$390,000|$930,000>>. Average annual attendance: 135,700.
"""
