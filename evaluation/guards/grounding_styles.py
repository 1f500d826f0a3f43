"""Thirty worlds in styles that the other sets hardly have, two faithful replies each, read as those of grounding_wide are: tickets, leaflets, contracts, match reports, recipes, documentation of an interface, release
notes, earnings calls, timetables, and a few more.

Written at one sitting, before anything of it was scored, by the hand that had just taught the detector what numbers near the same words tell (detectors/grounding_aligned); nothing was fitted on it, and its
errors were not worked on. What is planted is as often a number of no likeness as one with a digit changed, and sometimes one or a name that stands elsewhere in the context, which the detector cannot see.

    share of faithful replies with an alarm / share of planted things found / of numbers drawn by chance
    before numbers were aligned      .13 / .68 / .50
    after                            .13 / .71 / .58
"""

# ruff: noqa: RUF001
TEXT = """\
=== ticket-printer
[ticket] INC-30417, priority 3, opened 2026-02-11 09:05 by Lena Straub (Accounting, floor 4). Printer HP-4F-02 jams on every third page. Technician Ibrahim Sesay replaced the pick-up roller at 13:40, printed 60 test pages, 2 jams. Spare fuser ordered, EUR 184.50, delivery in 5 working days.
[note] Users may print on HP-4F-05 (next to the kitchen) meanwhile. Ticket stays open until 200 pages come out without a jam.
---
Hello Lena, the roller of HP-4F-02 was replaced by <<p:Ibrahim Sesay|Lorenzo Baptiste>> at 1:40 pm, but <<n:2|7>> of 60 test pages still jammed (3.3%). We've ordered a fuser for <<n:€184.50|€148.50>>; it should be here in a week. Until then please use HP-4F-05.
---
- Ticket: <<n:INC-30417|INC-30471>>, priority 3
- Closed once <<n:200|150>> pages are printed without a jam [<<s:note|kb-9>>]
- Open for 4 hours and 35 minutes when the roller was changed
=== ticket-vpn
[ticket] Case 88102: "VPN drops after 55 minutes, always during calls." Client 5.2.1 on Windows 11. Log: 41 disconnects in 14 days, 38 of them code 809. Agent Noor Haddad raised the idle timeout from 3300 to 28800 seconds on 6 May; no drop since.
---
Before the change there were <<n:41|14>> disconnects in two weeks, roughly three a day, and 93% of those had code <<n:809|619>>. On <<n:6 May|16 May>>, <<p:Noor Haddad|Piet Vermeulen>> set the idle timeout to 8 hours instead of 55 minutes.
---
You wrote that the "<<q:VPN drops after 55 minutes, always during calls|VPN drops after 55 minutes, never during calls>>". That matched the timeout of <<n:3,300|5,400>> seconds. It's now 28,800 seconds, so please update us if it happens again.
=== leaflet-syrup
[leaflet] Tussivar 15 mg/5 ml syrup (dextromethorphan). Adults: 10 ml every 6 hours, at most 40 ml in a day. Children from 6 to 12: 5 ml every 6 to 8 hours, at most 20 ml in a day. Not under 6 years. The bottle holds 180 ml and keeps for 8 weeks after opening. Contains 2.1 g of sorbitol per 5 ml. Do not take it with MAO inhibitors or within 14 days of stopping them.
---
An adult takes 10 ml (30 mg) every six hours, no more than <<n:40 ml|60 ml>> a day. At the maximum dose, the <<n:180 ml|240 ml>> bottle lasts for four and a half days. Use it within <<n:8|12>> weeks once it's open.
---
For your eight-year-old: <<n:5 ml|8 ml>> at a time, i.e. 15 mg, and at most four times a day. Each dose has <<n:2.1 g|1.2 g>> of sorbitol. If you took an MAO inhibitor, wait <<n:two weeks|three weeks>> first.
=== leaflet-patch
[leaflet] Nicorelle patches: step 1 21 mg/24 h for 6 weeks, step 2 14 mg/24 h for 2 weeks, step 3 7 mg/24 h for 2 weeks. Smokers of fewer than 10 cigarettes a day start with step 2. Up to 1 in 10 users report itching. Helpline 0800 555 0142, open 8-20.
---
The full course takes 10 weeks: six at 21 mg, two at <<n:14 mg|16 mg>> and two at 7 mg, so 70 patches. If you smoke fewer than <<n:ten|twenty>> cigarettes a day, you begin with step <<n:2|3>> and need only 28.
---
Itching affects up to <<n:10%|25%>> of users of <<p:Nicorelle|Nicaderm>>. Call <<n:0800 555 0142|0800 555 0124>> between 8 am and <<n:8 pm|6 pm>> if you have questions.
=== contract-cleaning
[contract] Between Morrow Facility Services BV and the Municipality of Elsloo. Art. 2: cleaning of 3 buildings, 5,400 m2 in total, on 5 evenings a week. Art. 5: EUR 11,880 per month, indexed each 1 January by the CPI, at most 4%. Art. 8: penalty of EUR 250 for each missed evening, capped at EUR 2,500 a month. Art. 11: ends 31 December 2027; notice 6 months.
---
The municipality pays <<n:€11,880|€18,180>> a month, or €142,560 a year, which comes to €2.20 per square metre and month. The price may rise by no more than <<n:4%|6%>> a year.
---
If cleaners don't show up on three evenings, <<p:Morrow|Halvard>> owes €750; the cap of <<n:€2,500|€3,500>> is reached after ten. To end the contract on <<n:31 December 2027|31 December 2028>>, give notice by 30 June 2027 (Art. <<n:11|14>>).
=== contract-loan-car
[contract] Private loan. Lender: Agneta Rud. Borrower: Simon Okello. Principal GBP 6,000, interest 3% a year on what is outstanding, 24 instalments of GBP 257.89, the first on 1 September 2025. Security: Skoda Fabia, registration KX19 OPA. Late payment: GBP 15.
---
Over two years, <<p:Simon Okello|Agneta Rud>> pays back 24 × £257.89 = £6,189.36, so the interest comes to £189.36. The last of the <<n:24|36>> instalments is due on 1 August 2027.
---
**Security:** Škoda Fabia, <<n:KX19 OPA|KX91 OPA>>
**Late fee:** <<n:£15|£25>>
**Interest in the first month:** £15 (<<n:3%|5%>> of £6,000, divided by 12)
=== sport-handball
[report] Handball, women's league, round 14: Skjervik 31-27 Bodrum IK (half-time 14-15), 1,842 spectators. Tuva Lindal scored 9 goals, 4 from penalties. Goalkeeper Asli Demir stopped 15 of 46 shots. Skjervik now have 21 points, two behind leaders Halmstrand. Coach Kari Moe: "We were late in every duel for thirty minutes."
---
Skjervik turned a one-goal deficit at half-time into a 31–27 win, taking the second half 17–12. Top scorer was <<p:Tuva Lindal|Asli Demir>> with <<n:9|13>> goals, five of them from open play. With <<n:21|27>> points they trail Halmstrand, who have 23.
---
Asli Demir's save rate was 33% (15 of <<n:46|64>>). Coach <<p:Kari Moe|Berit Solberg>> wasn't happy: "<<q:We were late in every duel for thirty minutes|We were late in every duel for twenty minutes>>". The match drew <<n:1,842|2,316>> spectators.
=== sport-rowing
[report] Rowing, final of the double sculls over 2,000 m: 1. Ireland 6:11.24, 2. Romania 6:12.90, 3. New Zealand 6:15.03, 4. Spain 6:19.77. After 1,000 m Romania led by 0.85 s. The Irish pair, Cathal Breen and Owen Tighe, rowed 38 strokes a minute in the last quarter.
---
Ireland won by 1.66 seconds in <<n:6:11.24|6:11.42>>, after trailing <<p:Romania|Spain>> by <<n:0.85|0.35>> seconds at halfway. Spain missed the podium by 4.74 seconds.
---
Gold went to Cathal Breen and <<p:Owen Tighe|Ronan Doyle>>, who rowed at <<n:38|44>> strokes a minute over the last 500 metres. Bronze: New Zealand, 3.79 s behind the winners.
=== recipe-dal
[recipe] Red lentil dal, serves 4, 35 minutes. 280 g red lentils, 900 ml water, 2 onions, 3 cloves of garlic, 400 ml coconut milk (1 tin), 1.5 tsp turmeric, 2 tsp cumin, 30 g ginger. Simmer lentils 18 minutes, add coconut milk, 5 more minutes. Per portion: 410 kcal, 16 g protein, 21 g fat.
---
For six people take 420 g lentils, 1.35 l water, 3 onions and 600 ml coconut milk (one and a half tins). Simmer the lentils for <<n:18|28>> minutes, then another <<n:five|ten>> with the coconut milk. It takes <<n:35|50>> minutes all in all.
---
Each portion has <<n:410|560>> kcal and <<n:16 g|26 g>> of protein; the whole pot has 1,640 kcal. Fat makes up about 46% of the calories (21 g × 9 = 189 kcal).
=== recipe-jam
[recipe] Rhubarb and vanilla jam: 1.2 kg rhubarb, 800 g sugar, juice of 1 lemon, 1 vanilla pod. Stand overnight (12 hours), boil 15 minutes to 104 °C, fill hot into 6 jars of 250 ml. Keeps 12 months unopened, 4 weeks in the fridge once opened.
---
You need 1.2 kg of rhubarb and <<n:800 g|650 g>> of sugar, so 2 parts of sugar to 3 of fruit. Let it stand for half a day, then boil it to <<n:104 °C|114 °C>> (219 °F). It fills <<n:six|nine>> jars, 1.5 litres in total.
---
For a double batch: 2.4 kg rhubarb, 1.6 kg sugar, the juice of two lemons and twelve jars. Opened jars keep for <<n:four|seven>> weeks in the fridge, unopened ones for a year.
=== api-rate
[docs] POST /v2/messages. Body: to (E.164), text (at most 1,600 characters), ttl (60 to 86400 seconds, default 14400). Rate limit: 40 requests per second per key, bursts of 120. Over the limit: 429 with Retry-After. Messages beyond 160 characters are split into parts of 153. Price: 0.065 USD per part.
---
`ttl` defaults to 14400 seconds (4 hours) and may be at most <<n:86400|96400>> seconds, i.e. one day. With <<n:40|90>> requests per second you can send 144,000 messages an hour; beyond that you get a <<n:429|503>>.
---
A text of 400 characters is split into 3 parts of up to <<n:153|135>> characters and costs $0.195. The longest text allowed (<<n:1,600|2,400>> characters) makes 11 parts, so $0.715.
=== api-pagination
[docs] GET /orders returns 50 items per page (max 250 by `limit`). Cursor in `next`, valid for 15 minutes. Fields: id, status (open, packed, shipped), total in cents, created (UTC). Errors: 400 bad cursor, 401 no token, 410 cursor expired. Maintained by team Kestrel, contact api@brandvik.example.
---
By default you get <<n:50|100>> orders a page; set `limit=250` and 10,000 orders take 40 requests instead of 200. If the cursor is older than <<n:15|45>> minutes, the answer is a <<n:410|401>>.
---
`total` is in cents, so 12990 means 129.90. Ask team <<p:Kestrel|Magpie>> about access; a missing token gives you a <<n:401|410>> [<<s:docs|ref-7>>].
=== release-notes
[notes] Tarnfell 7.4.0, 3 June 2026. New: offline maps (12 regions), dark theme. Start-up 2.9 s -> 1.7 s on a Pixel 6. Fixed: 23 bugs, among them #5512 (crash on rotation) reported by Ulla Penttinen. Minimum Android is now 10 (was 8). APK 48.3 MB (7.3: 51.9 MB). Rollout: 10% on 3 June, 50% on 5 June, everyone on 9 June.
---
Version <<n:7.4.0|7.6.0>> starts in <<n:1.7|2.1>> s, 41% faster than before, and the APK shrank by 3.6 MB to <<n:48.3|43.8>> MB. It fixes <<n:23|31>> bugs, e.g. the crash on rotation found by <<p:Ulla Penttinen|Greta Monsen>>.
---
- Offline maps for <<n:12|16>> regions
- Needs Android <<n:10|12>> or later
- Half of the users get it on 5 June, all of them six days after release, on <<n:9 June|11 June>>
=== release-database
[changelog] Quernstone 3.2: writes batched, 18,400 -> 27,600 rows/s on the reference machine (8 cores, 32 GB). Disk format 14; upgrading takes about 6 minutes per 100 GB and cannot be undone. `max_open_files` default 512 -> 2048. Deprecated: `legacy_sync`, removed in 4.0 (planned for March 2027). Thanks to Dario Venn and 17 other contributors.
---
Writes are 50% faster: <<n:27,600|25,900>> rows per second rather than 18,400. Upgrading 250 GB to disk format <<n:14|19>> takes about 15 minutes and there's no way back.
---
`legacy_sync` goes away in <<n:4.0|4.2>>, expected in <<n:March 2027|May 2027>>. The default of `max_open_files` was quadrupled to <<n:2048|4096>>. Eighteen people contributed, among them <<p:Dario Venn|Felix Arden>>.
=== earnings-call
[transcript] CFO Maren Holt: "Third-quarter revenue was 412 million dollars, up 9 percent. Gross margin came in at 38.4 percent, down 120 basis points because of freight. We bought back 2.1 million shares for 96 million. For the fourth quarter we guide to 425 to 440 million." CEO Jun Aoki: "Churn is the lowest we have ever had, 1.3 percent a month."
---
Revenue rose 9% to <<n:$412 million|$421 million>>, which implies about $378 million a year ago. The gross margin fell from 39.6% to <<n:38.4%|36.4%>>, due to freight. Shares were bought back at an average of $45.71.
---
<<p:Jun Aoki|Maren Holt>> said churn was "<<q:the lowest we have ever had, 1.3 percent a month|the lowest we have ever had, 1.8 percent a month>>". The midpoint of the Q4 guidance is $432.5m, 5% above Q3; the upper end is <<n:$440m|$460m>>.
=== earnings-retail
[release] Fjordmart H1 2026: sales SEK 8.64 bn (8.00), like-for-like +3.1%, operating profit SEK 518 m (456), 214 stores (6 opened, 2 closed), net debt SEK 1.9 bn, dividend SEK 2.40 per share on 65 m shares. CEO Elin Dahlgren retires on 30 September; Mats Corell succeeds her.
---
Sales increased by 8% to SEK <<n:8.64|8.46>> billion; like for like it was 3.1%. The operating margin improved to 6.0% from 5.7%. Six stores were opened and two closed, leaving <<n:214|241>>, four more than before.
---
The dividend of <<n:SEK 2.40|SEK 2.70>> a share costs SEK 156 million. <<p:Mats Corell|Elin Dahlgren>> takes over as CEO after <<n:30 September|13 September>>. Net debt stood at SEK <<n:1.9|2.6>> bn, less than twice the annualised operating profit.
=== timetable-bus
[timetable] Line 17 Harbour - Hospital, Mon-Fri: first 05:32, then every 12 minutes until 20:08, then 20:38, 21:08, 21:38, last 23:08. Journey 26 minutes. Sat/Sun every 30 minutes, 07:08 to 22:08. Single 2.80, ten-trip card 22.40, under 6 free.
---
On weekdays the first bus leaves at <<n:5:32|5:52>> am and reaches the hospital at 5:58. Buses run every <<n:12|20>> minutes, so five an hour. The last one goes at <<n:23:08|23:38>>.
---
A ten-trip card costs <<n:22.40|24.20>>, i.e. 2.24 a ride, 20% less than singles. Children under <<n:six|twelve>> ride free. At the weekend there's a bus every half hour from <<n:07:08|08:07>>.
=== timetable-ferry-it
[orario] Traghetto Porto Vento - Isola Chiara: 07:15, 10:30, 13:45, 17:00, 19:20 (solo ven-dom). Durata 50 minuti. Adulti 11,50 euro, bambini 4-12 anni 6,00 euro, bici 3,50 euro. Ritorno ultimo alle 20:25. Tel. 0565 555 018.
---
Il primo traghetto parte alle <<n:7:15|7:45>> e arriva alle 8:05. Due adulti con un bambino di otto anni pagano 29 euro per la sola andata; la bici costa <<n:3,50|5,30>> euro in più.
---
Der letzte Rückweg ist um <<n:20:25|20:55>> Uhr, die Überfahrt dauert <<n:50|70>> Minuten. Die Fähre um 19:20 fährt nur von Freitag bis Sonntag. Erwachsene zahlen <<n:11,50|15,10>> Euro.
=== lab-report
[lab] Sample S-771, 4 March 2026, Dr Amrit Bansal: nitrate 31 mg/l (limit 50), lead 4 µg/l (limit 10), pH 7.4, hardness 2.6 mmol/l, E. coli 0/100 ml, turbidity 0.3 NTU.
---
Everything is within the limits: nitrate reaches 62% of the permitted 50 mg/l, lead 40%. The pH is <<n:7.4|7.9>> and no E. coli were found. The sample, <<n:S-771|S-717>>, was analysed by <<p:Dr Amrit Bansal|Dr Oona Reilly>>.
---
Nitrate: <<n:31|37>> mg/l, 19 below the limit. Hardness: <<n:2.6|4.1>> mmol/l, which is about 14.6 °dH. Turbidity: <<n:0.3|0.8>> NTU.
=== warehouse-audit
[audit] Stock count 28 Feb 2026, hall B: 1,204 SKUs counted, 37 with differences, value of differences -2,310 EUR net (surplus 640, shortage 2,950). Team of 6, 9 hours. Led by Yusuf Baran. Previous count: 52 differences of 1,180 SKUs.
---
Of 1,204 items, <<n:37|73>> (3.1%) didn't match, an improvement on the 4.4% of the last count. Shortages of <<n:€2,950|€2,590>> were partly offset by a surplus of €640.
---
The count in hall <<n:B|D>> took <<n:6|8>> people nine hours, 54 hours of work in all, or about 22 items per person and hour. It was led by <<p:Yusuf Baran|Klara Benes>>.
=== grant-letter
[letter] Dear Dr Mensah, the Foundation awards EUR 148,000 for the project "Silent Rivers" over 30 months from 1 April 2026. 60% is paid at the start, 30% after the interim report (due 30 June 2027), 10% after the final report. Overheads up to 12% are allowed. Reference HWF-26-119. Yours, Brigitte Aumann.
---
Dear Ms <<p:Aumann|Zellweger>>, thank you for the grant of <<n:€148,000|€184,000>> for "Silent Rivers". We understand that €88,800 will be paid at the start, €44,400 after the interim report and €14,800 at the end. Kind regards, Dr Mensah
---
The project runs for <<n:30|36>> months, until the end of September 2028. Of each euro, no more than 12 cents may go to overheads, €17,760 altogether. Quote reference <<n:HWF-26-119|HWF-26-191>>; the interim report is due by <<n:30 June 2027|31 July 2027>>.
=== school-trip
[plan] Class 7b, trip to Lake Averin, 18-22 May 2026. 26 pupils, 3 teachers. Coach 1,690, hostel 31.50 per person and night (4 nights), canoe day 22 per pupil. Contribution of the parents' association: 500. Contact: Mr Idowu, mobile 0177 555 0163.
---
The hostel costs 29 × 4 × €31.50 = €3,654, the canoes €572 and the coach <<n:€1,690|€1,960>>, in total €5,916. After the <<n:€500|€800>> from the parents' association, each of the 26 pupils pays about €208.
---
We leave on Monday, <<n:18 May|12 May>> and return on Friday. In an emergency call <<p:Mr Idowu|Mrs Castellan>> on <<n:0177 555 0163|0177 555 0136>>. There's one teacher for just under nine pupils.
=== energy-audit
[audit] Town hall Brekkum: heating 186,000 kWh gas a year, electricity 54,000 kWh. Windows from 1978, U-value 2.7. Proposed: new windows (U 0.9), EUR 128,000, saves 34,000 kWh; LED lights, EUR 18,500, saves 16,200 kWh; heat pump later. Gas 9 ct/kWh, electricity 25 ct/kWh. Auditor: Solveig Raade.
---
New LED lights cost <<n:€18,500|€15,800>> and save 30% of the electricity, €4,050 a year, so they pay for themselves in about four and a half years. The windows save €3,060 a year (<<n:34,000|43,000>> kWh at 9 cents), which takes over 40 years.
---
Auditor <<p:Solveig Raade|Henrik Fossum>> proposes two measures for €146,500 together. The U-value of the windows, which date from <<n:1978|1987>>, would drop by two thirds, from <<n:2.7|3.4>> to 0.9.
=== minutes-choir
[minutes] Choir committee, 9 January 2026. Members 64 (12 new). Fees stay at 90 a year, students 45. Concert 14 June in St Olaf, rent 620, orchestra 2,400. Reserve 7,150. Vote on the tour to Riga: 31 for, 8 against, 5 abstained. Minutes: Petra Voss.
---
The tour to Riga was approved with <<n:31|37>> votes out of 44, i.e. 70%. The June concert costs at least 3,020 (rent and orchestra); the reserve of <<n:7,150|5,170>> covers that more than twice.
---
With 64 members, of whom <<n:12|18>> joined recently, fees bring in up to 5,760. Students pay half, <<n:45|60>>. The concert takes place on <<n:14 June|24 June>> in <<p:St Olaf|St Canute>>.
=== hotel-review-summary
[reviews] Pension Marlene, 212 reviews, mean 4.3 of 5: cleanliness 4.7, location 4.6, wifi 3.2. "Breakfast until eleven saved our holiday" (Joost, 5 stars). "Walls like paper" (Imke, 2 stars). Double from 84 euros, breakfast 9.50. 14 rooms, 400 m to the station.
---
Guests rate it <<n:4.3|4.8>> out of 5 on average; they like how clean it is (4.7) but not the wifi (<<n:3.2|2.6>>), a gap of 1.5 points. A night for two with breakfast comes to €103.
---
<<p:Joost|Imke>> wrote: "<<q:Breakfast until eleven saved our holiday|Breakfast until eleven ruined our holiday>>". The pension has <<n:14|22>> rooms and is a five-minute walk (<<n:400|900>> metres) from the station.
=== security-advisory
[advisory] TGA-2026-031, severity 8.1. Path traversal in Pellet Server before 2.9.4, found by Anouk Derksen on 2 February 2026, fixed on 19 February. About 3,700 instances are reachable, 1,150 of them patched by 1 March. Workaround: set `static.follow=false`. Also affects 1.18 (no longer supported).
---
Update to <<n:2.9.4|2.9.7>> or later; if you can't, set `static.follow=false`. The flaw was reported by <<p:Anouk Derksen|Sander Kolk>> and fixed 17 days later. Severity: <<n:8.1|9.4>>.
---
By 1 March, <<n:1,150|1,510>> of around 3,700 reachable instances were patched (31%), so some 2,550 were still open. <<n:TGA-2026-031|TGA-2026-013>> doesn't say whether it has been exploited. Version <<n:1.18|1.24>> won't get a fix.
=== farm-sensor-json
[tool] {"station": "Nord-3", "date": "2026-07-08", "soil_moisture_pct": 18.5, "threshold_pct": 22, "rain_mm_7d": 4.2, "pump": {"flow_l_min": 75, "runtime_min": 48}, "battery_v": 12.4}
---
At station <<p:Nord-3|West-5>>, soil moisture is <<n:18.5%|15.8%>>, 3.5 points below the threshold. The pump ran for <<n:48|84>> minutes and delivered 3,600 litres. Only <<n:4.2|6.7>> mm of rain fell in the past week.
---
| Value | Reading |
|---|---|
| Flow | <<n:75|95>> l/min (4.5 m³/h) |
| Battery | <<n:12.4|13.9>> V |
| Date | <<n:8 July 2026|18 July 2026>> |
=== theatre-tech-rider
[rider] "Nachtmeer", Compagnie Ravel: stage at least 10 x 8 m, height 6 m; 48 dimmer channels of 2 kW; load-in 9:00, focus 13:00, show 20:00, duration 95 minutes without interval, get-out 2 hours. Crew: 5 from us, 4 local. Fee 7,800 euros plus 5.5% VAT; travel 1,140. Contact Hélène Sauvage.
---
The stage needs 80 m² at least and a height of <<n:6|9>> metres. With <<n:48|64>> channels of 2 kW the lighting may draw 96 kW. The show ends at 9:35 pm, and the get-out lasts until about 11:35 pm.
---
The fee of <<n:€7,800|€8,700>> comes to €8,229 with VAT; with travel (€1,140) that's €9,369. Nine people are needed, <<n:four|six>> of them local. Please ask <<p:Hélène Sauvage|Margot Thierry>> about hotels.
=== parcel-claim
[mail] Claim 5520-K: parcel of 7.4 kg from Tampere to Graz, handed in on 12 January, insured for EUR 520, contents "ceramic lamp", arrived broken on 17 January. Porto EUR 23.90. We pay the value of the invoice (EUR 389) and refund the postage within 10 working days. Oskari Lehto, claims.
---
<<p:Oskari Lehto|Matias Virta>> wrote that you'll receive €412.90: <<n:€389|€398>> for the lamp and <<n:€23.90|€32.90>> postage. It should arrive within two weeks.
---
The parcel (<<n:7.4|4.7>> kg) took five days and arrived broken on <<n:17 January|19 January>>. It was insured for <<n:€520|€620>>, so €131 more than what the lamp cost.
=== citizen-budget-fr
[avis] Budget participatif de Lorvigny : 350 000 euros, 41 projets déposés, 9 retenus. 4 812 votants sur 22 600 habitants. Premier : potager de la rue Basse, 1 207 voix, 38 000 euros. Travaux de mars à octobre 2026. Renseignements : Mme Delattre, mairie, bureau 12.
---
La ville consacre <<n:350 000|530 000>> euros au budget participatif. Sur 41 projets, <<n:9|14>> ont été retenus (22 %). Environ 21 % des habitants ont voté, et le potager a obtenu un quart des voix (<<n:1 207|1 720>>).
---
In Lorvigny, <<n:4,812|4,182>> of 22,600 residents voted. The winner, a vegetable garden in rue Basse, gets <<n:€38,000|€83,000>>, roughly 11% of the budget. Works last from March to October. Ask <<p:Mme Delattre|Mme Courcelle>> in office <<n:12|21>>.
"""
