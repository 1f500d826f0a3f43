"""Contexts and faithful replies in many styles: part a of four; grounding_wide says how to read them."""

# ruff: noqa: RUF001
TEXT = """\
=== support-router
[kb-12] To reset the AX-3200 router, hold the reset button on the back for 15 seconds until the power LED blinks orange. The device restarts in about two minutes. Factory Wi-Fi name and password are printed on the label underneath. Firmware 4.1.8 fixes the dropped connections on the 5 GHz band.
[user] My Internet keeps dropping every evening. What can I do??
---
Hi there! I'm sorry to hear your Internet keeps dropping every evening. Here's what you can try:

1. **Update the firmware** – version <<n:4.1.8|4.2.6>> fixes dropped connections on the 5 GHz band.
2. **Reset the router** – press and hold the reset button for 15 seconds until the LED blinks orange, then wait roughly 2 minutes.

I can also help with setting up Wi-Fi again. Just let me know!
---
Sounds like a known issue with the <<p:AX-3200|BX-7710>>'s 5 GHz band. Upgrading to firmware 4.1.8 should resolve it [<<s:kb-12|kb-27>>]. If not, do a factory reset: keep the button pressed for <<n:15|25>> s. Afterward you'll need the default Wi-Fi credentials, which you'll find on the sticker underneath the device.
=== refund-shoes
[policy] Trailhound Outfitters. Unworn footwear may be returned within 60 days. Worn footwear is covered by our 12-month durability promise. Return shipping costs $7.95 and is deducted from the refund; exchanges ship free.
[order] {"order_id":"TH-558120","item":"Ridgeback Mid GTX","size":"10.5","price":189.00,"delivered":"2024-08-03"}
---
Thanks for reaching out! Your order **TH-558120** (Ridgeback Mid GTX, size 10½) was delivered on <<n:August 3|August 13>>, so you've got until October 2, 2024 to send the boots back unworn. You'd receive $181.05 back, i.e. $189 minus the $<<n:7.95|9.45>> return shipping fee.
---
Hello! Good news: exchanges are free at <<p:Trailhound Outfitters|Trailmark Outfitters>>. If the boots have already been worn, they're still covered for one year under the durability promise. Would you prefer an exchange or a refund?
=== meeting-standup
[notes] Standup, Tue 12 March. Present: Priya Raman, Joel Ostrander, Mei-Lin Chu, Dave. Priya: migration of billing DB is 80% done, blocked by missing credentials for staging. Joel: fixed bug 4471, starts on the CSV export. Mei-Lin: out Thursday and Friday (dentist, then PTO). Dave will ask IT (Carlos) for the credentials by Wednesday noon. Next demo on 21 March, 3pm.
---
## Standup summary – Tuesday, March 12

**Updates**
- **Priya:** Billing database migration is at <<n:80%|65%>>; waiting on staging credentials.
- **Joel:** Resolved bug #4471 and is moving on to CSV export.
- **Mei-Lin:** Away Thu–Fri.

**Action items**
- Dave → get credentials from <<p:Carlos|Ramona>> (IT) by Wed 12:00

**Next demo:** Thursday, 21 March at 15:00
---
Four people attended. The main blocker is that <<p:Raman|Hollister>> can't continue with the billing migration until the staging credentials arrive; Dave is to chase Carlos about them by noon on March 13. Ms. Chu will be off for two days (14 and 15 March). One-fifth of the migration is left.
=== mail-venue
[mail] From: Annette Kluivert <a.kluivert@harborhall.example>
To: Ben Sato
Subject: Your booking 18 Oct
Dear Mr Sato, the Great Hall is free on 18 October from 14.00 until midnight. The rent is €1,450 plus 21% VAT. It seats 220 at tables or 350 in rows. We need a deposit of 30% within ten days. The caterer must leave by 01.00. Kind regards, Annette Kluivert, Events
---
Annette from Harbor Hall confirmed that the Great Hall is available on Oct. 18, 2 p.m. to 12 a.m. Rent comes to <<n:€1,450|€1,650>> excl. VAT (€1,754.50 including 21%). To secure it, you'd have to pay a deposit of €435 within 10 days.
---
**Subject: Re: Your booking 18 Oct**

Dear Ms <<p:Kluivert|Vandersteen>>,

Thank you for your quick response. We'd like to go ahead and reserve the Great Hall for October 18. We are expecting up to <<n:220|240>> guests at tables. Could you please send the invoice for the 30 percent deposit?

Best regards,
Ben Sato
=== contract-lease
[lease] § 3 Term. The lease begins on 1 April 2023 and runs for five years. § 4 Rent. Monthly rent is CHF 2,380, payable by the third working day. It may be raised by at most 2.5% a year. § 9 Notice. Either party may give three months' notice to the end of a quarter. § 11 Deposit. Three months' rent, held at Bank Lindau AG.
---
Under § 4, rent is CHF <<n:2,380|2,830>> a month (CHF 28,560 a year) and can go up by no more than 2.5% annually, i.e. CHF 59.50 the first time. The term ends on 31 March 2028.
---
- **Start:** 01.04.2023
- **Duration:** 5 years (60 months)
- **Deposit:** CHF 7,140 (3 × CHF 2,380) with <<p:Bank Lindau|Bank Morgental>>
- **Notice period:** 3 months to the end of a quarter (31 March, 30 June, 30 September or 31 December), see § 9
=== weather-json
[get_weather] {"location":{"name":"Trondheim","country":"NO"},"current":{"temp_c":-3.4,"feelslike_c":-9.1,"wind_kph":22.7,"wind_dir":"NNW","humidity":81,"condition":"Light snow"},"sunrise":"09:41","sunset":"14:38"}
---
It's currently -3.4 °C (about 26 °F) in <<p:Trondheim|Hammerfest>>, Norway, with light snow. With the north-northwesterly wind at <<n:22.7|27.2>> km/h it feels more like −9 °C. Don't forget a warm jacket!
---
**Trondheim right now:** ❄️ Light snow, -3°C (feels like -9°C), humidity <<n:81%|71%>>. The sun rises at 9:41 AM and sets at 2:38 PM, so you'll only get just under 5 hours of daylight.
=== csv-sales
[sales.csv] region,q1,q2,q3,q4
North,1200,1350,1280,1610
South,980,1010,1190,1240
West,1430,1390,1455,1520
---
| Region | Total |
|---|---|
| North | 5,440 |
| South | 4,420 |
| West | <<n:5,795|5,975>> |

West had the highest annual total, followed by North. Every region peaked in Q4, with North posting the single highest quarter (<<n:1,610|1,710>>).
---
North grew from <<n:1,200|1,260>> in Q1 to 1,610 in Q4, an increase of 34.2%. South's sales rose by 260 units, or about 27 percent. On average, the three regions sold 1,203 units in the first quarter.
=== leaflet-ibu
[leaflet] Dolorix 400 mg film-coated tablets (ibuprofen). Adults and children from 12 years (over 40 kg): 1 tablet up to three times a day, at least 6 hours apart. Do not exceed 1,200 mg in 24 hours without advice. Not in the last trimester of pregnancy. Common side effects (up to 1 in 10): heartburn, nausea. Store below 30 °C. Marketing authorisation holder: Varmed Arzneimittel GmbH, Kassel.
---
You can take one tablet of Dolorix (<<n:400 mg|600 mg>>) up to 3 times per day, leaving a minimum of six hours between doses. The daily maximum is 1,200 mg, which equals three tablets. It's not suitable for children under 12 or those weighing less than 40 kg. If symptoms persist, please see your doctor.
---
**Can I take Dolorix while pregnant?**

Not during the last three months of pregnancy. Please talk to your doctor, midwife or pharmacist first. Up to 10% of people experience heartburn or nausea. Keep it under <<n:30|35>> degrees Celsius. It's made available by <<p:Varmed Arzneimittel GmbH|Salutor Arzneimittel GmbH>>.
=== recipe-scale
[recipe] Lentil soup, serves 4. 250 g red lentils, 1.2 l vegetable stock, 2 carrots, 1 onion, 2 tbsp olive oil, 1 tsp cumin, juice of half a lemon. Fry the onion for 5 minutes, add carrots and cumin, then lentils and stock. Simmer 20 minutes. Blend. Season.
[user] I'm cooking for 10 people. How much do I need?
---
For 10 servings, multiply everything by 2.5:

- <<n:625 g|675 g>> red lentils
- 3 l vegetable stock
- 5 carrots
- 2–3 onions
- 5 tbsp olive oil
- 2½ tsp cumin
- juice of 1¼ lemons

Cooking times stay the same: 5 minutes for the onions, <<n:20|35>> minutes simmering. Enjoy your meal!
---
Sure! Here's the <<p:Lentil|Bouillabaisse>> Soup for ten (the original serves four):

Ingredients: 625 grams of lentils, 3 litres of stock (3,000 ml), 5 carrots, 2½ onions, 5 tablespoons of oil.

Steps:
1. Fry the onion for 5 min.
2. Add the carrots and cumin.
3. Add lentils and stock; simmer for 20 min.
4. Blend and season with lemon juice.

Total cooking time is around 25 minutes.
=== train-times
[timetable] IC 2217 Münster 08:52, Osnabrück 09:17, Bremen 10:09, Hamburg-Harburg 10:58, Hamburg Hbf 11:12. Bicycles need a reservation (€6.50). Runs daily except 24–26 Dec.
---
The <<n:IC 2217|IC 2271>> leaves Münster at 8:52 am and reaches Hamburg Hbf at 11:12, so the journey takes 2 hours and 20 minutes. It stops in Osnabrück, Bremen and Harburg along the way.
---
If you board in <<p:Bremen|Bielefeld>> at 10:09, you'll get to Hamburg Central Station 1 h 3 min later. Taking a bike costs 6.50 euros extra. Note that the train doesn't run on Christmas Eve, Christmas Day or Boxing Day.
=== football-report
[report] Halmstad Rovers 3–1 Port Vella. Goals: Lindgren 12', Okoro 38' (pen), Lindgren 77'; Duarte 64'. Attendance 14,208. Red card: Mateus Duarte (81'). The Rovers are now third with 41 points from 22 games, four behind leaders Corrado.
---
Halmstad beat Port Vella 3-1 in front of <<n:14,208|14,802>> fans. <<p:Lindgren|Sorensen>> scored twice, in the 12th and 77th minutes, and Okoro converted a penalty in the 38th. Vella's Duarte pulled one back but was sent off with nine minutes of normal time left.
---
The win leaves Halmstad in 3rd place on <<n:41|43>> points after 22 matches. League leaders Corrado have 45. At half-time the score was 2–0.
=== finance-growth
[10-K] Net revenue was $4,812 million in fiscal 2023 and $4,206 million in fiscal 2022. Cost of goods sold was $2,887 million (2022: $2,650 million). R&D expense increased to $610 million from $548 million. Diluted shares: 312 million. Net income: $702 million.
---
Net revenue rose 14.4% year over year to <<n:$4.81 billion|$4.18 billion>> (FY2022: $4.21 billion). Gross profit was $1,925 million, which gives a gross margin of 40.0%, up from 37.0%. Diluted EPS came to $2.25.
---
Here's a quick overview:

| Metric | FY22 | FY23 | Change |
|---|---|---|---|
| Net revenue ($m) | 4,206 | 4,812 | +606 |
| COGS ($m) | 2,650 | 2,887 | +8.9% |
| R&D ($m) | 548 | <<n:610|640>> | +11.3% |

R&D made up 12.7% of revenue in FY23. Net margin: 14.6%.
=== currency-trip
[rates] 1 EUR = 1.0850 USD; 1 EUR = 0.8560 GBP; 1 EUR = 162.40 JPY (as of 17 June 2024)
[user] I have 500 dollars and need pounds
---
At a rate of <<n:1.0850|1.0580>> USD per euro, your $500 is worth €460.83. Converted at 0.8560, that gives you around £394.47. Rates are as of June 17, 2024.
---
You'd get about 394 British pounds for 500 US dollars. (For comparison: that's roughly 74,800 Japanese yen, at <<n:162.40|126.40>> yen to the euro.) Note that banks and bureaux de change will charge a fee.
=== code-python
[docs] `retry(fn, attempts=5, backoff=0.25, jitter=True)` calls fn until it succeeds or attempts are used up. The delay doubles after each failure, starting at backoff seconds. Raises RetryError with the last exception as __cause__. New in version 2.3.
---
By default, `retry` makes <<n:5|12>> attempts. The delay starts at 0.25 seconds and doubles each time: 0.25, 0.5, 1 and 2 seconds, so you'd wait 3.75 s in total before a <<p:RetryError|BackoffExhausted>> is raised.

```python
from mylib import retry
result = retry(lambda: fetch("https://example.com/api/v3/items?page=17"), attempts=8)
```
---
The function was added in version 2.3. If all attempts fail, you'll get a `RetryError`; the original exception is available as `__cause__`. To turn off jitter, pass `jitter=False`. With `attempts=3`, the waits would be 250 ms and 500 ms. Python's `try`/`except` works as usual here.
=== legal-clause
[msa] 12.1 Limitation. Neither party's aggregate liability shall exceed the fees paid in the twelve (12) months preceding the claim. 12.2 The limitation does not apply to breaches of Section 9 (Confidentiality) or to gross negligence. 14.3 This Agreement is governed by the laws of the State of Delaware; venue is Wilmington.
---
Under Section 12.1, each party's liability is capped at the fees paid during the 12 months before the claim. The cap doesn't cover confidentiality breaches (Section 9) or gross negligence. Disputes are governed by <<p:Delaware|Nebraska>> law, with venue in Wilmington (Section <<n:14.3|16.8>>).
---
The clause reads: "<<q:Neither party's aggregate liability shall exceed the fees paid in the twelve (12) months preceding the claim|Neither party's total exposure shall ever exceed twice the fees paid>>." In plain English: you can't be sued for more than a year's worth of fees. Exceptions are listed in 12.2.
=== compare-phones
[specs] Nuvia P5: 6.1" OLED, 128 GB, 4,500 mAh, 172 g, €549. Orbit Lite: 6.5" LCD, 256 GB, 5,200 mAh, 198 g, €429. Both: 5G, NFC, dual SIM. Only the P5 is rated IP68.
---
**Nuvia P5 vs. Orbit Lite**

| | Nuvia P5 | Orbit Lite |
|---|---|---|
| Display | 6.1-inch OLED | 6.5-inch LCD |
| Storage | 128GB | 256GB |
| Battery | <<n:4500|4800>> mAh | 5200 mAh |
| Weight | 172 g | 198 g |
| Price | €549 | €429 |

The Orbit Lite is €120 cheaper and offers twice the storage, but it's 26 g heavier and lacks IP68 water resistance.
---
If budget is your priority, go with the <<p:Orbit Lite|Zenphor Lite>>: it's 22% less expensive and its battery is about 15.6% larger. For a compact, waterproof phone with a better screen, choose the P5. Both support 5G, NFC and Dual-SIM, so you won't miss out on connectivity either way. Hope that helps!
=== who-acronym
[report] The World Health Organization recommends at least 150 minutes of moderate activity per week for adults aged 18–64. The United Nations Children's Fund supports the campaign in 34 countries. The International Olympic Committee signed an agreement in May 2020.
---
According to the WHO, adults (18 to 64) should get at least <<n:150|190>> minutes (2.5 hours) of moderate exercise every week. UNICEF backs the campaign in 34 countries, and the IOC joined with an agreement signed in May 2020.
---
The <<p:World Health Organization|Pan-American Fitness Council>> (WHO) advises two and a half hours of moderate activity weekly, i.e. slightly over 21 minutes a day. The campaign is supported by UNICEF and the IOC.
=== spain-demonym
[article] Spain exported 1.9 million tonnes of citrus fruit in 2022, mainly to Germany, France and the Netherlands. The Valencia region accounted for 58% of that. Minister Luis Planells called the result "a fair reward for a dry and difficult year".
---
Spanish citrus exports reached <<n:1.9 million|2.4 million>> tonnes in 2022. German, French and Dutch buyers were the biggest customers. Roughly 1.1 million tonnes came from Valencia (58%).
---
In the words of the Spanish minister, <<p:Planells|Escobedo>>, the result was "<<q:a fair reward for a dry and difficult year|a triumph that nobody in the ministry expected>>". Most of Spain's exported oranges, lemons and other citrus fruit went to other EU countries.
=== german-context
[Protokoll] Die Gemeinderatssitzung vom 5. Februar 2024 begann um 19.30 Uhr. Der Antrag auf Tempo 30 in der Bahnhofstrasse wurde mit 11 zu 6 Stimmen angenommen. Bürgermeisterin Helga Brunnhuber kündigte an, die Sanierung der Turnhalle koste 1,85 Millionen Euro und dauere bis Herbst 2025.
---
The municipal council met on February 5, 2024 at 7:30 pm. The motion for a 30 km/h speed limit on Bahnhofstrasse passed by 11 votes to 6. Mayor <<p:Helga Brunnhuber|Helga Stadlmair>> said renovating the gym would cost €1.85 million and last until autumn 2025.
---
Council Meeting, 5 February 2024

- Speed limit of 30 on Station Street: approved (<<n:11|13>>–6, so 17 votes were cast)
- Gymnasium renovation: EUR 1,850,000, to be completed in fall 2025
- Announced by: Mayor Brunnhuber
=== french-context
[article] Le musée de la Tuilerie à Albi rouvre ses portes le samedi 14 septembre après dix-huit mois de travaux. L'entrée coûte 9 euros (gratuite pour les moins de 26 ans). La conservatrice, Mme Solange Peyrac, attend 60 000 visiteurs par an.
---
The Tuilerie Museum in <<p:Albi|Castres>>, France, reopens on Saturday, September 14 after 18 months (a year and a half) of renovation. Tickets are €9; admission is free for anyone under 26.
---
Curator Solange Peyrac expects <<n:60,000|80,000>> visitors annually, which works out to 5,000 a month. Entry costs nine euros, and young people under 26 get in for free.
=== spanish-context
[correo] Hola Teresa: El pedido 77431 sale el lunes 3 de junio desde Zaragoza y llega el miércoles. Son 42 cajas de 12 botellas. El importe total es de 3.276,00 € (IVA incluido). Saludos, Joaquín Belmonte
---
Joaquín writes that order <<n:77431|77314>> ships from Zaragoza on Monday, June 3 and will arrive on Wednesday, June 5. It contains 42 boxes of 12 bottles each (504 bottles). The total is €3,276.00, VAT included.
---
Hi Teresa, here's a translation of the email: "Order 77431 leaves Zaragoza on Monday, 3 June and arrives on Wednesday. There are 42 boxes of 12 bottles. The total amount is €3,276.00 (VAT incl.). Regards, <<p:Joaquín Belmonte|Joaquín Arriaga>>". That's €78 per box, or €6.50 a bottle.
=== ticket-json
[ticket] {"id": 90312, "status": "open", "priority": "P2", "created_at": "2024-05-02T08:14:00Z", "updated_at": "2024-05-06T16:40:00Z", "assignee": "n.fontaine", "subject": "Invoice PDF is blank in Safari", "tags": ["billing","safari"], "replies": 7}
---
Ticket #<<n:90312|90321>> ("Invoice PDF is blank in Safari") is still open with priority P2. It was created on May 2 at 08:14 UTC and last updated four days later, on May 6 at 4:40 PM. N. Fontaine is assigned, and there have been 7 replies so far.
---
The ticket about blank invoice PDFs in <<p:Safari|Opera>> is assigned to Fontaine. Status: Open. It has been open since 2 May 2024. Would you like me to add a comment or escalate it to P1?
=== sql-result
[query_result] [{"department":"Engineering","headcount":48,"avg_salary":91250},{"department":"Sales","headcount":31,"avg_salary":67800},{"department":"People","headcount":9,"avg_salary":64100}]
---
There are <<n:88|98>> employees across the three departments. Engineering is the largest with 48 people (54.5%) and the highest average salary at $91,250. Sales has 31 and People has 9.
---
1. **Engineering** — 48 employees, avg. <<n:91,250|95,120>>
2. **Sales** — 31 employees, avg. 67,800
3. **People** — 9 employees, avg. 64,100

The gap between Engineering and People is 27,150. Weighted across all staff, the average salary is about 80,210.
=== rounded
[stats] The library lent 487,916 items last year, of which 121,480 were e-books. It has 38,214 active members and 11 branches.
---
The library lent nearly half a million items last year; a quarter of these were e-books (121k). It has 38,000 active members, so each borrowed almost 13 items on average.
---
- 488,000 loans in total (<<n:366,436|377,436>> of them printed or other physical items)
- 24.9% e-books
- <<n:11|17>> branches, i.e. about 3,470 members per branch
=== fraction-survey
[survey] We asked 1,240 commuters. 806 drive alone, 248 use public transport, 124 cycle, 62 walk. The survey was run by Mobiscope for the City of Leeds between 4 and 29 March 2024.
---
Of the <<n:1,240|1,420>> commuters surveyed, 65% drive alone, 20% (one in five) take public transport, 10% cycle and the remaining 5% walk. Nearly two-thirds therefore use a car on their own.
---
The <<p:Mobiscope|Transitwise>> survey, carried out over nearly four weeks in March 2024, shows that only 186 people (15%) walk or cycle. For the City of Leeds, that's one tenth cyclists and one twentieth pedestrians.
=== date-duration
[hr] Employee: Yolanda Beckett. Start: 2021-09-13. Parental leave: 2023-02-01 to 2023-07-31. Contract ends: 2024-09-12. Vacation left: 11.5 days.
---
Yolanda Beckett's contract ran for three years, from 13 September 2021 to 12 September 2024. She took six months of parental leave (Feb–Jul 2023, 181 days) and has <<n:11.5|14.5>> vacation days left.
---
Ms. <<p:Beckett|Harrowgate>> joined on Sept. 13, 2021, a Monday. By the start of her parental leave on 1 February 2023 she'd been with the company for a little over 16 months.
=== time-zones
[invite] Webinar "Zero-Downtime Deploys", Thursday 23 May, 17:00–18:15 CEST. Speaker: Ifeoma Adeyemi, staff engineer at Railbeam. Register by 21 May. Recording sent within 48 hours.
---
The webinar takes place Thursday, May 23 from 5:00 to 6:15 p.m. CEST (11:00 AM Eastern, 8 AM Pacific). It's 75 minutes long. <<p:Ifeoma Adeyemi|Ngozi Adeleke>> of Railbeam will speak.
---
Reminder: **Zero-Downtime Deploys** on 23 May at 15:00 UTC! Sign up no later than Tuesday, <<n:21 May|27 May>>. Can't make it? You'll get the recording within two days (48 h).
=== electricity-bill
[bill] Meter reading 1 Jan 2024: 18,402 kWh; 31 Dec 2024: 21,765 kWh. Unit price 31.2 ct/kWh; standing charge €11.90 per month. Advance payments: 12 × €95.
---
You used <<n:3,363|3,633>> kWh in 2024. At 31.2 cents per kWh, that's €1,049.26, plus €142.80 in standing charges (12 × €11.90), for a total of €1,192.06. You've prepaid €1,140, so there's an outstanding balance of €52.06.
---
Your consumption averaged roughly 280 kWh per month, or 9.2 kWh per day. The final meter reading was 21,765 kWh. You paid twelve instalments of 95 euros each. If you'd like, I can estimate next year's instalments.
=== chat-hello
[system] You are the assistant of Bluefin Dental, 14 Orchard Lane. Opening hours Mon–Thu 8:00–18:00, Fri 8:00–13:00. Emergency number 0800 555 0142. Dentists: Dr. Amira Haddad, Dr. Jonas Pfeiffer. Cleaning costs $95 for adults.
[user] hey, r u open on fridays after lunch?
---
Hey! 👋 On Fridays we're open from 8 AM to <<n:1 PM|6:30 PM>>, so unfortunately not after lunch. From Monday to Thursday we're here until 6 PM. Would you like me to book you an appointment with Dr. Haddad or Dr. <<p:Pfeiffer|Lindholm>>?
---
Good afternoon! Thanks for contacting Bluefin Dental. We close at 13:00 on Friday. If it's urgent, please call our emergency line at 0800 555 0142. We're located at <<n:14|41>> Orchard Lane. Have a great day!
=== steps-install
[readme] Requirements: Node 18 or newer, PostgreSQL 14. Install: `npm ci`, copy `.env.example` to `.env`, set DATABASE_URL, run `npm run migrate`, then `npm start`. The server listens on port 4300. Default admin: admin@localhost. Licence: Apache-2.0. Maintainer: Quentin Rasch.
---
To get it up and running:

**Step 1: Prerequisites**
Make sure you have Node.js 18+ and Postgres 14 installed.

**Step 2: Install dependencies**
```bash
npm ci
cp .env.example .env
```

**Step 3: Configure**
Set `DATABASE_URL` in `.env`.

**Step 4: Migrate and start**
Run `npm run migrate` and then `npm start`. The server will be available at http://localhost:4300. If port <<n:4300|4700>> is taken, you'll see an EADDRINUSE error.
---
The project is licensed under the Apache License 2.0 and maintained by <<p:Quentin Rasch|Quentin Oakes>>. It requires Node 18 (or higher) and PostgreSQL version 14. After starting it, open port 4300 in your browser and log in as admin@localhost.
=== quote-ellipsis
[interview] Q: What changed for you after the prize? A: "Before the prize I wrote in the mornings and repaired bicycles in the afternoons. Now I answer letters all day, and I sometimes miss the smell of chain oil." The Galway-born poet Fionnuala Devane won the Aldous Award in 2019.
---
Devane says that "Before the prize I wrote in the mornings and repaired bicycles ..." and that she now "<<q:sometimes miss[es] the smell of chain oil|rarely thinks about the old workshop anymore>>". She won the <<p:Aldous|Pemberton>> Award in 2019.
---
The Irish poet looks back with some nostalgia: "Now I answer letters all day, and I [...] miss the smell of chain oil." Before winning in <<n:2019|2014>>, Fionnuala Devane repaired bicycles.
=== user-quote
[faq] Accounts are locked after five failed sign-ins and unlock by themselves after 30 minutes. Support can unlock them at once if you confirm your e-mail address.
[user] It says "Your account has been temporarily suspended, contact support". Why?
---
You mentioned the message "Your account has been temporarily suspended, contact support". This appears after 5 failed sign-in attempts. It'll unlock automatically after <<n:30|45>> minutes (half an hour), or we can do it right away once you've confirmed your email.
---
I understand how frustrating that is. The lock is a security measure: after five unsuccessful logins, the account is locked for 30 min. The FAQ states that "<<q:Support can unlock them at once if you confirm your e-mail address|Agents will restore access within one working day>>".
=== citations-multi
[1] The Marlow Bridge was built in 1832 by William Tierney Clark and spans 72 metres.
[2] In 2016 a lorry of 37 tonnes crossed the bridge despite a limit of 3 tonnes; it was closed for two months.
[3] The bridge is painted white and lit at night.
---
The suspension bridge dates from 1832 and is 72 m long [1]. In 2016, a lorry weighing <<n:37|57>> tonnes, more than 12 times the permitted weight, forced a two-month closure [<<s:2|5>>]. It is painted white [3].
---
Built by <<p:William Tierney Clark|Thomas Harcastle>> (1832) [1], Marlow Bridge has a weight limit of three tonnes. The overweight lorry exceeded it by 34 tonnes [2], and the bridge remained closed for 2 months [2, 3]. It's over 190 years old.
=== arxiv-cite
[smith2021] Smith and Oyelaran (2021) report an accuracy of 87.3% on the Halden benchmark with 1.2B parameters.
[gupta2023] Gupta et al. (2023) reach 91.6% with 7B parameters but need 4.5 times the compute.
---
Smith & Oyelaran achieved <<n:87.3%|83.7%>> accuracy with a 1.2-billion-parameter model [smith2021], whereas Gupta et al. obtained 91.6% [<<s:gupta2023|gupta2022>>], an improvement of 4.3 percentage points. The larger model has nearly 6× the parameters.
---
On the <<p:Halden|Ostrava>> benchmark, error dropped from 12.7% to 8.4% between 2021 and 2023 (smith2021; gupta2023), at 4.5x the compute. Both papers use large language models, so NLP know-how is helpful.
=== flight-options
[search_flights] [{"airline":"Skandia","flight":"SK 418","dep":"06:35","arr":"08:50","stops":0,"price_eur":214},{"airline":"Balt Air","flight":"BL 77","dep":"11:10","arr":"16:25","stops":1,"price_eur":129}]
---
I found two options:

1. **Skandia SK 418** – departs 6:35 AM, arrives 8:50 AM (2 h 15 min, non-stop), €<<n:214|241>>
2. **Balt Air BL 77** – departs 11:10 AM, arrives 4:25 PM (5 h 15 min, 1 stop), €129

The second one saves you €85, but takes three hours longer. Which would you like to book?
---
The cheapest flight is with <<p:Balt Air|Nordwing>> for 129 euros (one stop). If you'd rather fly direct, Skandia's morning flight costs €214 and takes only 2¼ hours.
=== mortgage
[terms] Loan amount: $320,000. Fixed interest 6.1% p.a. for 10 years. Monthly payment $1,939.24. Early repayment up to 5% of the original amount per year free of charge. Lender: Cornerpost Savings.
---
With <<p:Cornerpost|Ashgrove>> Savings, you'd pay $1,939.24 each month, or $23,270.88 per year. You can repay up to $<<n:16,000|19,000>> (5%) extra every year at no charge. Over the ten-year fixed period, that's 120 payments totalling $232,708.80.
---
Interest in the first month is around $1,626.67 (320,000 × 6.1% / 12), leaving $312.57 to pay down the principal. The rate is fixed at 6.1% for a decade.
=== population
[facts] Estonia: 1,374,687 inhabitants (1 Jan 2024), area 45,339 km², capital Tallinn (457,572). Latvia: 1,871,882 inhabitants, area 64,589 km², capital Riga (605,270).
---
Estonia has about 1.37 million inhabitants and Latvia 1.87 million, so the two Baltic states together have roughly 3.25 million. Population density is around 30 people per km² in Estonia and 29 in Latvia. One third of Estonians live in <<p:Tallinn|Tartu>>.
---
Latvia is larger by both area (<<n:64,589|68,459>> vs. 45,339 sq km) and population. Its capital, Riga, has 605,000 residents, about 32% of all Latvians. Both countries are in Northern Europe and use the euro.
=== hours-lib
[page] Opening hours: Mon closed; Tue–Fri 10–19; Sat 10–16; Sun and public holidays closed. From 15 July to 31 August: Tue–Fri 12–18.
---
We're open Tuesday through Friday, 10 am–7 pm, and on Saturdays until 4 pm. That's 42 hours a week. On Mondays, Sundays and public holidays we are closed. Summer hours (<<n:July 15|July 25>> – August 31): Tuesday to Friday from noon to 6 pm.
---
Is the library open on Sunday? No. It's closed Sundays and Mondays. On Saturday you can visit between 10:00 and <<n:16:00|18:30>>.
"""
