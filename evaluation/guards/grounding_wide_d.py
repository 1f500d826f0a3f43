"""Contexts and faithful replies in many styles: part d of four; grounding_wide says how to read them."""

# ruff: noqa: RUF001
TEXT = """\
=== airport-transfer
[page] Airport Express: every 15 min from 04:50 to 23:35, 22 min to Central Station, 12.90 EUR (return 23.50). Bus 95: every 20 min, 45 min, 3.20 EUR. Taxi: about 35 min, 48–55 EUR. Night bus N95 hourly.
---
Your options from the airport:

| | Duration | Price | Frequency |
|---|---|---|---|
| Airport Express | 22 min | €12.90 | every 15 min |
| Bus 95 | 45 min | €3.20 | every 20 min |
| Taxi | ~35 min | €<<n:48|38>>–55 | on demand |

The train is 23 minutes faster than the bus but costs €9.70 more. A return ticket saves €2.30.
---
For a group of four, a taxi (€48–55) is about as expensive as four single train tickets (€51.60). The first train leaves at 4:50 AM, the last at 11:35 PM. At night, take the <<n:N95|N59>>, which runs every hour.
=== sourdough-chat
[user] my starter smells like acetone, fed it monday with 50g flour 50g water, room is 27C. dead?
[kb] An acetone smell means that the starter is hungry. Feed it 1:2:2 (starter, flour, water) twice a day at 24–26 °C until it doubles within 6 hours. Discard pink or orange starters.
---
No, it isn't dead! An acetone smell just means it's hungry. At 27 °C it ferments fast. Feed it twice daily at a ratio of 1:2:2, for example 25 g starter + 50 g flour + 50 g water, until it doubles in <<n:6|14>> hours. Happy baking! 🍞
---
Don't worry! Here's a rescue plan:

Day 1: Take 20 g of starter, add 40 g flour and 40 g water; repeat after 12 hours.
Day 2: Same again.
Day 3: Check whether it doubles within six hours.

Keep it slightly cooler (24–<<n:26|36>> °C). If it turns pink or orange, throw it away.
=== fundraising
[mail] Thanks to 1,862 donors we raised $214,730, 43% above our goal of $150,000. The largest gift was $25,000. 61 cents of every dollar go to wells, 27 to training, 12 to administration. – Imani Okeke, Director, WaterBridge
---
WaterBridge raised <<n:$214,730|$241,730>> from 1,862 donors, beating its $150k target by $64,730. The average gift was $115.32. 61% goes to wells, 27% to training and 12% to admin.
---
Director Imani <<p:Okeke|Danjuma>> thanked the donors. About $131,000 will fund wells, and some $58,000 is for training. The biggest donation alone made up 11.6% of the total.
=== patent
[patent] US 10,418,277 B2, filed 9 March 2017, granted 17 September 2019. Inventors: Haruki Mori; Celeste Aubert. Assignee: Fluxion Materials Corp. 20 claims, 7 drawing sheets. Abstract: a membrane of graphene oxide having pores of 0.9 to 1.3 nm.
---
US Patent No. <<n:10,418,277|10,481,277>> was granted to Fluxion Materials on Sept. 17, 2019, about two and a half years after filing (March 9, 2017). It'll expire no earlier than March 2037 (20 years from filing). The inventors are Mori and Aubert.
---
The invention by Haruki <<p:Mori|Kitano>> and Celeste Aubert is a graphene-oxide membrane whose pores measure between 0.9 and 1.3 nanometers. The patent has 20 claims and seven sheets of drawings.
=== translation-task
[user] Translate to English: "Sehr geehrte Frau Doktor Lindemann, anbei die Rechnung Nr. 2024-0388 über 1.190,00 € (inkl. 19 % MwSt.), zahlbar bis 30.09.2024. Mit freundlichen Grüßen, Klaus-Peter Ahrens"
---
"Dear Dr. Lindemann, please find attached invoice no. <<n:2024-0388|2024-0883>> for €1,190.00 (incl. 19% VAT), payable by 30 September 2024. Kind regards, Klaus-Peter Ahrens"
---
Here's the translation:

> Dear Dr. Lindemann,
>
> Attached is invoice No. 2024-0388 in the amount of EUR 1,190.00 (including 19% VAT), due on September 30, 2024.
>
> Sincerely,
> <<p:Klaus-Peter Ahrens|Karl-Heinz Ahlborn>>

The net amount is €1,000 and the VAT €190.
=== history-timeline
[doc] 1886 the spinning mill opens with 90 workers. 1902 fire. 1903 reopened with electric light. 1931 bankruptcy. 1947–1968 used as a radio factory by Loewenthal & Partner. Since 1994 cultural centre "Spindel" with 3 stages.
---
**Timeline of the mill**

- **1886:** Opens with 90 workers
- **1902–03:** Fire; reopened the following year with electric lighting
- **1931:** Bankruptcy, after 45 years
- **1947–68:** Radio factory (Loewenthal & Partner)
- **<<n:1994|1984>>–present:** Cultural centre "Spindel"
---
In the late nineteenth century, a spinning mill with ninety workers opened here. From the late 1940s to the late 1960s, <<p:Loewenthal & Partner|Grundmann & Partner>> built radios in it (21 years). Today it houses the Spindel, which has three stages. It went bankrupt in 1931, during the Great Depression.
=== cloud-invoice
[invoice] ACCT 7741-2203-9918, May 2024. Compute $1,874.20; storage $312.45; transfer $96.10; support (10%) $228.28; credits −$250.00; total $2,261.03. Due 14 June.
---
Your May 2024 invoice totals <<n:$2,261.03|$2,621.03>>, due June 14. Compute is the biggest item at $1,874.20, i.e. 82% of usage charges ($2,282.75). A $250 credit was applied.
---
| Item | USD |
|---|---|
| Compute | 1,874.20 |
| Storage | 312.45 |
| Data transfer | <<n:96.10|69.10>> |
| Support | 228.28 |
| **Subtotal** | **2,511.03** |
| Credits | (250.00) |
| **Total** | **2,261.03** |

To reduce the cost, consider Reserved Instances or Savings Plans.
=== school-trip
[letter] Dear parents, class 6b visits the Iron Age village on Thursday 16 May. Meet at 7:45 at gate C, back at about 16:30. Cost: 18 euros (bus 11, entry 7). 26 pupils, Ms Tamm and Mr Rebane. Bring rubber boots.
---
Class 6b's trip is on Thursday, May 16. The pupils should be at gate C by quarter to eight; they'll return around half past four. The cost is <<n:€18|€28>>, i.e. €468 for all 26 children. Ms. Tamm and Mr. Rebane will accompany them.
---
What to know:
✅ 7:45 AM at Gate C
✅ Rubber boots
✅ €11 for the bus + €7 admission

With two teachers and 26 students, each teacher looks after 13. Questions? Ask <<p:Ms. Tamm|Ms. Lepik>>.
=== unit-pace
[garmin] {"type":"run","distance_m":10240,"duration_s":3174,"avg_hr":151,"max_hr":173,"elev_gain_m":86,"calories":702,"start":"2024-09-01T06:58:11"}
---
Nice run! You covered 10.24 km in 52:54, at an average pace of 5:10 min/km (11.6 km/h). Your heart rate averaged <<n:151|157>> bpm and peaked at 173. You burned 702 calories.
---
On Sunday, 1 September you started at 6:58 AM and ran about 6.4 miles in just under 53 minutes, climbing <<n:86|68>> m. Max HR was 173. That's about 69 calories per kilometre.
=== pharmacy-interaction
[monograph] Simvarex (simvastatin) must not be taken with clarithromycin, itraconazole or more than 1 litre of grapefruit juice daily. With amlodipine do not exceed 20 mg. Muscle pain occurs in 1 to 10 of 1,000 patients. Evening intake.
---
Simvarex shouldn't be combined with clarithromycin or itraconazole. If you also take amlodipine, the dose mustn't exceed <<n:20|40>> mg. Take it in the evening. Muscle pain affects 0.1–1% of patients. If it occurs, contact your doctor.
---
**Interactions of <<p:Simvarex|Lipanorm>> (simvastatin)**

1. Clarithromycin: contraindicated
2. Itraconazole: contraindicated
3. Amlodipine: max. 20 mg simvastatin
4. Grapefruit juice: at most one liter a day

Statins such as simvastatin lower LDL cholesterol.
=== minutes-french
[compte rendu] Réunion du 22/11/2023 à Rennes. Présents : Mme Le Goff, M. Abadie, M. Nguyen. Le projet de crèche (48 places) coûtera 2,9 M€, dont 40 % de subventions. Début des travaux : printemps 2024. M. Abadie doit contacter l'architecte, Mme Roussel, avant vendredi.
---
At the meeting in Rennes on 22 November 2023, the nursery project (<<n:48|84>> places) was discussed. It will cost €2.9 million, of which 40% (€1.16 million) will be subsidised. Work starts in spring 2024.
---
Participants: Ms. Le Goff, Mr. Abadie, Mr. Nguyen

To do: Abadie is to contact the architect, Ms. <<p:Roussel|Chevrier>>, by Friday (November 24).
Remaining cost after subsidies: €1.74M
=== mobile-translate-es
[aviso] El suministro de agua se cortará el jueves 11 de abril de 9:00 a 14:00 en las calles Olmo, Fresno y Nogal de Getafe por trabajos de Canal Sur. Más información en el 900 555 012.
---
The water supply will be cut off on Thursday, April 11, from 9 a.m. to 2 p.m. (five hours) in Olmo, Fresno and Nogal streets in <<p:Getafe|Leganés>>, Spain. For details, call 900 555 012.
---
Notice: No water on 11 April between 9:00 and 14:00 because of maintenance work by Canal Sur. Tip: fill a few bottles on Wednesday evening. Phone: <<n:900 555 012|900 555 210>>.
=== retail-kpi
[kpi] Week 37: footfall 8,412 (LW 7,980), transactions 1,935, revenue €74,106, returns €2,890. Week 36 revenue €70,550. Top store: Ghent. Manager: Lieselot Claes.
---
Footfall increased by 5.4% to <<n:8,412|8,142>> in Week 37. The conversion rate was 23% and the average basket €38.30. Revenue rose €3,556 (+5.0%) week on week to €74,106. Net of returns, it was €71,216.
---
**Week 37 at a glance**

* Revenue: €74.1k (WoW: +5%)
* Return rate: 3.9%
* Best store: Ghent (Belgium), managed by <<p:Lieselot Claes|Annelies Maes>>

KPIs look healthy overall. Let me know if you'd like a comparison with Week 36.
=== pc-build
[parts] CPU Ryon 7 5800 €219; mainboard B550 €129; 32 GB RAM €84; SSD 1 TB €67; GPU RX 7700 €439; PSU 650 W €79; case €75. Power draw: CPU 105 W, GPU 245 W.
---
The build costs €1,092 in total. The GPU is the most expensive component with €<<n:439|493>>, or 40% of the budget. CPU and GPU together draw 350 W, so the 650-watt power supply leaves 300 W of headroom.
---
1. CPU: Ryon 7 5800 – €219
2. Motherboard: B550 – €129
3. RAM: 32 GB – €84
4. SSD: 1 TB (1,000 GB) – €<<n:67|76>>
5. GPU: RX 7700 – €439
6. Power supply: 650W – €79
7. Case – €75

Without the graphics card, you'd spend €653. Windows isn't included.
=== obituary
[obituary] Architect Livia Szentkirályi died on 3 March 2024 in Budapest aged 91. She designed the Gellért Hill station (1971) and the National Dance House (1988). In 1990 she became the first woman to head the Chamber of Architects, an office she held for eight years. She leaves two sons.
---
Hungarian architect Livia Szentkirályi has died at the age of <<n:91|94>>. Born in 1932 or 1933, she's best known for the Gellért Hill station (1971) and the National Dance House, completed 17 years later. She headed the Chamber of Architects from 1990 to 1998.
---
Ms. <<p:Szentkirályi|Horváthné>>, who passed away in Hungary's capital on March 3, was the first female head of the Chamber of Architects. She is survived by her two sons.
=== tv-settings
[manual] Press HOME > Settings > Picture > Expert. Set Backlight to 40, Contrast to 92, Colour Temperature to Warm2. HDMI 2 and HDMI 3 support 4K at 120 Hz. Error E-204: no network. Sleep timer: up to 240 minutes.
---
To improve the picture:

1. Press **Home** on your remote.
2. Go to **Settings → Picture → Expert**.
3. Set *Backlight* to 40 and *Contrast* to <<n:92|72>>.
4. Choose *Warm2* as the color temperature.

For gaming in 4K at 120 Hz, connect your console to HDMI 2 or 3.
---
Error code <<n:E-204|E-402>> means the TV has no network connection. Check your router and Wi-Fi password. The sleep timer can be set to a maximum of 4 hours (240 min). Need anything else?
=== genealogy
[record] Baptism 12 Aug. 1843, parish Skanör: Johan Peter, son of sailor Nils Persson and Karna Olsdotter. Born 9 Aug. Witnesses: Anders Mårtensson, Elna Jönsdotter. Emigrated to Minnesota 1868. Died 2 Feb 1921 in Duluth.
---
Johan Peter was born on August 9, 1843 and baptised three days later in Skanör, Sweden. His parents were Nils Persson, a sailor, and Karna Olsdotter. He emigrated to the U.S. in 1868, aged 24 or 25, and died in <<p:Duluth|St. Cloud>>, Minnesota, at 77.
---
Godparents: Anders Mårtensson and Elna <<p:Jönsdotter|Larsdotter>>. As was common in 19th-century Scandinavia, the surname of Nils's son would have been "Nilsson". He lived in America for almost 53 years, until <<n:1921|1912>>.
=== stock-note
[note] Kestrel Foods (KSTF): we raise our target from 46 to 52 CHF, rating Buy. Closing price 43.60. 2025E EPS 2.90, dividend 1.20. Key risk: cocoa prices, up 61% since January. Analyst: Reto Aeschlimann, Bank Zähringer.
---
Bank Zähringer's Reto Aeschlimann rates Kestrel Foods a Buy with a new target of CHF <<n:52|57>> (previously CHF 46, +13%). From the closing price of 43.60, that implies an upside of 19.3%. The 2025 P/E is 15 and the dividend yield 2.8%.
---
Key risk: Cocoa has become 61% more expensive since January. The analyst, Mr. <<p:Aeschlimann|Zurbriggen>>, expects earnings per share of 2.90 Swiss francs in 2025, of which 41% would be paid out (CHF 1.20).
=== moving-quote
[quote] Removal firm Packhorse: 22 m³, 184 km, 3rd floor without lift. Transport €980, packing €340, 40 boxes at €2.20, insurance €55, 19% VAT. Crew of 3, 7 hours. Valid until 15/10/2024. Ref PH-3391.
---
Net total: €980 + €340 + €88 (40 × €2.20) + €55 = €1,463. Including 19% VAT (€277.97), you'd pay €1,740.97. The quote (<<n:PH-3391|PH-3931>>) is valid until October 15, 2024.
---
<<p:Packhorse|Muleteer>> offers to move 22 cubic metres over 184 km with a three-person crew. Seven hours times three people is 21 man-hours. That includes forty boxes.
=== dev-question
[docs] Cache-Control: max-age=31536000, immutable for hashed assets; no-cache for index.html. The CDN keeps objects up to 30 days. Purge via POST /zones/{id}/purge (rate limit 1,000 per 24 h).
[user] How long is max-age=31536000?
---
`31536000` seconds is 365 days, i.e. one year (60 × 60 × 24 × 365). Use it together with `immutable` for hashed assets. For `index.html`, use `no-cache` so browsers revalidate it. The CDN itself keeps objects for a maximum of <<n:30|90>> days.
---
It's exactly one non-leap year. If you need to purge the cache, send a POST request to `/zones/{id}/purge`; you can do so up to <<n:1,000|5,000>> times a day:

```js
await fetch(`https://api.cdn.example/zones/${zone}/purge`, { method: "POST" });
```

HTTP/2 and TLS 1.3 don't affect caching.
=== restaurant-booking
[tool] {"restaurant":"Osteria Verbena","date":"2024-12-31","time":"20:15","party":6,"deposit_pp":30,"confirmation":"OV6R2K","phone":"+39 02 5550 187","notes":"1 vegan, 1 nut allergy"}
---
You're all set! 🎉 I booked a table for six at <<p:Osteria Verbena|Osteria Mirabella>> on New Year's Eve (Tuesday, December 31, 2024) at 8:15 PM. A deposit of €180 (6 × €30) is required. Confirmation code: <<n:OV6R2K|OV9T4K>>.
---
Your reservation is confirmed for 31/12/2024 at 20:15, for 6 guests. I've noted one vegan and one guest with a nut allergy, so four without special requests. To change it, call +39 02 5550 187. Buon appetito!
=== apartment-de
[Anzeige] 2-Zi.-Whg., 54 m², 3. OG, Balkon, EBK, Kaltmiete 810 €, NK 160 €, Kaution 3 KM, frei ab 01.11.2024. Besichtigung Sa 12.10., 11–13 Uhr. Kontakt: Fr. Yıldız, 0151 5550199
---
The flat has two rooms, 54 m², a balcony and a fitted kitchen on the third floor (4th floor in American counting). Rent is €810 plus €160 for utilities, so €970 warm. The deposit is €2,430 (three months' rent). It's available from November 1, 2024.
---
Viewing: Saturday, October 12, 11 am–1 pm
Contact: Ms. <<p:Yıldız|Demirel>>, <<n:0151 5550199|0151 5550919>>
Cold rent per m²: €15.00

Shall I draft a message in German for you?
=== reply-german
[Vertrag] Der Kunde kann den Vertrag mit einer Frist von vier Wochen zum Monatsende kündigen. Die Grundgebühr beträgt 24,90 € pro Monat, die einmalige Anschlussgebühr 49 €. Ansprechpartner: Herr Detlef Kranz.
---
Sie können den Vertrag mit einer Frist von 4 Wochen zum Monatsende kündigen. Die monatliche Grundgebühr liegt bei <<n:24,90|29,40>> €, im ersten Jahr zahlen Sie also inklusive Anschlussgebühr 347,80 €. Bei Fragen hilft Ihnen Herr Kranz gerne weiter.
---
**Zusammenfassung**

- Kündigungsfrist: vier Wochen zum Monatsende
- Grundgebühr: 24,90 Euro (298,80 Euro im Jahr)
- Anschlussgebühr: einmalig 49 Euro
- Ihr Ansprechpartner: Detlef <<p:Kranz|Mühlbauer>>

Wer z. B. zum 31. März kündigen möchte, muss spätestens am 3. März kündigen.
=== reply-french
[fiche] Le sentier des crêtes : 14,6 km, dénivelé positif 820 m, durée 5 h 30, départ parking du Lac Vert (altitude 1 240 m). Refuge des Aiguilles ouvert du 15 juin au 20 septembre, 46 couchages, gardien : Bastien Morel.
---
Le sentier des crêtes mesure <<n:14,6|16,4>> km pour 820 mètres de dénivelé positif. Comptez environ cinq heures et demie de marche. Le départ se fait au parking du Lac Vert, à 1240 m d'altitude.
---
**Où dormir ?** Au refuge des Aiguilles, gardé par Bastien <<p:Morel|Giraudon>>, qui dispose de 46 couchages et ouvre du 15 juin au 20 septembre. Pensez à réserver ! N'oubliez pas l'eau et une carte IGN.
=== news-summary-tech
[article] Arcwell Semiconductors will build a $6.8 billion plant near Boise, creating 2,400 jobs by 2028. The state grants tax breaks of $310 million. CEO Dana Whitfield: "Idaho moved faster than anyone else." Construction begins in Q2 2025. Rival Tessera cut 900 jobs last month.
---
Arcwell Semiconductors plans a $6.8bn chip factory near <<p:Boise|Spokane>>, Idaho. Construction starts in the second quarter of 2025 (April–June), and 2,400 jobs are expected by 2028. Tax incentives total $310 million, or roughly $129,000 per job.
---
According to Whitfield, Arcwell's chief executive, "<<q:Idaho moved faster than anyone else|Nobody offered us a better workforce>>". The investment equals about $2.8 million per job. Meanwhile, competitor <<p:Tessera|Quantell>> laid off 900 people.
=== climate-table
[table] City | Jan °C | Jul °C | Rain mm/yr
Bergen | 1.8 | 14.9 | 2,250
Madrid | 6.3 | 25.6 | 421
Vienna | 0.3 | 21.1 | 651
---
Bergen is by far the wettest of the three, with <<n:2,250|2,520>> mm of rain a year, over five times as much as Madrid (421 mm). Madrid has the hottest Julys (25.6 °C), and Vienna the coldest Januaries at 0.3°C.
---
The difference between January and July is 13.1 degrees in Bergen, 19.3 in Madrid and 20.8 in Vienna. The Norwegian city has a maritime climate, whereas the Austrian capital's is more continental. In Fahrenheit, Madrid's July average of <<n:25.6|26.5>> °C is 78 °F.
=== phone-support-transcript
[call] 09:02 Agent Lucinda: Broadband desk. 09:03 Caller (Mr. Abbott): speed only 18 Mbit/s instead of 100. 09:07 line test: attenuation high. 09:11 technician booked for Fri 3 Nov between 8 and 12. Ticket INC0048213. Voucher £15.
---
Mr. Abbott called the broadband desk at 9:02 because he was only getting 18 Mbps rather than 100 Mbps (82% less). After a line test, Lucinda booked a technician for Friday, November 3, 8 AM–noon. Ticket: <<n:INC0048213|INC0048231>>.
---
Call duration: about 9 minutes (09:02–09:11)
Issue: slow internet (less than one fifth of the contracted speed)
Compensation: £<<n:15|25>> voucher
Agent: Lucinda
Customer: <<p:Abbott|Ridley>>
=== geology
[text] The Karr quarry yields slate of the Lower Devonian, about 405 million years old. It is split by hand into plates of 4 to 6 mm. 31 masons produce 8,900 tonnes a year; 70% goes to France. Density 2.79 g/cm³.
---
Slate from the <<p:Karr|Brohl>> quarry is about 405 million years old (Lower Devonian). Thirty-one masons produce 8,900 tons annually, roughly 287 each. French customers buy 70%, i.e. 6,230 tonnes.
---
With a density of <<n:2.79|2.97>> g/cm³, a plate of 1 m² and 5 mm thickness weighs around 14 kg. Plates are hand-split to a thickness of 4–6 millimetres. The Devonian is a period of the Paleozoic Era.
=== unknown-answer
[doc] The Halston ferry carries 12 cars and 80 passengers. It runs from May to September. Skipper: Rory McAllan.
[user] How much does the ferry cost and is there a boat to Skellan?
---
I couldn't find any information about prices or a boat to Skellan in the document. What it does say: the Halston ferry takes up to 12 cars and <<n:80|90>> passengers and operates from May to September (five months).
---
Unfortunately, fares aren't mentioned. You could ask the skipper, Rory <<p:McAllan|McGarvie>>, directly. The ferry doesn't run in winter. As for Skellan, the text contains no details on that.
=== product-json
[item] {"sku":"LMP-77","title":"Desk lamp Orla","price":{"amount":6490,"currency":"EUR","unit":"cent"},"discount_pct":20,"lumens":806,"kelvin":[2700,4000],"cable_cm":180,"stock":3,"rating":4.35,"reviews":112}
---
The **Orla desk lamp** costs €64.90; with the current 20% discount it's €51.92. It delivers <<n:806|860>> lumens, with a color temperature from 2,700 to 4,000 K. Only three are left in stock!
---
- Cable: 1.8 m
- Rating: 4.35/5 (<<n:112|121>> reviews)
- Savings: €12.98
- SKU: LMP-77

At 4,000 kelvin the light is neutral white, and at 2700 K warm white. That's about as bright as a 60-watt bulb.
=== clinical-trial
[protocol] Phase II, randomised 2:1, 96 patients in 11 centres in Belgium and Italy. Primary endpoint: change in FEV1 at week 12. Visits at weeks 0, 4, 8, 12 and 24. Dropout assumed 12%. Principal investigator: Prof. Chiara Benedetti, University of Padua. EudraCT 2021-004417-23.
---
This is a randomized Phase 2 study with 96 patients at <<n:11|17>> Belgian and Italian sites. With a 2:1 ratio, 64 patients receive the drug and 32 the control. Assuming 12% dropout, about 84 should complete it.
---
The PI, Professor <<p:Benedetti|Lombardini>> of Padua, will see patients five times, at baseline and weeks 4, 8, 12, and 24. The primary endpoint is forced expiratory volume in one second (FEV1) after 12 weeks, i.e. roughly three months. EudraCT number: <<n:2021-004417-23|2021-004471-23>>.
=== cinema-times
[tool] {"cinema":"Lux","film":"Night Ferry","shows":["14:30","17:15","20:40"],"runtime_min":128,"price":{"adult":12.5,"child":8,"tuesday_all":7},"rating":"PG-13"}
[user] Two adults and two kids on Tuesday please, what's the price? Late show
---
On Tuesday every ticket is €7, so the four of you would pay €28 rather than €41. The late show starts at <<n:8:40|8:10>> PM and, at 128 minutes plus trailers, ends around 10:50 PM.
---
*Night Ferry* (PG-13) runs for 2 hours 8 minutes at the <<p:Lux|Odeon>>. Showtimes: 2:30 PM, 5:15 PM, 8:40 PM. You save €13 compared to regular prices. Shall I reserve 4 seats?
=== grant-report
[report] Grant NKF-2022-318, budget SEK 1,200,000, spent SEK 1,074,350 (of which salaries 741,000, travel 118,350, equipment 215,000). Duration 01/2022–06/2024. PI Tuula Heikkinen, Åbo. Publications: 4 articles, 1 thesis.
---
Of the SEK 1.2 million budget, SEK 1,074,350 (89.5%) was spent, leaving SEK 125,650. Salaries were the largest item at SEK <<n:741,000|714,000>> (69%), followed by equipment and travel.
---
Grant no. <<n:NKF-2022-318|NKF-2022-381>> ran for two and a half years (30 months) from January 2022 to June 2024 under Tuula <<p:Heikkinen|Virtala>>. It resulted in five publications, including one thesis.
=== bike-shop
[quote] Service offer for bike "Velta C7": inspection €69, chain €34.90, cassette €42.50, brake pads 2 × €14.95, labour 1.5 h at €58. Ready on Thursday. – Ruben
---
Here's what Ruben quoted for your Velta C7: inspection €69, parts €107.30 (chain, cassette and two sets of pads) and labour €87 (1½ hours at €58). The total is €<<n:263.30|236.30>>.
---
Your <<p:Velta|Kordel>> will be ready on Thursday. The brake pads cost €29.90 altogether. Skipping the <<n:€42.50|€45.20>> cassette would bring the bill down to €220.80.
=== religion-calendar
[parish] Easter services: Maundy Thursday 6.30pm, Good Friday 3pm, Easter Vigil Saturday 9pm, Easter Sunday 8am and 10.30am. Easter is on 31 March 2024. Egg hunt after the 10.30 service. Rev. Phoebe Langdale. Collection for St Kevin's shelter.
---
In 2024, Easter Sunday falls on March 31, so Maundy Thursday is March 28 and Good Friday is March 29. Services on Sunday are at 8:00 and 10:30 AM. The Easter Vigil begins at 9 PM on Saturday, <<n:March 30|March 23>>.
---
Rev. <<p:Langdale|Thackeray>> invites families to the egg hunt on Easter morning following the 10:30 service. The collection supports St. Kevin's shelter. For Christians, Holy Week ends with the Vigil.
=== zoo-day
[page] Zoo Hellern: open daily 9–18 (Nov–Feb until 16). Adults 16 €, children 4–15 9 €, family ticket (2 adults, up to 3 children) 43 €. Feeding: penguins 11.15, sea lions 14.30. Red panda twins born on 30 June. Dogs not allowed.
---
With the family ticket you pay <<n:€43|€48>> instead of €59 for two adults and three children, saving €16. Penguin feeding is at 11:15 am and sea lion feeding at 2:30 pm. From November through February, Zoo <<p:Hellern|Wilmersdorf>> closes at 4 pm.
---
Yes, you can see the baby red pandas! The twins were born on June 30. Kids aged 3 and under aren't listed, so please ask at the desk. Sadly, your dog will have to stay at home.
=== air-quality
[api] {"city":"Katowice","aqi":137,"pm25":49.8,"pm10":71.2,"no2":38,"o3":22,"time":"2025-02-11T18:00:00+01:00","forecast":[{"day":"2025-02-12","aqi":112},{"day":"2025-02-13","aqi":74}]}
---
Air quality in Katowice, Poland is currently unhealthy for sensitive groups (AQI 137). PM2.5 is at <<n:49.8|48.9>> µg/m³, about ten times the WHO annual guideline of 5 µg/m³. It should improve to 112 on Wednesday and 74 on Thursday.
---
As of 6 PM on 11 February, PM10 stands at <<n:71.2|72.7>>, NO₂ at 38 and ozone (O₃) at 22. By Thursday, the AQI is expected to drop by 63 points to 74 ("moderate").
"""
