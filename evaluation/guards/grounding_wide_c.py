"""Contexts and faithful replies in many styles: part c of four; grounding_wide says how to read them."""

# ruff: noqa: RUF001
TEXT = """\
=== classics-swedish
[brev] Hej! Färjan till Gotland avgår från Nynäshamn kl. 20.55 och är framme i Visby 00.10. Biljetten kostar 595 kronor per person. Vi har bokat hytt 6114. Hälsningar, Gunilla Ekdahl
---
According to Gunilla's message, the ferry leaves Nynäshamn at 8:55 pm and gets to Visby, on Gotland, at <<n:12:10 am|12:40 am>> (3¼ hours). A ticket is 595 kronor (SEK) per person, so two people pay 1,190.
---
Gunilla <<p:Ekdahl|Sjöberg>> has booked cabin 6114. The Swedish ferry departs at 20:55 and arrives ten minutes past midnight. A ticket costs SEK 595.
=== italian-review
[recensione] Siamo stati alla Trattoria Bellosguardo in quattro, sabato 20 aprile. Antipasti ottimi, servizio lento: 50 minuti per i primi. Conto: 148 euro, vino compreso. Il cameriere, Tommaso, si è scusato e ci ha offerto il dolce. Voto: 7/10.
---
The reviewer visited Trattoria Bellosguardo with a party of four on Saturday, April 20. The starters were excellent but the service was slow (<<n:50|70>> minutes for the first courses). The bill was €148 including wine, or €37 each. Rating: 7 out of 10.
---
An Italian guest gave the restaurant a seven. <<p:Tommaso|Leonardo>>, the waiter, apologized for the delay and offered a free dessert. The group paid 148 euros.
=== polish-notice
[ogłoszenie] Remont ulicy Kwiatowej w Krakowie potrwa od 3 do 28 czerwca. Autobus 152 pojedzie objazdem przez ulicę Polną. Koszt remontu: 2,3 mln zł. Informacje: Zarząd Dróg, tel. 12 555 01 44.
---
Kwiatowa Street in Kraków will be under repair from June 3 to June 28. Bus <<n:152|125>> will be diverted via Polna Street. The work costs 2.3 million złoty (PLN). For more information, call the road authority on 12 555 01 44.
---
The renovation in Krakow, Poland, takes almost four weeks in June. It'll cost PLN 2,300,000. Bus passengers on line 152 should expect a detour along <<p:Polna|Lipowa>>.
=== exam-grades
[grades] Student: Oskar Lindh. Maths 1.7 (6 credits), Statistics 2.3 (6), Programming 1.0 (9), Economics 3.0 (3). Scale 1.0 (best) to 5.0.
---
Oskar's credit-weighted average is (1.7×6 + 2.3×6 + 1.0×9 + 3.0×3) / 24 = 42/24 = 1.75. His best grade is in <<p:Programming|Thermodynamics>> (1.0) and his weakest in Economics (3.0). He has earned <<n:24|28>> credits.
---
| Course | Grade | Credits |
|---|---|---|
| Maths | 1.7 | 6 |
| Statistics | <<n:2.3|3.2>> | 6 |
| Programming | 1.0 | 9 |
| Economics | 3.0 | 3 |

The unweighted mean is 2.0.
=== sensor-table
[readings] time,co2_ppm,temp_c
08:00,412,19.6
10:00,890,21.4
12:00,1430,22.9
14:00,1015,22.1
---
CO₂ peaked at <<n:1,430|1,340>> ppm at noon, more than three times the 8 AM value of 412 ppm. By 2 PM it had dropped by 415 ppm to 1,015. The average over the four readings is about 937 ppm.
---
The temperature ranged from 19.6 to 22.9 °C, a spread of 3.3 degrees, with a mean of 21.5 °C. I'd recommend opening the windows by 10:00, when CO2 was at <<n:890|980>>, since values over 1,000 ppm are widely considered poor air quality.
=== museum-audio
[text] Room 4. The Fisherman's Daughter, oil on canvas, 112 × 86 cm, painted in 1889 by Anneke Roos (1851–1927) at Katwijk. Acquired in 1954 with support of the Van der Meulen fund. The red shawl was added after the first exhibition in Paris.
---
*The Fisherman's Daughter* (1889) is an oil painting by Dutch artist Anneke Roos, who was 37 or 38 when she created it in Katwijk. It measures 112 by 86 cm. The artist lived from 1851 to <<n:1927|1937>>, to the age of about 76.
---
You'll find Roos's painting in Room 4. She painted the red shawl only after showing it in <<p:Paris|Vienna>>. In 1954, the museum bought it with help from the Van der Meulen Fund, 65 years after it was made.
=== airline-policy
[baggage] Economy Light: 1 cabin bag 8 kg (55×40×23 cm). Economy Classic: plus 1 checked bag 23 kg. Business: 2 checked bags of 32 kg each. Overweight 24–32 kg: €60 per flight. Sports gear: €75.
---
With an Economy Light ticket you may only bring one cabin bag up to 8 kg (17.6 lbs), max. 55 x 40 x 23 cm. For a checked bag, you'd need Economy Classic (1 × 23 kg). A 28-kg suitcase is 5 kg too heavy and costs €<<n:60|80>> extra each way, €120 for a round trip.
---
**Business Class** includes two pieces of checked baggage at <<n:32|36>> kg each (64 kg in total). Skis and other sports equipment: €75. Tip: Weigh your bags at home to avoid surprises at the airport.
=== forum-answer
[thread] User marla_k: After updating to 22.04 my Wi-Fi card (Intel AX210) disappeared. User tobi: Install linux-firmware 20230323 or later and reboot. User marla_k: That did it, thanks! Kernel is 5.19.0-38 now.
---
This is a known firmware issue. As tobi suggested in the thread, install `linux-firmware` <<n:20230323|20230532>> or later and then reboot. It worked for marla_k, whose Intel AX210 reappeared (kernel 5.19.0-38).

```bash
sudo apt update
sudo apt install linux-firmware
```
---
The user <<p:marla_k|Hendrik Boll>>'s Wi-Fi card wasn't recognized after the upgrade to Ubuntu 22.04. Solution: update the firmware package. Does your laptop use the same Intel chip?
=== hospital-letter
[letter] Mrs. Irene Caldwell, born 4 May 1949, was admitted on 17 Feb 2024 with pneumonia and discharged on 26 Feb. Antibiotics (amoxicillin/clavulanate 875/125 mg twice daily) until 2 March. CRP fell from 186 to 14 mg/l. Follow-up chest X-ray in six weeks. Sincerely, R. Mbatha, MD
---
Irene Caldwell (74) spent nine nights in hospital for pneumonia, from 17 to 26 February 2024. CRP decreased from 186 to <<n:14|41>> mg/L, a drop of over 92%. She should keep taking amoxicillin/clavulanic acid two times a day through March 2.
---
In short: The patient recovered well from pneumonia. A follow-up X-ray is due six weeks after discharge, around 8 April 2024. Questions can go to <<p:Dr. Mbatha|Dr. Silverton>>. Antibiotic dose: 875/125 mg, 2x per day.
=== subscription-chat
[account] plan: Family; price: 15.99 USD/mo; members: 4 of 6; renews: 2024-07-18; payment: Visa ending 4417; since: 2020-07-18
[user] hi! can i cancel and get my money back for this month? Also, how many people can I still add?
---
Hi! Your Family plan renews on July 18, 2024. You can cancel any time before then. As for your second question: you currently have 4 members out of a maximum of 6, so you can add two more. The $<<n:15.99|19.55>> is charged to your Visa card ending in 4417.
---
Thanks for being with us for four years! 🎉 I can't see anything about refunds in your account, but I'd be glad to connect you with an agent. Per person, you're now paying about $4.00 a month; with all six slots filled it'd be roughly $2.67. Your card on file is <<p:Visa|Mastercard>> …<<n:4417|4471>>.
=== bus-strike
[news] The union VDL calls bus and tram drivers to strike on Wednesday from 3 am until the end of service. 1,350 drivers may take part. Their demand: 10.5% more pay, at least 500 euros. The operator offers 5% in two steps. Spokeswoman Katrin Ebel expects "massive disruption on all lines". S-Bahn trains run as usual.
---
On Wednesday, buses and trams won't run from 3:00 a.m. onwards, due to a strike called by the VDL union. About 1,350 drivers could join. They're asking for 10.5% (min. €500), while the operator has offered 5%, less than half. Spokesperson <<p:Katrin Ebel|Silke Rahn>> expects "massive disruption on all lines".
---
**Strike on Wednesday** 🚌
- Start: 3 AM
- Affected: buses, trams
- Not affected: S-Bahn
- Demand: +<<n:10.5|12.5>> percent; offer: +5 percent in 2 steps (gap of 5.5 points)
=== chess
[pgn] [Event "Candidates"] [White "Arvidsson, N."] [Black "Petrosyan, G."] [Result "1/2-1/2"] [Date "2022.06.19"] 1. e4 e5 2. Nf3 Nf6 3. Nxe5 d6 4. Nf3 Nxe4 5. d4 d5 ... 41. Kg2 Rd2+
---
The game between N. Arvidsson (White) and G. Petrosyan (Black) on June 19, 2022 ended in a draw after <<n:41|47>> moves. It's a Petroff Defence: 1. e4 e5 2. Nf3 Nf6 3. Nxe5 d6 4. Nf3 Nxe4 5. d4 d5.
---
It was drawn (½–½). White: <<p:Arvidsson|Karlqvist>>; Black: Petrosyan. After Black's 41...Rd2+, the players agreed to a draw. This was played in the Candidates.
=== water-utility
[tariff] Water price: 1.94 €/m³ net; wastewater 2.61 €/m³; basic fee 9.60 € per month net; 7% VAT on water and basic fee. Hardness 17 °dH. Average use per person: 127 litres a day.
---
For 100 m³ a year you'd pay €207.58 for water (1.94 × 100 plus 7% VAT) and €<<n:261|281>> for wastewater. The basic fee is €115.20 net annually. Our water's hardness is 17 °dH, which counts as hard.
---
One person uses <<n:127|172>> litres of water per day on average, i.e. roughly 46 m³ a year. A household of four uses around 508 litres daily. One cubic metre (1,000 litres) costs €4.55 including wastewater, before tax.
=== film-review
[review] "Harbor of Salt" (2021), directed by Ines Quintela, 117 min. Rui Valdez plays a customs officer who falls for a smuggler. The last forty minutes are superb, the first hour is not. Shot in Porto and Vigo on 16 mm. Rated 3.5/5. By Theodora Lang
---
Theodora Lang gives *Harbor of Salt* three and a half stars out of five. She finds "the last forty minutes" superb, unlike the first hour. The <<n:117|171>>-minute film by Ines Quintela was shot on 16mm in Portugal and Spain.
---
**Director:** Ines Quintela
**Cast:** <<p:Rui Valdez|Tiago Brandão>>
**Year:** 2021
**Runtime:** 1h 57m
**Score:** 3.5/5 (70%)

Verdict: A slow start, but the finale in Porto makes up for it.
=== k8s
[describe] Pod api-7d9f8b6c5-x2x9k: State: Waiting, Reason: CrashLoopBackOff; Last State: Terminated, Reason: OOMKilled, Exit Code: 137; Restart Count: 23; Limits: memory 512Mi; Requests: cpu 250m. Node: ip-10-0-4-17.
---
The pod `api-7d9f8b6c5-x2x9k` is in CrashLoopBackOff: it has restarted 23 times because it was OOM-killed (exit code <<n:137|173>>). Its memory limit is 512 MiB. Increase it, e.g.:

```yaml
resources:
  limits:
    memory: 1Gi
```
---
Exit code 137 = 128 + 9, i.e. the container received SIGKILL from the kernel's Out-Of-Memory killer. The memory limit of <<n:512Mi|256Mi>> (about 537 MB) is too low for your app. CPU requests (250m = a quarter of a core) are unrelated. Kubernetes will keep restarting the pod.
=== ev-charging
[spec] Battery 77 kWh (net 74). Consumption 16.8 kWh/100 km. AC charging 11 kW, DC up to 170 kW, 10–80% in 28 min. Range 440 km (WLTP). Home price 30 ct/kWh, station 0.59 €/kWh.
---
Charging from 10 to 80 percent takes 28 minutes at a DC fast charger (170 kW max). At home with 11 kW you'd need around 6.7 hours for a full charge of <<n:74|84>> kWh. 100 km cost €5.04 at home and about €9.91 at the station.
---
Driving 15,000 km a year uses 2,520 kWh. Charged at home, that's €756 per year. The WLTP range of <<n:440|480>> km matches 74 kWh ÷ 16.8 kWh × 100. An ICE car would cost more in most European countries.
=== parking-fine
[notice] Penalty Charge Notice BX40071186. Vehicle: white Skoda, reg. LT19 OFV. Contravention 01: parked in a restricted street. Date 08/02/2024 at 11:43. Penalty £70, reduced to £35 if paid within 14 days. Location: Fenchurch Row.
---
Your PCN (<<n:BX40071186|BX40017186>>) was issued on 8 February 2024 at 11:43 am in Fenchurch Row. If you pay by 22 February, it's 50% off: £35 rather than £70. You can also challenge it informally.
---
Dear Sir or Madam,

I am writing to appeal against Penalty Charge Notice BX40071186 issued to my white <<p:Skoda|Peugeot>> (LT19 OFV) on 8 February 2024. I would be grateful if you could reconsider.

Yours faithfully,
[Name]
=== sustainability
[esg] Scope 1: 12,400 t CO2e; Scope 2: 8,150 t (market-based); Scope 3: 141,000 t. Base year 2019: total 190,500 t. Target: −42% by 2030, validated by the Science Based Targets initiative. Water use 3.1 million m³. Chief Sustainability Officer: Henrietta Blom.
---
Total emissions were 161,550 tonnes of CO₂e, 15.2% below the 2019 baseline of <<n:190,500|195,000>>. Scope 3 accounts for 87%. The SBTi-validated goal is a 42% cut by 2030, i.e. roughly 110,500 t.
---
> CSO <<p:Henrietta Blom|Margit Stahl>> is responsible for the climate targets.

Since 2019, the company has cut greenhouse gas emissions by 28,950 t. Scopes 1 and 2 together come to 20,550 tonnes. The Paris Agreement isn't mentioned in the report.
=== sleep-app
[api] {"date":"2024-10-06","bedtime":"23:48","wake":"07:02","asleep_min":391,"deep_min":74,"rem_min":98,"hr_low":51,"score":82}
---
You slept 6 hours and 31 minutes last night (<<n:391|319>> min), between 11:48 PM and 7:02 AM. Deep sleep made up 19% and REM 25%. Your lowest heart rate was 51 bpm, and your sleep score is 82 out of 100. 💤
---
Time in bed: 7 h 14 min
Asleep: 6 h 31 min (90% efficiency)
Deep: 1 h 14 min
REM: 1 h <<n:38|53>> min
Adults generally need seven to nine hours, so try to go to bed half an hour earlier.
=== poem-quote
[poem] Harbour lights, by E. M. Tolland. "The gulls have gone to bed at last, / the cranes stand black and thin, / and all the ships that ever passed / come one by one back in." Written 1911.
---
In Tolland's poem "Harbour lights" (1911), the speaker imagines that "<<q:all the ships that ever passed / come one by one back in|every sailor lost at sea will one day walk ashore>>". The gulls and "the cranes ... black and thin" set a quiet mood.
---
The quatrain by E. M. <<p:Tolland|Whitmore>> follows an ABAB rhyme scheme (last/passed, thin/in) in common metre. It's a meditation on memory: the ships of the past "come one by one back in". It was written just before World War I, in 1911.
=== meeting-summary-2
[transcript] LENA: So the launch slips to the 4th of June. TARIQ: Because of the audit? LENA: Yes, Corbin & Yates need two more weeks. TARIQ: What about the budget? LENA: We have spent 61 thousand of 80. TARIQ: Then cap ads at nine thousand. LENA: Agreed. And Wanda moves to support.
---
**Summary:** The launch is postponed to June 4 since the auditors, <<p:Corbin & Yates|Ferris & Boyle>>, need another two weeks. €61k of the €80k budget has been used (76%), leaving 19k. Advertising will be capped at 9k. Wanda is moving to the support team.
---
Lena and Tariq agreed on the following:

1. New launch date: 4 June
2. Ads capped at <<n:9,000|6,000>>
3. Wanda → Support

After the ads, 10 thousand would be left for everything else.
=== product-qa
[product] AquaPure Jug 2.4 L, BPA-free, filter lasts 150 litres or 4 weeks. Dimensions 25 × 11 × 27 cm; fits in fridge doors. Filters: 6-pack $32.94. Not dishwasher safe (lid). Rated 4.6 by 2,077 customers.
---
**Q: How long does one filter last?**
A: 150 liters or four weeks, whichever comes first.

**Q: What do replacement filters cost?**
A: A pack of six is $<<n:32.94|39.24>>, i.e. $5.49 each.

**Q: Can it go in the dishwasher?**
A: The lid can't.
---
With 4.6 out of 5 stars from over 2,000 customers, the AquaPure Jug is popular. One pack of filters will last you about 24 weeks, so you need roughly two packs a year (52 weeks ÷ 4 = 13 filters). It holds <<n:2.4|3.6>> L, which is about 10 cups.
=== tool-math
[calculator] {"expression":"(1249.99*3)*1.19","result":4462.4643}
[user] What do 3 laptops cost with 19% VAT if one is 1249.99 net?
---
Three laptops cost €3,749.97 net. Adding 19% VAT (€712.49) brings the total to **€<<n:4,462.46|4,642.46>>**.
---
3 × 1,249.99 = 3,749.97
3,749.97 × 1.19 = <<n:4,462.46|4,264.46>>

So you'd pay approximately 4,462 euros gross, or 1,487.49 per laptop.
=== nda-clause
[nda] This Mutual Non-Disclosure Agreement is made on 22 January 2024 between Lakeview Analytics Inc. ("Lakeview") and Orson Freight LLC ("Orson"). Confidentiality lasts three years after disclosure. Each party may disclose to employees with a need to know. Disputes go to arbitration under the JAMS rules in Chicago.
---
The NDA between Lakeview Analytics and Orson Freight was made on January 22, 2024. Information must be kept confidential for 3 years following disclosure. Disputes are settled by arbitration in <<p:Chicago|Denver>>, Illinois (JAMS).
---
**Key Terms**

- *Parties:* Lakeview and Orson
- *Effective Date:* January <<n:22|27>>, 2024
- *Confidentiality Period:* 36 months from disclosure
- *Permitted Recipients:* employees on a need-to-know basis
- *Dispute Resolution:* Arbitration

Please note that I'm not a lawyer and this isn't legal advice.
=== hr-policy
[handbook] Remote work: up to 60% of weekly hours, agreed with the line manager. Core time 10:00–15:00 CET. Expense claims by the 5th of the following month. Mileage: €0.30/km. Meal allowance: €14 for absences over 8 h, €28 for full days.
---
A 240-km business trip by car gets you €72 in mileage (€0.30 per km). If you're away for two full days, you'll receive €56 in meal allowances. Submit your expenses by the 5th of the next month. A day trip of over eight hours earns €<<n:14|17>>.
---
With a 40-hour week you can work remotely for up to 24 hours, or three days a week, subject to your manager's approval. Be reachable during core hours, 10 am to 3 pm CET. Up to <<n:60|75>>% is possible, though Monday–Friday patterns aren't fixed in the handbook.
=== volcano
[bulletin] Mount Tarawai: alert level raised from 2 to 3 on 14 May at 21:35 local time (09:35 UTC). 46 earthquakes in 24 hours, the strongest of magnitude 3.8. Ash plume to 2,900 m. Exclusion zone 4 km. Volcanologist Aroha Tamihana: "We do not expect lava flows, but ash may reach the coast tonight."
---
The alert level for <<p:Mount Tarawai|Mount Kerekau>> was raised to Level 3 at 9:35 p.m. on May 14. There have been <<n:46|64>> quakes (nearly two an hour), the largest measuring 3.8. People have to stay at least four kilometres away.
---
Volcanologist Aroha Tamihana says: "<<q:We do not expect lava flows, but ash may reach the coast tonight|We think the worst of the eruption is still to come>>." The plume has reached 2.9 km in height (about 9,500 feet). Local time is 12 hours ahead of UTC.
=== theatre
[programme] "The Clockmaker's Wife", Royal Court of Brindle, from 6 to 29 March. Evenings 7.30pm (not Mondays), matinees Wed and Sat 2pm. Running time 2h 20 including a 20-minute interval. Tickets £18–£54, under-25s £10. Director: Sunita Bhatt; designer: Leopold Graves.
---
*The Clockmaker's Wife* runs from March 6 through March 29. Evening shows start at 19:30 and finish around 21:50; matinées are on Wednesdays and Saturdays at 2 PM. The play itself lasts two hours plus an interval of 20 minutes. Tickets cost between £18 and <<n:£54|£64>>.
---
Direction is by Sunita Bhatt and design by <<p:Leopold Graves|Cornelius Finch>>. There are no performances on Mondays. Two adults and one under-25 in the cheapest seats pay £46.
=== cs-sla
[sla] Availability 99.9% per calendar month. Below 99.9%: 10% credit; below 99.0%: 25%; below 95%: 100%. Maintenance windows (Sundays 02:00–04:00 UTC) are excluded. Claims within 30 days.
[incident] Outage on 12 April from 10:04 to 13:52 UTC. April availability 99.47%.
---
The outage lasted 3 hours 48 minutes (228 minutes). April's availability of <<n:99.47%|99.74%>> was under the 99.9% target but over 99.0%, so you're entitled to a 10% credit. Please submit your claim within 30 days.
---
99.9% availability in a 30-day month allows about 43 minutes of downtime. On April <<n:12|22>>, the service was down for almost four hours. Had availability fallen below 99%, you'd get a 25% credit instead. Sunday maintenance from 2 to 4 AM UTC doesn't count.
=== language-learning
[lesson] Lektion 14: Der Dativ. mit, nach, bei, seit, von, zu, aus + Dativ. Beispiel: „Ich fahre mit dem Zug nach Köln.“ Übung 3, Seite 87. Test am 9. Dezember.
---
Lesson 14 covers the German dative case. The prepositions *mit, nach, bei, seit, von, zu* and *aus* all take the dative. For example, "Ich fahre mit dem Zug nach Köln" means "I'm taking the train to Cologne". Homework: exercise 3 on page <<n:87|78>>. The test is on December 9.
---
**Quick tips for the dative**

1. Masculine and neuter: *dem*
2. Feminine: *der*
3. Plural: *den* + n

Example: „<<q:Ich fahre mit dem Zug nach Köln|Ich gehe mit der Tante zum Bahnhof>>.“ There's a test in Week 50, on 9 December.
=== nutrition
[label] Per 100 g: energy 1,548 kJ / 366 kcal; fat 6.4 g (saturates 1.1 g); carbohydrate 58.7 g (sugars 1.0 g); fibre 9.9 g; protein 13.5 g; salt 0.02 g. Portion 45 g. Contents 500 g.
---
A 45 g portion contains about 165 kcal (697 kJ), 2.9 g fat, 26.4 g carbs and 6.1 g protein. Per 100 g, there's <<n:9.9|8.7>> g of fiber. The bag holds eleven portions.
---
| | per 100 g | per 500 g |
|---|---|---|
| Calories | 366 kcal | 1,830 kcal |
| Fat | 6.4 g | 32 g |
| Protein | <<n:13.5|15.3>> g | 67.5 g |

It's low in sugar (1 g per 100 g) and high in fibre. The Nutri-Score isn't given.
=== server-metrics
[metrics] p50 latency 84 ms, p95 310 ms, p99 1,240 ms; 2.6 M requests, error rate 0.31%; CPU 62%, memory 11.4 of 16 GB; window 2024-03-18 00:00 to 2024-03-19 00:00 UTC.
---
Over the 24-hour window (March 18, 2024) the service handled 2.6 million requests, around 30 per second, with an error rate of <<n:0.31%|0.13%>> (about 8,060 failed requests). Median latency was 84 ms and the 99th percentile 1.24 s.
---
- CPU: 62%
- Memory: <<n:11.4|14.1>> GB / 16 GB (71%)
- p95: 310 ms, i.e. 3.7x the median

p99 is four times as high as p95, which suggests a long tail. I'd look at garbage collection (GC), N+1 queries and cold caches first.
=== farm-news
[article] Dairy farmer Gwen Prosser of Llandovery sold 120 of her 300 cows last autumn. Milk paid 31p a litre; her costs were 38p. "Every litre I sold cost me seven pence," she said. The Welsh government offers £40 million in support. NFU Cymru wants double that.
---
Gwen Prosser, a Welsh dairy farmer, sold 40% of her herd last autumn, leaving her with 180 cows. She was losing 7p on each litre: she received 31p while costs were <<n:38p|48p>>. Prosser said: "<<q:Every litre I sold cost me seven pence|We have not made a profit since the spring>>."
---
Wales's government has made £40m available, but the farming union NFU Cymru is calling for £80 million. For <<p:Prosser|Maddox>>, help came too late. British farmers elsewhere, e.g. in England, face similar problems.
=== bridge-loan-email
[mail] Hi Sam, quick recap of yesterday's call with Dr. Nwosu: they'd take 1,500 licences at $38 instead of $45 if we sign by month-end (Feb 29). Legal needs clause 7 reworded. Payment 45 days. Let me know – Beatrix
---
Hi Beatrix,

Thanks for the recap. So the discount is $7 per licence (15.6%), which means $57,000 instead of $67,500 for the 1,500 licenses. That saves us <<n:$10,500|$12,500>>. I'll ask Legal to reword clause 7.

Best,
Sam
---
TL;DR: Dr. <<p:Nwosu|Achterberg>>'s team would buy 1,500 licenses at a price of $38 each provided the contract is signed by February 29, 2024. Payment terms are net 45. Action: Legal to rework Clause 7.
=== space-mission
[fact sheet] Rover "Tenacity": mass 899 kg, six wheels, 23 cameras. Launched 30 July 2020, landed 18 February 2021 in Jezzan crater. Top speed 152 m per hour. One Mars year is 687 Earth days. Mission cost $2.7 billion.
---
Tenacity launched on July 30, 2020 and landed on Mars on February 18, 2021, after a journey of almost seven months (203 days). The six-wheeled rover weighs just under 900 kg and carries <<n:23|32>> cameras. Its top speed is 0.152 km/h.
---
The rover explores <<p:Jezzan|Holdren>> Crater on the Red Planet. NASA-style missions like this are expensive: $2.7bn. One Martian year (687 days) equals about 1.88 years on Earth.
=== knitting
[pattern] Sizes S (M, L): chest 92 (100, 108) cm. Yarn: Merino DK, 50 g = 120 m, 9 (10, 12) balls. Needles 4 mm. Gauge 22 sts and 30 rows = 10 cm. Cast on 202 (220, 238) sts. Knit 38 cm before armholes. Designer: Astrid Holmqvist.
---
For size M (chest 100 cm) you'll need 10 balls of Merino DK, i.e. 500 g or 1,200 m. Cast on <<n:220|228>> stitches with 4 mm needles. At 30 rows per 10 cm, the 38 cm to the armholes are 114 rows.
---
The pattern by Astrid <<p:Holmqvist|Bjerregaard>> comes in three sizes: Small, Medium and Large. A size L takes 12 balls (600 g), 3 more than a size S. Chest 108 cm equals about 42.5 inches.
=== polling-compare
[poll-a] Institute Demos, 4–8 Sept, n = 1,504: SDP 31, Union 27, Blue 15, Left 9. Margin ±2.5.
[poll-b] Institute Vox, 11–13 Sept, n = 2,010: SDP 29, Union 29, Blue 14, Left 8. Margin ±2.2.
---
In the Demos poll (n=1,504) the SDP leads the Union by four points, 31% to 27% [poll-a]. A week later, Vox sees both tied at 29 percent [<<s:poll-b|poll-d>>]. The SDP is down two points and the Union up two. Blue is at 14–15%.
---
Averaging both polls: SDP 30, Union 28, Blue 14.5, Left 8.5. Given margins of error of ±2.5 and ±2.2, these differences aren't statistically significant. <<p:Vox|Meridia>> surveyed <<n:2,010|2,100>> people, 506 more than Demos.
=== ferry-table
[timetable] Dep. Oban 07:15 10:30 14:20 18:05; arr. Craignure 08:01 11:16 15:06 18:51. Adult £4.15 single, car £15.50. Check-in 30 minutes before. No 18:05 sailing on Sundays.
---
There are four sailings from Oban to Craignure: 7:15 am, 10:30 am, 2:20 pm and <<n:6:05|6:35>> pm (not on Sundays). The crossing takes 46 minutes. You'll need to check in half an hour earlier, so by 13:50 for the afternoon ferry.
---
Two adults with a car pay £23.80 one way (£15.50 + 2 × £4.15). The last boat arrives at Craignure at 18:51. On Sunday, the last departure from <<p:Oban|Mallaig>> is at 14:20.
=== philosophy
[essay] In chapter 4 of "On Patience" (1978) Marguerite Oakden argues that waiting is "not the absence of action but its longest form". She rejects Stoic resignation and cites Simone Weil. The book has 11 chapters.
---
Oakden argues in the fourth chapter that waiting is "<<q:not the absence of action but its longest form|the only virtue that the poor can afford>>". Unlike the Stoics, she doesn't advocate resignation; she draws on Weil's work instead.
---
*On Patience* was published in 1978 and has <<n:eleven|seventeen>> chapters. <<p:Marguerite Oakden|Josephine Calder>> criticises Stoicism, which sees patience as mere acceptance. For the French philosopher Simone Weil, attention played a similar role.
"""
