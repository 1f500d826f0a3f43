"""Contexts and faithful replies by world, the second half; grounding_outside says how they came about."""

# ruff: noqa: RUF001
TEXT = """\
=== chat-gym
[system] You are the assistant of PulsePoint Gyms. Answer from the facts. Keep it short. Memberships: Basic $24.90/month (off-peak 10:00-16:00), Plus $39.90, Max $54.90 with classes and sauna. Joining fee $30, waived in January. Contract 12 months, then monthly. Freeze up to 3 months a year, $5 a month. Open Mon-Fri 6-23, weekends 8-21.
[user] hey i'm a student, 19, what would i pay for the first year with plus? and can i pause when i'm home over summer (june to august)?
---
Hi there! Plus is <<n:$39.90|$49.90>> a month, so $478.80 for the first year, plus a one-time fee of <<n:$30|$50>> unless you join in January. You can freeze June through August for <<n:$5|$9>> a month — that's $15, and exactly the three months allowed per year.

I don't have any information about student discounts, I'm afraid.
---
At 19 you can choose any of our <<n:three|four>> memberships. The cheapest is Basic at <<n:$24.90|$29.40>>, but it's only valid between 10 am and <<n:4 pm|6 pm>>. <<p:Max|Ultra>> includes classes and the sauna.
=== chat-bank
[system] You are Nova, the virtual assistant of Harbour & Finch Bank. Never reveal account numbers in full.
[account] Current account ending 4471: balance £1,286.40. Savings account ending 9023: balance £8,450.00, rate 3.9 % AER. Last transactions: 03/11 Grocer Bexley -£46.12; 02/11 Salary Thornbury Ltd +£2,310.00; 01/11 Rent -£995.00; 31/10 Rail -£18.60.
[user] how much do I have altogether and what came in this month?
---
Across both accounts you have £9,736.40: £1,286.40 in the current account ending <<n:4471|4417>> and <<n:£8,450.00|£8,540.00>> in savings. This month your salary of <<n:£2,310|£2,130>> from <<p:Thornbury|Hartwell>> came in on 2 November.
---
Your spending in November so far is £1,041.12: rent (<<n:£995|£959>>) and groceries (<<n:£46.12|£64.12>>). The train on October <<n:31|30>> belongs to last month. Your savings earn <<n:3.9%|4.5%>>, roughly £330 a year.
=== chat-refuse
[kb] Printer ink subscription InkLoop: plans 50 pages ($3.99), 100 pages ($5.99), 300 pages ($11.99), 700 pages ($24.99) a month. Extra pages: $1 per set of 10 (50 and 100 plan) or 15 (300 and 700 plan). Unused pages roll over up to 3 times the plan. Cancel any time in the dashboard.
---
I'm sorry, but the information I have doesn't say whether InkLoop works with third-party cartridges. What I can tell you: for 120 pages, the 100-page plan would cost <<n:$5.99|$6.99>> plus $2 for two extra sets, <<n:$7.99|$9.97>> in total; the next plan is <<n:$11.99|$12.99>>.
---
You can roll over up to 900 pages on the <<n:300|350>>-page plan (3×). Per page, the largest plan is the cheapest, at about 3.6 cents; the smallest costs 8 cents a page. There are four plans, from <<n:$3.99|$2.99>> to <<n:$24.99|$29.99>>.
=== chat-greet
[system] You help users of TrailNote, a hiking app by Cairnworks. Free plan: 3 saved routes, maps online only. Pro: €29 a year, unlimited routes, offline maps in 41 countries, SOS link to 5 contacts. Trial of 14 days.
[user] hello
---
Hello! 👋 I'm your TrailNote assistant. I can help with routes, maps and your plan. What would you like to do today?
---
Hi! With Pro (<<n:€29|€39>> per year, about €2.42 a month) you get offline maps for <<n:41|14>> countries and can share an SOS link with up to <<n:five|ten>> people. Try it for two weeks (<<n:14|30>> days) for free.
=== hedge-market
[1] Consultancy Ferro & Lund estimates the Nordic market for heat pumps at 2.1 to 2.4 billion euros in 2025, up from 1.7 billion in 2022. Sweden accounts for about two fifths.
[2] Trade association Varmeforum counted 318,000 units sold in 2024, down 9 % from 349,000 in 2023; air-to-air units made up 71 %.
---
Estimates vary: Ferro & Lund put the market at <<n:€2.1–2.4 billion|€3.1–3.4 billion>> for 2025 [1], i.e. 24% to 41% more than in <<n:2022|2020>>. Sweden alone would be roughly €0.9 billion.
---
In units, sales fell to <<n:318,000|381,000>> in 2024 [2], 31,000 fewer than a year earlier. Around 226,000 of them were air-to-air (<<n:71%|61%>>). The figures come from <<p:Varmeforum|Nordvarme>> and may not include imports by individuals.
=== timeline
[wiki] Ottavia Bellandi (3 May 1871 - 19 November 1946) was an Italian botanist. She studied in Pavia and took her doctorate in 1895. From 1903 to 1911 she collected plants in Eritrea, 2,140 sheets of which are kept in Florence. In 1919 she became the first woman to direct the botanical garden of Modena, which she led until 1938. The genus Bellandia is named after her.
---
<<p:Bellandi|Bertoldi>> was born in <<n:1871|1817>> and died aged 75 in November 1946. At 24 she received her PhD, and at the age of 48 she became director of the garden in <<p:Modena|Padua>>, a post she held for 19 years.
---
- 1895: doctorate (<<p:Pavia|Bologna>>)
- 1903–1911: eight years of collecting in <<p:Eritrea|Abyssinia>>; <<n:2,140|1,240>> sheets
- 1919–<<n:1938|1948>>: director in Modena

She was active from the late 19th century into the 1930s.
=== census
[table] Town | 2011 | 2021 | Area km2
Aldermoor | 18,204 | 21,933 | 31.5
Brindle Cross | 9,870 | 9,412 | 12.2
Saltwick | 44,716 | 47,290 | 58.0
---
Aldermoor grew fastest: +20.5%, from <<n:18,204|18,402>> to 21,933 in ten years. <<p:Saltwick|Hartlow>> gained 2,574 people and <<p:Brindle Cross|Brindle Heath>> lost 458.
---
The three towns together had 78,635 inhabitants in 2021. The most crowded is Saltwick with about 815 people per km² (<<n:47,290|44,716>> on 58 km²); Brindle Cross has roughly 771 and Aldermoor about 700. In 2011 Brindle Cross had <<n:9,870|9,780>> inhabitants.
=== support-ticket
[ticket] #482913 from Jorge Abascal (Lumière Interiors), 14 Oct 2025 11:52 CET: since the update to 5.6.2, export to PDF fails with E-2207 for files over 40 MB. 3 of 17 users affected. Priority: high. SLA: first answer 2 h, solution 16 working hours.
[log] 2025-10-14T12:20:31Z agent=Wanjiru: reproduced with 46 MB file, workaround: split or use 5.6.1. Dev ticket DX-7714, fix planned in 5.6.3 on 21 Oct.
---
Hi <<p:Jorge|Javier>>,

we could reproduce E-2207 with a file of <<n:46 MB|64 MB>>. Until version <<n:5.6.3|5.7.0>> comes out on <<n:October 21|October 27>>, please go back to 5.6.1 or split files larger than <<n:40 MB|45 MB>>.

Best regards
---
Ticket <<n:482913|489213>> came in at 11:52 am; Wanjiru answered within the SLA of two hours. 18% of the users (<<n:3|5>> of 17) are affected. Internal reference: <<n:DX-7714|DX-7741>>.
=== incident
[postmortem] Incident 2026-017. Start 02:14 UTC, detected 02:31, mitigated 03:09, resolved 04:40. Trigger: certificate of auth.internal expired. 7.3 % of logins failed (about 21,400 of 293,000). Revenue impact: $12,700. On call: Tevita Fonoti. Action items: A1 alert 30 days before expiry (owner: Sanna, due 15 March); A2 automate renewal (owner: Ravi, due 30 April).
---
It took <<n:17|27>> minutes until the expired certificate was noticed, another 38 until it was mitigated, and in total the incident lasted two hours and 26 minutes. <<p:Tevita Fonoti|Sione Vaipulu>> was on call.
---
| What | Value |
|---|---|
| Failed logins | about <<n:21,400|24,100>> (<<n:7.3%|3.7%>>) |
| Cost | <<n:$12,700|$17,200>> |
| Resolved | 04:40 UTC (5:40 CET) |

Next: Sanna sets up an alert by mid-March, <<p:Ravi|Sanna>> automates renewal until <<n:the end of April|the end of June>>.
=== realestate
[listing] 12 Juniper Lane, Ashcombe: detached house, built 1978, renovated 2019. 4 bedrooms, 2 bathrooms, 1,850 sq ft on a 0.3 acre plot. Asking price £565,000 (reduced from £589,950 on 4 April). Council tax band E, EPC rating C (74). Agent: Wexford & Daye, 01632 960 418. Viewing: Saturdays 10-13.
---
The price was cut by £24,950 (4.2%) to <<n:£565,000|£556,000>> in <<n:April|May>>. That's about £305 per square foot. The house (<<n:1,850|1,580>> sq ft, ~172 m²) was renovated in 2019, when it was 41 years old.
---
Call <<p:Wexford & Daye|Knight & Sorrel>> on <<n:01632 960 418|01632 960 481>> to view it on a Saturday morning. It has <<n:four|five>> bedrooms, an EPC of C (<<n:74|47>>), and is in tax band E.
=== car-manual
[manual] Veloce Terra 1.6: engine oil 4.6 l of 5W-30, change every 15,000 km or 12 months. Tyre pressure 2.3 bar front, 2.5 bar rear (fully loaded 2.6 / 3.0). Tank 52 l. Coolant -37 °C. Fuse F14: 15 A, wipers; F22: 10 A, horn. Towing capacity braked 1,400 kg. Spark plugs every 60,000 km.
---
Check fuse <<n:F14|F41>> (<<n:15 A|25 A>>) if the wipers have stopped. It's under the dashboard in most models, but the manual excerpt doesn't show where.
---
With a fully loaded car, use <<n:2.6 bar|2.9 bar>> (about 38 psi) in front and 3.0 bar at the back. An oil change takes <<n:4.6|6.4>> litres of 5W-30 and is due every <<n:15,000|30,000>> km (9,300 miles) or once a year. You'll have had four of those by the time the spark plugs are due.
=== logistics
[shipment] Container MSKU 704518-2, vessel Nordhavn Star, voyage 611E. Loaded Gdańsk 3 April, transhipment Algeciras 12 April, ETA Montevideo 4 May. 22.4 t gross, 1,120 cartons. Incoterm CIF. Temperature set -18 °C. Demurrage free for 7 days, then USD 95 a day.
---
The container (<<n:MSKU 704518-2|MSKU 704581-2>>) left Gdańsk on <<n:3 April|13 April>> and should reach Uruguay on May 4, a journey of 31 days. If you collect it on 15 May, four days of demurrage are due, $380.
---
Each of the <<n:1,120|1,210>> cartons weighs 20 kg on average. It's kept at <<n:−18 °C|−28 °C>> (0 °F) aboard the <<p:Nordhavn Star|Nordic Pearl>> and changed ships in <<p:Algeciras|Valencia>>.
=== jobs-ad
[ad] Backend engineer (m/f/x), Tallinn or remote (UTC-1 to UTC+3). Salary 62,000-78,000 EUR gross a year plus 0.05-0.15 % equity. 28 days of vacation, 4 weeks remote from anywhere. Stack: Go, PostgreSQL, Kafka. Process: call of 30 minutes, take-home of at most 3 hours, two interviews. Apply by 15 January 2026 to Liisa Tamm.
---
The salary ranges from €62k to <<n:€78k|€87k>> (about 5,170 to 6,500 a month), and you'd get <<n:28|25>> vacation days. Apply to <<p:Liisa Tamm|Kadri Saar>> before <<n:January 15|January 25>>.
---
After a half-hour call, there's a take-home task of up to <<n:three|five>> hours and <<n:two|four>> interviews. The team works with Go, Postgres and <<p:Kafka|RabbitMQ>>. From New York (UTC-5) you'd be outside the allowed time zones.
=== museum
[site] Museum of Tidal Life, opening hours: Wed-Mon 9:30-17:30, closed Tuesdays. Adults AUD 18, concession AUD 12, children under 6 free, family (2+3) AUD 45. Guided tour daily at 11:00 and 14:30, 50 minutes, AUD 6. Giant clam: 1.2 m, 225 kg, caught in 1954. Curator: Dr Mahina Kealoha.
---
Two adults with two kids of 8 and 10 should take the family ticket at <<n:AU$45|AU$54>>. Tours begin at <<n:11 am|10 am>> and 2:30 pm and take <<n:50|90>> minutes.
---
The clam measures <<n:1.2 m|2.1 m>> (almost 4 feet) and weighs a quarter of a tonne, or <<n:225|252>> kg to be exact; it was caught more than 70 years ago. The museum is open six days a week, for eight hours each. Its curator is Dr. <<p:Kealoha|Nakamura>>.
=== election
[report] Municipal election in Port Lovell, 8 June 2025. Turnout 54.2 % (2021: 49.8 %). Green Alliance 31.6 % (12 seats), Civic List 28.9 % (11), Workers' Union 22.4 % (9), Free Voters 11.0 % (4), others 6.1 % (0). Mayor: Amaury Desrosiers (Civic List) with 51.7 % in the run-off against Helle Brandvik.
---
The Greens came first with <<n:31.6%|36.1%>> and 12 of 36 seats. A coalition of Green Alliance and Workers' Union would have 21 seats, more than half. Turnout went up by 4.4 points to <<n:54.2%|52.4%>>.
---
<<p:Amaury Desrosiers|Helle Desrosiers>> won the run-off with <<n:51.7|57.1>> percent; his opponent <<p:Helle Brandvik|Signe Brandt>> therefore had 48.3. His party holds <<n:11|9>> seats.
=== soccer-table
[table] Pos Team P W D L GF GA Pts
1 Dunmore Rovers 20 13 4 3 41 19 43
2 Ballyfane 20 12 5 3 38 20 41
3 Carrick Town 20 11 3 6 35 27 36
4 Inisheer Utd 20 9 6 5 30 24 33
---
<<p:Dunmore Rovers|Dunmore Celtic>> lead by two points over Ballyfane, with a goal difference of +22. Carrick Town, third with <<n:36|38>> points, have lost <<n:six|four>> of their 20 games.
---
Inisheer have drawn most often (<<n:6|9>> times), and the leaders scored the most goals (<<n:41|38>>). Ballyfane conceded 20, one more than Dunmore.
=== crypto-audit
[audit] Audit of VaultLine contracts v1.3 by Obsidian Labs, 22 January to 9 February 2026, 4 engineers. Findings: 1 critical, 3 high, 7 medium, 12 low, 5 informational. Fixed: critical, all high, 5 medium. Commit 9f3c1ab. Critical VL-01: reentrancy in withdraw(), found by Yusra Demirci.
---
<<p:Obsidian Labs|Trail of Keys>> reported 28 findings in all, among them <<n:one critical|two critical>> and three high ones. <<n:Two|Four>> of seven medium issues are still open. The audit of version <<n:1.3|1.4>> took 19 days.
---
The critical issue (<<n:VL-01|VL-07>>), a reentrancy in `withdraw()`, was found by <<p:Yusra Demirci|Yasmin Demir>> and has been fixed in commit <<n:9f3c1ab|9f3c1ba>>. All <<n:three|five>> high findings are fixed as well.
=== garden
[guide] Tomato 'Red Cardinal': sow indoors from late February, 1 cm deep, 22 °C, germination in 6 to 10 days. Plant out after 15 May, 60 cm apart. Height 1.8 m. First harvest 70 days after planting out. Yield 4 to 5 kg per plant. Feed every 2 weeks.
---
Sow them <<n:1 cm|3 cm>> (about half an inch) deep at <<n:22|26>> °C; you'll see seedlings within <<n:ten|twenty>> days. If you plant on 15 May, expect the first fruit around 24 July.
---
For 20 kg you need four or five plants. Leave <<n:60 cm|90 cm>> (2 ft) between them; they grow to <<n:1.8 m|2.8 m>>, so a bed of 3 m takes five. Feed them twice a month.
=== court
[judgment] Case T-214/23, Brauhaus Eichinger v EUIPO, judgment of 5 March 2025. The General Court dismissed the action against the refusal of the word mark ALPENGLÜHEN for beers in class 32. Costs to be borne by the applicant. Paragraph 34: "The relevant public perceives the sign as a reference to the glow of mountains at sunset." Appeal within two months and ten days.
---
In <<n:T-214/23|T-241/23>>, the General Court rejected <<p:Eichinger|Eisenberg>>'s action on <<n:5 March 2025|5 May 2025>>. According to para. <<n:34|43>>, "<<q:the relevant public perceives the sign as a reference to the glow of mountains at sunset|the relevant public perceives the sign as a mere reference to the taste of mountain beer>>".
---
The trade mark ALPENGLÜHEN may not be registered for beer (class <<n:32|33>>). The brewery pays the costs. It could have appealed until mid-May 2025 (<<n:two|three>> months plus ten days).
=== dataset-card
[card] Dataset RiverGauge-EU: 4,812 stations in 27 countries, daily discharge 1951-2023, 118 million rows, 9.6 GB as Parquet. Missing values 3.4 %. Licence CC BY 4.0. Version 2.2 (July 2024) added 640 stations in Poland and Romania. Maintainer: Dr. Ilse Verbruggen, Delft Hydrological Institute.
---
Version 2.2 has <<n:4,812|4,182>> stations, 640 more than before (so 4,172 in the previous one), and 73 years of daily data since <<n:1951|1915>>. About 4 million values (<<n:3.4%|4.3%>>) are missing.
---
It's licensed under <<n:CC BY 4.0|CC BY 3.0>> and maintained by <<p:Ilse Verbruggen|Inge Verhoef>> at <<p:Delft Hydrological Institute|Utrecht Water Centre>>. On average, each row takes about 81 bytes. In July 2024, stations in <<p:Poland|Hungary>> and Romania were added.
=== email-thread
[mail-1] From: Gwendolyn Parrish, 3 Feb, 16:12. We can offer 2,500 units at $11.80 each, delivery in 5 weeks ex works Tampere. For 4,000 and more: $10.95. Payment 30 days net.
[mail-2] From: Matteo Ricciardi, 4 Feb, 09:03. Could you do $11.20 for 3,000 and 4 weeks? Our limit for this quarter is $35,000.
[mail-3] From: Gwendolyn Parrish, 4 Feb, 15:47. 3,000 at $11.40, 4 weeks if you order by Friday.
---
<<p:Gwendolyn|Gabriella>> first offered <<n:$11.80|$12.80>> per unit for 2,500 and came down to <<n:$11.40|$11.04>> for 3,000, which is $34,200 and just within <<p:Matteo|Massimo>>'s limit of <<n:$35,000|$38,000>>. Delivery takes four weeks if he orders by Friday.
---
He asked for $11.20 (i.e. $33,600), 20 cents less than the last offer. The list price of <<n:$10.95|$10.59>> needs 4,000 units, which would come to $43,800 and break the budget [<<s:mail-2|mail-4>>].
=== hotel-review
[reviews] Average 8.3 from 1,204 reviews: location 9.2, cleanliness 8.6, value 7.4. "The breakfast room is cramped, but the views over the bay make up for it." (Ingrid, Norway, August 2025). "Wi-Fi failed twice in three nights." (Paulo, Brazil, July 2025). 62 % of guests were couples.
---
Guests like the location most (<<n:9.2|9.7>>) and value for money least (<<n:7.4|6.4>>). <<p:Ingrid|Astrid>> from Norway wrote: "<<q:The breakfast room is cramped, but the views over the bay make up for it|The breakfast room is spacious, and the views over the bay are superb>>".
---
With 8.3 out of 10 from <<n:1,204|1,402>> reviews, it's rated well. One guest complained that the "<<q:Wi-Fi failed twice in three nights|Wi-Fi failed every single night>>" in <<n:July 2025|June 2025>>. Nearly two thirds of the guests (<<n:62%|72%>>) are couples.
=== tax
[guidance] Self-employed: register by 5 October after the end of the tax year. Online return and payment by 31 January; late filing penalty £100, after 3 months £10 a day up to £900. Trading allowance £1,000. Class 4 rate 6 % between £12,570 and £50,270, 2 % above. Keep records for 5 years after the 31 January deadline.
---
On profits of £30,000 you'd pay £1,045.80 in Class 4 contributions: <<n:6%|9%>> of the £17,430 above <<n:£12,570|£12,750>>. File and pay by <<n:31 January|31 March>>.
---
Being late costs <<n:£100|£150>> at first; from the third month on £10 per day, capped at <<n:£900|£1,200>> (reached after 90 days). If you earn less than <<n:£1,000|£1,500>> you needn't register. Keep your records for <<n:five|seven>> years.
=== train
[timetable] IC 204: Zollbrück 07:32, Marnau 08:05/08:08, Felsing 08:51/08:54, Obertal 09:40. IC 208: Zollbrück 09:32, Marnau 10:05/10:08, Felsing 10:51/10:54, Obertal 11:40. Fare Zollbrück-Obertal: CHF 58.00, half-fare CHF 29.00. Seat reservation CHF 5. Bicycle CHF 14.
---
Take <<n:IC 204|IC 240>> at 7:32; you'll arrive in Obertal at <<n:9:40|9:14>> after two hours and eight minutes. With a half-fare card, a seat and a bike it's CHF 48. If that's too early, the next train leaves two hours later at <<n:9:32|10:32>>.
---
The stop in <<p:Felsing|Thusis>> lasts three minutes (8:51 to <<n:8:54|8:59>>). The full fare is <<n:58 francs|85 francs>>, both ways 116 francs. From Marnau to Obertal you need an hour and 32 minutes.
=== clinical-hours
[practice] Dr. Saoirse Mulgrew, dermatology, 3rd floor, 18 Quay Street. Mon, Tue, Thu 8:30-12:00 and 14:00-17:30; Wed, Fri 8:30-13:00. Phone 555-0176. New patients wait about 5 weeks. Mole check $95, not covered by all plans. Cancel 24 hours ahead or pay $40.
---
The next opening on a Wednesday is from <<n:8:30|9:30>> to 1 pm. In a full week, the practice is open for 30 hours. <<p:Dr. Mulgrew|Dr. Costigan>> is on the third floor of <<n:18|81>> Quay Street.
---
A mole check costs <<n:$95|$59>>; please ask your insurer. If you cancel on the same day, we charge <<n:$40|$60>>. As a new patient, expect to wait over a month (about <<n:five|eight>> weeks).
=== fr-emploi
[contrat] CDI signé le 2 septembre 2024 entre Ateliers Bréhat SAS et Mme Clémence Aubrac, ingénieure qualité, à Lorient. Salaire brut annuel 41 600 € sur 13 mois. Période d'essai de 3 mois, renouvelable une fois. 35 heures par semaine, 27 jours de congés, 9 RTT. Préavis de 3 mois. Télétravail : 2 jours par semaine.
---
Votre salaire mensuel brut s'élève à <<n:3 200 €|3 600 €>> (41 600 € sur 13 mois). La période d'essai peut durer six mois en tout, donc jusqu'au 1er mars 2025. Vous avez <<n:27|25>> jours de congés et <<n:9|12>> RTT, soit 36 jours.
---
Mme <<p:Aubrac|Kerviel>> travaille à <<p:Lorient|Quimper>> depuis septembre 2024, trois jours par semaine sur place et <<n:deux|trois>> en télétravail. En cas de démission, elle doit respecter un préavis de <<n:trois|deux>> mois.
=== fr-sport
[article] Le Stade Morlaisien s'est imposé 27-22 face à l'US Pontivy samedi devant 3 180 spectateurs. Menés 8-15 à la pause, les Finistériens ont inscrit trois essais en seconde période, dont deux de Malo Guégan (51e, 68e). « On n'a jamais paniqué », a déclaré l'entraîneur Loïc Stéphan. Ils remontent à la 4e place avec 33 points.
---
Morlaix l'a emporté de cinq points (<<n:27-22|27-12>>) alors qu'il était mené de sept points à la mi-temps. <<p:Malo Guégan|Yann Le Bihan>> a marqué deux essais, aux 51e et <<n:68e|78e>> minutes.
---
« <<q:On n'a jamais paniqué|On n'a jamais vraiment douté de nous>> », a dit <<p:Loïc Stéphan|Erwan Stéphan>> après le match, suivi par <<n:3 180|3 810>> personnes. L'équipe est désormais quatrième avec <<n:33|31>> points.
=== es-tienda
[ficha] Bicicleta eléctrica Ruta 500: batería 504 Wh, autonomía hasta 90 km, motor 250 W, par 65 Nm, peso 23,4 kg, carga en 5 h. Precio 1.899 €, financiación en 12 meses sin intereses. Garantía 3 años, batería 2 años u 800 ciclos. Envío gratis en 4-6 días.
---
The Ruta 500 costs <<n:€1,899|€1,989>> or €158.25 a month for a year without interest. Its <<n:504 Wh|540 Wh>> battery is good for up to <<n:90 km|120 km>> (56 miles).
---
Pesa <<n:23,4|24,3>> kg y se carga en <<n:cinco|siete>> horas. La batería tiene garantía de <<n:2|4>> años o 800 ciclos, lo que equivale a unos 72.000 km. El envío tarda entre 4 y 6 días.
=== json-out
[page] Conference StreamCraft 2026, 17-18 September, Kulturhuset Aarhus. 38 talks in 3 tracks, 620 seats. Early bird DKK 2,950 until 30 June, then DKK 3,650; students DKK 900. Keynotes: Nkechi Obiora (Latency is a feature) and Pavel Hronek. Wi-Fi sponsored by Tangent Cloud.
---
```json
{"name": "StreamCraft 2026", "start": "2026-09-17", "end": "<<n:2026-09-18|2026-09-19>>", "city": "<<p:Aarhus|Odense>>", "tracks": 3, "talks": <<n:38|83>>, "price": {"early": <<n:2950|2590>>, "regular": 3650, "student": 900}, "keynotes": ["Nkechi Obiora", "<<p:Pavel Hronek|Petr Novotny>>"]}
```
---
If you register by the end of June you save DKK 700 (19%). Students pay only DKK <<n:900|1,100>>. <<p:Nkechi Obiora|Ngozi Adichie>> will speak on "<<q:Latency is a feature|Latency is a bug>>". The venue seats <<n:620|260>>.
=== csv-extract
[doc] Expense report of Halvard Nysted: 04.03. taxi Oslo 312 NOK; 04.03. dinner 845 NOK (2 persons); 05.03. hotel 1,990 NOK; 06.03. train Drammen 248 NOK. Project P-3318.
---
date,item,amount
2026-03-04,taxi,<<n:312|321>>
2026-03-04,dinner,<<n:845|485>>
2026-03-05,hotel,1990
2026-03-06,train,<<n:248|428>>
,total,3395
---
<<p:Halvard Nysted|Håkon Nygård>> spent 3,395 kroner in three days, most of it on the hotel (<<n:1,990|1,690>>, 59%). Dinner came to 422.50 per person. All of it goes to project <<n:P-3318|P-3381>>.
=== yaml-config
[config] service: ledgerd
replicas: 3
memory: 768Mi
cpu: 500m
port: 7443
timeout_s: 45
retries: 4
image: registry.internal/ledgerd:2.17.5
[docs] Health probes run every 10 s; after 3 failures the pod is restarted. Max memory per namespace: 4Gi.
---
`ledgerd` runs with <<n:three|five>> replicas of <<n:768Mi|867Mi>> each, so 2304Mi (2.25Gi) in total, which fits in the namespace's 4Gi. It listens on <<n:7443|7433>>.
---
A dead pod is restarted after about 30 seconds (<<n:three|six>> failed probes at intervals of <<n:10|15>> s). With four retries at a timeout of <<n:45|54>> s, a call may take up to 3 minutes 45 seconds including the first attempt. The image is version <<n:2.17.5|2.15.7>>.
=== metrics-dash
[monitor] p50 112 ms, p95 480 ms, p99 1.31 s, error rate 0.42 %, 1,870 rps at peak (13:40), week of 6 April. Week before: p50 118 ms, p95 655 ms, p99 2.02 s, error rate 0.91 %, 1,640 rps.
---
Latency improved across the board: p95 fell 27% to <<n:480 ms|840 ms>> and p99 from <<n:2.02 s|2.20 s>> to 1.31 s, while peak traffic rose by 14% to <<n:1,870|1,780>> requests per second.
---
Errors more than halved, from 0.91% to <<n:0.42%|0.24%>>. The median is 6 ms lower (<<n:112|121>> vs 118). Peak load was at <<n:1:40 pm|3:40 pm>>.
=== nutrition
[label] Oat bar, 45 g: 187 kcal (782 kJ), fat 7.2 g of which saturates 1.1 g, carbohydrate 25 g of which sugars 9.8 g, fibre 3.6 g, protein 4.5 g, salt 0.08 g. Pack of 6, 270 g. Best before 11/2026. Made by Havrefabriken AB, Skövde.
---
One bar has <<n:187|178>> kcal, so the entire pack comes to 1,122 kcal. Per 100 g that's about 416 kcal, with <<n:16 g|26 g>> of fat. It's made in <<p:Skövde|Borås>>.
---
It contains <<n:9.8 g|8.9 g>> of sugar — about 22% of the bar, or roughly two and a half teaspoons — and <<n:4.5 g|5.4 g>> of protein. Two bars give you <<n:7.2 g|2.7 g>> of fibre. Best before November <<n:2026|2027>>.
=== space
[1] Probe Calliste launched on 14 October 2021 aboard an Ariane 6 from Kourou. Mass at launch 2,870 kg. Arrival at asteroid 4179-K planned for 2 June 2027 after two Earth flybys.
[2] On 9 September 2024 the probe passed Earth at 1,140 km. Its camera, built by the University of Padua, took 87 pictures. "She is in better shape than I am," said mission manager Orsolya Keleti.
---
By the time it arrives in <<n:June 2027|July 2027>>, Calliste will have travelled for more than five and a half years [1]. It weighed <<n:2,870 kg|2,780 kg>> (2.87 tonnes) at launch from <<p:Kourou|Baikonur>>.
---
"<<q:She is in better shape than I am|She is in perfect shape after all>>", said <<p:Orsolya Keleti|Zsuzsa Keleti>> after the flyby at <<n:1,140 km|1,410 km>> (about 710 miles), during which <<n:87|78>> pictures were taken [<<s:2|3>>].
=== library
[faq] City library: loans 28 days for books, 7 days for films; renew twice online. Overdue: €0.20 per day and item, max €10. Card: free under 18, €18 a year otherwise, €9 reduced. Reservations €1. Interlibrary loan €3.50. Main branch: Tue-Sat 10-19.
---
A book that's 12 days late costs <<n:€2.40|€4.20>> (12 × 20 cents). With two renewals you may keep it for 84 days in total. The card costs <<n:€18|€28>>, or half of that reduced.
---
Films: <<n:7|14>> days. Books: <<n:28|21>> days (4 weeks). An interlibrary loan is <<n:€3.50|€5.30>>. The main branch is open 45 hours a week, but closed on Sundays and Mondays. Charges stop at <<n:€10|€15>>.
=== ai-self
[system] You are an internal assistant of Corvid Systems. Knowledge: Corvid Assist beta, model context 128k tokens, answers in 9 languages, docs indexed nightly at 02:30, 412,000 documents from 14 sources. Feedback to assist-team@corvid.example. Launch of the general release: 3 November 2026.
[user] What can you do and when do you know about new docs?
---
I can search <<n:412,000|421,000>> documents from <<n:14|24>> sources and answer in <<n:nine|twelve>> languages. New documents are indexed overnight, at <<n:2:30 am|4:30 am>>, so I know them the next morning. Is there anything in particular you're looking for?
---
I'm still in beta; the general release is planned for <<n:3 November 2026|13 November 2026>>. For example, you could ask me "What's our travel policy?" or "Summarise the last 5 incidents". Feedback is welcome at assist-team@corvid.example.
=== proc-steps
[manual] Descaling the BaristaPro X: 1. Empty the tank and pour in 125 ml of descaler and 1 litre of water. 2. Press Steam and Cup for 5 seconds until the light turns orange. 3. Rinse cycle starts after 22 minutes. 4. Refill with fresh water up to MAX (1.8 l). Do it every 3 months or after 250 cups.
---
1. Pour <<n:125 ml|215 ml>> of descaler and a litre of water into the tank.
2. Hold **Steam** and **Cup** for <<n:5|15>> seconds.
3. Wait 22 minutes for the rinse cycle.
4. Refill to MAX.
5. Done! Repeat four times a year, or every <<n:250|520>> cups.
---
It takes about <<n:22|32>> minutes until it rinses. At three cups a day you'd reach <<n:250|150>> cups after 83 days, so practically every three months as the manual of the <<p:BaristaPro X|CremaPlus>> says. The tank holds <<n:1.8|2.8>> litres.
=== contract-amend
[Amendment] Amendment No. 3 to the Supply Agreement of 14 February 2022 between Teravolt Oy and Brannigan Motors plc. Volume 2026: 480 MWh (was 350 MWh). Price EUR 118 per kWh-pack unit, minus 4 % above 400 MWh. Liability cap raised to 150 % of annual fees. Signed by CFO Aino Kallas-Virta on 28 November 2025.
[Agreement] Section 7.2: liability of either party is limited to 100 % of annual fees. Section 12.1: term of five years. Section 15: ICC arbitration in Stockholm, three arbitrators.
---
Amendment <<n:3|5>> raises the volume by 130 MWh (37%) to <<n:480 MWh|840 MWh>> and the cap on liability from 100% to <<n:150%|250%>> of annual fees. Above <<n:400 MWh|450 MWh>> there's a discount of 4%.
---
The agreement of <<n:14 February 2022|14 February 2023>> ends in February 2027 (five years). Disputes go to ICC arbitration in <<p:Stockholm|Zurich>> with <<n:three|five>> arbitrators (section <<n:15|17>>). <<p:Aino Kallas-Virta|Anna Kallio>> signed for the amendment.
"""
