"""Contexts and faithful replies in many styles: part b of four; grounding_wide says how to read them."""

# ruff: noqa: RUF001
TEXT = """\
=== marathon
[results] City Marathon 2024. Men: 1. Abel Tesfay 2:07:41; 2. Jonah Kiprop 2:08:19; 3. Luca Ferri 2:10:02. Women: 1. Hanna Weiss 2:24:55. 9,812 finishers from 64 nations.
---
Abel Tesfay won the men's race in 2:07:41, finishing 38 seconds ahead of Jonah Kiprop. Third place went to <<p:Luca Ferri|Paolo Ventura>>, 2 minutes and 21 seconds behind the winner. In total, 9,812 runners finished.
---
🥇 Tesfay – 2 hours, 7 minutes and 41 seconds
🥈 Kiprop – 2:08:19
🥉 Ferri – <<n:2:10:02|2:12:20>>

Weiss was the fastest woman, completing the 42.195 km in 2:24:55. Participants came from 64 countries.
=== medical-lab
[labs] Hb 11.2 g/dl (ref 12.0–16.0); Ferritin 9 ng/ml (ref 15–150); WBC 6.4 G/l (4.0–10.0); TSH 2.1 mU/l (0.4–4.0). Patient: female, 34. Dr. med. K. Osterwald.
---
Your haemoglobin (<<n:11.2|12.8>> g/dl) is slightly below the reference range of 12–16, and your ferritin (9 ng/ml) is under the lower limit of 15. This pattern is often seen in iron deficiency anemia. White blood cells and TSH are normal. Please discuss the results with Dr. <<p:Osterwald|Wimmer>>.
---
| Test | Result | Reference | |
|---|---|---|---|
| Hemoglobin | 11.2 g/dL | 12.0–16.0 | low |
| Ferritin | 9 ng/mL | 15–150 | low |
| Leukocytes | 6.4 G/L | 4.0–10.0 | normal |
| Thyroid (TSH) | 2.1 mU/L | 0.4–4.0 | normal |

Vitamin C can help your body absorb iron.
=== law-gdpr
[memo] Under Art. 33 GDPR the controller must notify the supervisory authority within 72 hours of becoming aware of a personal data breach. Fines reach 10 million euros or 2% of worldwide turnover. Our DPO is Marguerite Lasalle. The laptop was stolen on Friday 7 June at 18:20; IT learned of it on Monday 10 June at 9:05.
---
The General Data Protection Regulation (GDPR) gives you <<n:72|96>> hours (three days) from the moment you become aware. Since IT learned of the theft on Monday, June 10 at 9:05 am, the deadline is Thursday, 13 June at 9:05. Inform Data Protection Officer <<p:Marguerite Lasalle|Dominique Perrin>> immediately.
---
Article 33 requires notification within three days. Non-compliance could cost up to €10M or 2 per cent of global annual turnover. The laptop theft happened on June 7, i.e. about 63 hours before IT heard about it.
=== inventory
[inventory] sku;name;stock;reorder_level;unit_cost
A-1009;Hex bolt M8;4200;1000;0.06
A-1010;Washer M8;380;500;0.02
B-2044;Angle bracket;75;50;1.85
---
Only one item is below its reorder level: **Washer M8** (A-1010), with 380 in stock against a threshold of 500, a shortfall of 120. Stock value: bolts 252.00, washers 7.60, brackets <<n:138.75|183.75>>; 398.35 overall.
---
- Hex bolts (<<n:A-1009|A-1019>>): 4,200 pieces
- Washers (A-1010): 380 pieces ⚠️ reorder
- Angle brackets (B-2044): 75 pieces

Shall I create a purchase order for the washers?
=== history-war
[doc] The Treaty of Karlby was signed on 3 August 1721 by King Edvard II and the envoy Pieter van Houten. It ended a war of nine years. The island of Storholm went to the Dutch for 99 years.
---
The Treaty of Karlby (3 August 1721) ended a nine-year war that had begun around 1712. King Edvard II ceded <<p:Storholm|Gullnes>> to the Netherlands for 99 years, that is until 1820.
---
In the early 18th century, after nine years of fighting, Edvard and van Houten signed the treaty on August 3rd, <<n:1721|1727>>. The Dutch received Storholm for just under a century.
=== book-club
[blurb] "The Glass Orchard" by Nadia Verhoeven. 384 pages, Pelican House, 2018. When Ruth inherits her aunt's orchard in Kent she finds letters from 1943. Longlisted for the Baird Prize. Paperback £9.99, e-book £4.99.
---
*The Glass Orchard* (2018) is a 384-page novel by Nadia Verhoeven. Its heroine, Ruth, inherits an orchard in the English county of Kent and discovers World War II letters from <<n:1943|1934>>. The paperback costs £5 more than the e-book.
---
Verhoeven's novel, published by <<p:Pelican House|Heron House>>, was longlisted for the Baird Prize. A few discussion questions:

1. Why does Ruth keep the letters secret?
2. What does the orchard symbolise?
3. How does the Second World War shape the story?
=== api-error
[log] 2024-04-09 13:22:07,418 ERROR payments.worker: POST https://api.paywise.example/v2/charges returned 429 Too Many Requests (retry-after: 30). attempt 3/5, order=881203
2024-04-09 13:22:37,902 INFO payments.worker: charge ch_9fQ2 succeeded, 412 ms
---
The worker received HTTP 429 (Too Many Requests) from Paywise at <<n:13:22:07|13:26:45>> on the third of five attempts, waited the 30 seconds requested, and succeeded at 13:22:37. The successful call took 412 ms. So order <<n:881203|881320>> was charged exactly once.
---
A `429` means you've hit the API's rate limit. The `Retry-After` header said 30 s, and roughly half a minute later charge `ch_9fQ2` went through. You could add exponential backoff, e.g. 1 s, 2 s, 4 s.
=== shipping-rates
[rates] Parcel up to 2 kg: €5.49; up to 5 kg: €7.99; up to 10 kg: €11.49; up to 31.5 kg: €19.99. Max. length 120 cm. Insurance up to €500 included. Delivery 1–2 working days in Germany, 3–5 in the EU.
---
For a 7-kg parcel you'd pay €<<n:11.49|14.19>> (up to 10 kg). It's insured up to 500 euros. Within Germany delivery takes one to two business days; to other EU countries 3 to 5.
---
Two parcels of 4 kg each would cost €15.98, while sending one 8 kg parcel costs €11.49, saving €4.49. Keep in mind the maximum length of <<n:120|150>> cm (1.2 m).
=== hotel-mail
[mail] Dear guest, we confirm your stay from Fri 9 to Tue 13 Aug 2024: 1 junior suite, half board, EUR 212 per night, tourist tax EUR 2.10 per person and night. Cancel free until 2 Aug. Your team at the Seehof, Gerlinde Auer
---
Your booking at the Seehof runs from August 9 to 13, 2024, i.e. four nights in a junior suite with half board. That's €848 for the room, plus €16.80 tourist tax for two people. Free cancellation is possible until August <<n:2|22>>.
---
| | |
|---|---|
| Check-in | Friday, 9 August |
| Check-out | Tuesday, 13 August |
| Room | Junior Suite |
| Rate | €<<n:212|232>>/night |
| Contact | <<p:Gerlinde Auer|Waltraud Huber>> |
=== physics-school
[worksheet] A car of 1,200 kg speeds up from 0 to 27 m/s in 9 s. Neglect friction.
---
The acceleration is a = Δv/t = 27 m/s ÷ 9 s = 3 m/s². The force is F = m·a = 1,200 kg × 3 m/s² = <<n:3,600|4,600>> N (Newton's second law). The distance covered: s = ½·a·t² = 121.5 m.
---
Its kinetic energy at the end is E = ½mv² = 0.5 × 1,200 × 27² = 437,400 J, or about 437 kJ. 27 m/s corresponds to 97.2 km/h.
=== company-people
[press] Tessaly Robotics appoints Dr. Marianne Eschenbach as Chief Financial Officer effective 1 November. She succeeds Paul Trevithick, who retires after 19 years. Eschenbach was previously finance director at Kolibri Energy. CEO Hiroshi Tanabe: "Marianne brings the calm and the numbers we need for our next stage."
---
Tessaly Robotics has named Marianne Eschenbach as its new CFO, starting November 1. She joins from <<p:Kolibri Energy|Falkner Energy>>, where she was finance director, and replaces Trevithick, who's retiring after nearly two decades.
---
**Tessaly Names New CFO**

Tanabe, the company's Chief Executive Officer, praised her: "Marianne brings <<q:the calm and the numbers we need for our next stage|the energy and the network that we lacked before>>." Mr. Trevithick's retirement ends a <<n:19-year|29-year>> career at Tessaly.
=== garden
[guide] Sow broad beans from February to April, 5 cm deep and 20 cm apart, rows 45 cm apart. They need no feeding. Harvest 14 to 16 weeks after sowing. Pinch out tips against blackfly. Varieties: 'Aquadulce Claudia' (autumn), 'The Sutton' (dwarf).
---
Sow your broad beans between February and April at a depth of 5 cm (2 inches), leaving 20 cm between plants and <<n:45|65>> cm between rows. You can harvest about 3½ to 4 months later (14–16 weeks). In small gardens, the dwarf variety *<<p:The Sutton|Kelvedon Marvel>>* is a good choice.
---
If you sow on 1 March, the beans will be ready from 7 June to 21 June. Aquadulce Claudia can be sown in autumn. For a 2-metre row, you'll need ten or eleven beans.
=== tax-form
[guidance] Income up to £12,570 is free of tax. From £12,571 to £50,270 the basic rate is 20%. From £50,271 to £125,140 the higher rate is 40%. Above that, 45%.
[user] I earn £60,000. How much income tax will I pay?
---
On a salary of £60,000:

- First £12,570: £0
- Next £37,700 at 20%: <<n:£7,540|£7,450>>
- Remaining £9,730 at 40%: £3,892

**Total: £11,432**, an effective rate of about 19.1%.
---
You're a higher-rate taxpayer, because you earn more than £<<n:50,270|52,070>>. Only the £9,730 above that threshold is taxed at 40 per cent. This is a general estimate for the UK (HMRC) and not tax advice.
=== crm-tool
[get_customer] {"customer":{"id":"C-20418","name":"Bergström & Söhne GmbH","since":"2016-03","segment":"SMB","mrr":1240.5,"contacts":[{"name":"Ulla Bergström","role":"Managing Director"},{"name":"Timo Rausch","role":"Buyer"}],"open_invoices":2,"overdue_total":2481.0}}
---
**Bergström & Söhne GmbH** has been a customer since March 2016. They're in the small and medium-sized business segment with monthly recurring revenue of $1,240.50. There are two open invoices with <<n:2,481.00|2,841.00>> overdue — exactly two months' worth. Your contacts are Ulla Bergström (MD) and Timo Rausch (Buyer).
---
Customer ID: C-20418
MRR: 1,240.50 (ARR: 14,886)
Main contact: Managing Director Ulla <<p:Bergström|Wallander>>

Next steps you might consider:
- Call Timo about the overdue invoices
- Offer a payment plan
=== calendar-tool
[list_events] [{"title":"1:1 with Sana","start":"2025-01-14T09:30","end":"2025-01-14T10:00"},{"title":"Budget review","start":"2025-01-14T13:00","end":"2025-01-14T14:30","location":"Room Curie"},{"title":"Call w/ Dov Friedmann","start":"2025-01-14T16:15","end":"2025-01-14T16:45"}]
---
You have three events on Tuesday, January 14:

- 9:30–10:00 AM: 1:1 with Sana
- 1:00–2:30 PM: Budget review (Room Curie)
- <<n:4:15|4:50>>–4:45 PM: Call with Dov Friedmann

You're free from 10 AM to 1 PM, so that's a 3-hour window for focused work.
---
Tomorrow's meetings add up to two and a half hours. The longest one is the 90-minute budget review in Room <<p:Curie|Faraday>>. Your last call ends at 16:45. Should I block some time for lunch at 12:00?
=== order-status
[order] {"number":"#WB-10077","placed":"2024-11-29","status":"shipped","carrier":"DHL","tracking":"JJD000390007812345","items":[{"name":"Wool blanket, grey","qty":2,"price":59.9},{"name":"Candle set","qty":1,"price":18.5}],"shipping":0,"total":138.3,"eta":"2024-12-04"}
---
Your order #WB-10077 shipped via DHL and should arrive by Wednesday, <<n:December 4|December 14>>. It contains two grey wool blankets (€59.90 each) and one candle set (€18.50). The total is €138.30, with free shipping. Tracking number: JJD000390007812345.
---
Great news, your parcel is on its way! You placed the order on Black Friday, 29 November, so delivery takes five days in total. Both blankets together came to 119.80. You can follow it on the <<p:DHL|Hermes>> website.
=== minutes-board
[minutes] Board of the Elmfield Allotment Society, 6 November 2023. Present: M. Oduya (chair), R. Castle, S. Whitcombe, P. Nagy. Apologies: T. Lund. Balance: £3,914.22. Rent for a full plot goes up from £42 to £46 from January. Waiting list: 27. S. Whitcombe to get three quotes for the new fence. Next meeting: first Monday in February, 7.30pm, Scout Hut.
---
The board met on 6 November 2023 with four members present; T. Lund sent apologies. The society's bank balance is £<<n:3,914.22|3,419.22>>. Full-plot rent will increase by £4 (9.5%) to £46 in January 2024. The waiting list stands at 27 people. The next meeting is on Monday, 5 February 2024 at 19:30 in the Scout Hut.
---
**Decisions**
1. Rent: £42 → £46

**Actions**
1. Whitcombe: obtain 3 quotes for the fence

Chair <<p:Oduya|Mbeki-Rowe>> thanked everyone. The half plots weren't discussed.
=== science-abstract
[abstract] We followed 2,318 adults in Denmark and Sweden for a median of 8.4 years. Daily cheese consumption was associated with a lower risk of stroke (HR 0.87, 95% CI 0.79–0.96, p = 0.006). 142 participants had a stroke. Funding: Nordic Health Foundation. Corresponding author: L. Thygesen, Aarhus University.
---
In this study of <<n:2,318|2,813>> Danish and Swedish adults, eating cheese every day was linked to a 13% lower stroke risk (HR 0.87; 95% CI 0.79 to 0.96). Over a median follow-up of 8.4 years, 142 people (6.1%) had a stroke. Correlation doesn't imply causation, though.
---
Thygesen and colleagues from <<p:Aarhus|Uppsala>> University report a hazard ratio of 0.87 (p=0.006) after more than eight years of follow-up. The work was funded by the Nordic Health Foundation (NHF). The result is statistically significant at the 5% level.
=== energy-report
[report] Installed wind capacity rose from 61.1 GW in 2023 to 64.3 GW in 2024. Wind generated 138 TWh, solar 72 TWh, biomass 44 TWh; total renewables 290 TWh, 54.4% of gross consumption. Source: Verband Windkraft e.V.
---
Wind capacity grew by 3.2 GW (5.2%) to <<n:64.3|63.4>> GW in 2024. Wind was the largest renewable source with 138 TWh, almost twice as much as solar (72 TWh). Renewables covered 54.4% of gross electricity consumption, implying a total of about 533 TWh.
---
| Source | TWh | Share of renewables |
|---|---|---|
| Wind | 138 | 47.6% |
| Solar | 72 | 24.8% |
| Biomass | <<n:44|47>> | 15.2% |
| Other (e.g. hydro) | 36 | 12.4% |
=== car-manual
[manual] Tyre pressure: front 2.3 bar, rear 2.5 bar (fully loaded 2.9 bar). Engine oil 5W-30, 4.2 litres. Service every 30,000 km or 24 months. Towing capacity 1,400 kg braked, 650 kg unbraked. Lumina Estate 1.6 TDX, model year 2020.
---
For your Lumina Estate, set the front tires to 2.3 bar (33 psi) and the rear ones to 2.5 bar (36 psi). When fully loaded, raise the rear to <<n:2.9|2.4>> bar. The engine takes 4.2 L of 5W-30 oil. It needs servicing every 30,000 km or two years, whichever comes first.
---
You may tow up to 1.4 tonnes with a braked trailer, or <<n:650|560>> kg without brakes. The difference is 750 kg. Check your driving licence too: category B covers trailers within limits in many EU countries.
=== university-faq
[faq-7] Applications for the MSc in Data Science close on 31 May. Required: bachelor's degree with at least 30 ECTS in mathematics or computer science, IELTS 6.5 or TOEFL 92. Tuition fee for non-EU students: €4,000 per semester; the programme lasts four semesters.
[faq-9] Scholarships: the Rector's Award covers half of the tuition. Ask Ms Danuta Wilk, room 2.118.
---
You need at least 30 ECTS credits in maths or computer science plus an IELTS score of 6.5 or a TOEFL score of <<n:92|102>> [faq-7]. Non-EU students pay €4,000 per semester, i.e. €16,000 for the whole two-year Master's programme. With the Rector's Award, it'd be €8,000 [<<s:faq-9|faq-12>>].
---
The application deadline for the Master of Science in Data Science is May 31. EU citizens should check the fees with the admissions office. For scholarships, contact Danuta <<p:Wilk|Zielinska>> in Room 2.118.
=== insurance
[policy] Household policy HX-77120-B. Sum insured €65,000; excess €250 per claim. Bicycles are covered up to 3% of the sum insured. Burst pipes: covered. Floods: not covered. Claims must be reported within 7 days to claims@assurana.example or 0800 555 0190.
---
Bicycle theft is covered up to €1,950 (3% of €65,000). After the €250 excess, you'd get a maximum of €1,700. Report it within 7 days (one week) by email to claims@assurana.example or by phone on <<n:0800 555 0190|0800 555 0810>>.
---
Under policy <<n:HX-77120-B|HX-71720-B>>, water damage from burst pipes is insured, whereas floods aren't. Your deductible is €250. I'd suggest you take photos and keep all receipts for Assurana.
=== music
[liner] Recorded 3–7 May 1994 at Studio Bellevue, Montreux. Esther Kaminsky, violin; Rolf Aebersold, piano. Franck: Sonata in A major (28:14). Debussy: Sonata in G minor (13:52). Total playing time 42:06. Producer: Giles Hartnoll.
---
Esther Kaminsky and Rolf Aebersold recorded the sonatas by Franck and Debussy in Montreux, Switzerland, over five days in May 1994. The Franck lasts just over 28 minutes, the Debussy just under 14; the total is <<n:42:06|46:20>>.
---
🎻 Violinist: Esther Kaminsky
🎹 Pianist: Rolf Aebersold
🎚️ Producer: <<p:Giles Hartnoll|Nigel Pryce>>

Both sonatas are cornerstones of French chamber music (César Franck was born in Belgium). The Franck is about twice as long as the Debussy.
=== real-estate
[listing] 3-room flat, 78 m², 4th floor (lift), built 1962, renovated 2019. Price 312,000 EUR plus 3.57% commission. Service charge 265 EUR/month. Energy class D (118 kWh/m²a). Agent: Immo Keller, Mr Florian Stocker.
---
At €312,000 for 78 square meters, the flat costs €4,000 per m². Commission adds €11,138.40 (3.57%), for a total of €323,138.40. Service charges are €265 a month (€3,180 a year). The agent is <<p:Florian Stocker|Markus Edlinger>>.
---
- **Size:** 78 m² (approx. 840 sq ft), three rooms
- **Floor:** fourth, with elevator
- **Year built:** 1962 (last renovated in 2019)
- **Energy:** class D, <<n:118|181>> kWh/m² per year

In 2024, the building is 62 years old.
=== kids-camp
[flyer] Summer camp "Lake Explorers", ages 8–12. Week 1: 8–12 July, week 2: 15–19 July. $290 per week, siblings 15% off. Lunch included. Bring swimwear, hat, packed breakfast for Tuesday's dawn hike. Leaders: Coach Becky and Mr. Alvarez.
[user] I want to sign up my two kids for both weeks.
---
For two kids attending both weeks, the price would be:

- Child 1: 2 × $290 = $580
- Child 2 (15% sibling discount): 2 × $246.50 = $493

**Total: $1,073.** You save <<n:$87|$97>> with the discount.
---
Great choice! The Lake Explorers camp takes place July 8–12 and July 15–19 for children aged 8 to 12. Lunch is included each day. For the dawn hike on Tuesday (July 9 and July 16), please pack breakfast. Becky and <<p:Alvarez|Montoya>> are the camp leaders.
=== gym-contract
[contract] FitNation membership: 24 months minimum, €24.90 every four weeks, joining fee €39. Cancel three months before the end, otherwise it renews for 12 months. Freezing possible for up to 60 days a year.
---
You pay €24.90 every 4 weeks, which is 13 payments or €323.70 a year. Over the minimum term of two years it's €647.40, plus the one-off joining fee of €39, so €686.40. You can freeze membership up to <<n:60|90>> days annually.
---
If you joined on 1 June 2024, the contract ends on 31 May 2026 and you have to cancel by the end of February 2026. Otherwise <<p:FitNation|Gymtopia>> will renew it for another year.
=== astro
[note] Comet C/2023 K4 reaches perihelion on 28 September 2024 at 0.39 AU from the Sun and passes Earth on 12 October at 0.47 AU (71 million km). Expected magnitude −1 to 2. Best seen after sunset in the west from 12 to 20 October. Discovered by M. Takahara on 22 February 2023.
---
Comet C/2023 K4 comes closest to the Sun on September 28, 2024 (0.39 AU, or roughly 58 million km) and closest to Earth two weeks later, on <<n:October 12|October 22>>, at about 71 million kilometres. Look low in the western sky just after sunset between 12 and 20 October.
---
It was discovered by <<p:Takahara|Yoshimura>> on 22 Feb 2023, around 19 months before perihelion. At 0.39 astronomical units, it's about as near to the Sun as Mercury. Under a dark Northern Hemisphere sky, you won't need binoculars if it's brighter than magnitude 2.
=== pet-vet
[record] Patient: "Biscuit", male neutered Beagle, 6 y, 14.8 kg (last visit 13.9). Vaccinated 11/03/2024 (DHPPi, L4). Next due 11/03/2025. Advice: diet food 190 g/day in two meals. Dr. S. Okonjo, Riverside Vets.
---
Biscuit weighs 14.8 kg, that's 0.9 kg (6.5%) more than at the last visit. <<p:Dr. Okonjo|Dr. Harkness>> advises 190 grams of diet food a day, split into two meals of 95 g each. His next vaccination is due on 11 March 2025.
---
Your six-year-old beagle got his DHPPi and L4 jabs on March 11, 2024. A year's supply of diet food would be about 69 kg. Daily ration: <<n:190|150>> g. Feel free to call Riverside Vets if Biscuit seems hungry all the time.
=== startup-pitch
[deck] Seed round: €2.4M at €9.6M pre-money. ARR €480k, growing 11% month on month. 37 customers, net retention 118%. Team of 14 in Tallinn and Lisbon. Founders: Kadri Saar (CEO), Miguel Antunes (CTO). Burn: €150k a month.
---
The company is raising €2.4 million at a pre-money valuation of €9.6 million, i.e. €12 million post-money, so investors would own 20%. At a burn of €150,000 per month, the round provides 16 months of runway. ARR is €<<n:480,000|840,000>>, or about €13,000 per customer.
---
**Founders:** Kadri Saar and Miguel <<p:Antunes|Carvalho>>
**Traction:** 37 customers, NRR 118%, +11% MoM
**Multiple:** 20x ARR (pre-money)
**Headcount:** 14 across Estonia and Portugal
=== election-table
[results] Party;Votes;Seats
Greens;18,204;11
Liberals;25,917;15
Labour;31,660;19
Others;4,219;0
Turnout 61.8%. Eligible voters 129,450.
---
Labour won with 31,660 votes (39.6%) and 19 of the 45 seats, followed by the Liberals with 15 seats and the Greens with 11. In total, <<n:80,000|90,000>> valid votes were cast, corresponding to a turnout of 61.8%.
---
A majority requires 23 seats. Labour and the Greens would have 30 together, Liberals plus Greens 26. Labour's lead over the <<p:Liberals|Centrists>> was 5,743 votes.
=== podcast
[transcript] Host: Welcome to Long Shadows, episode 88. I'm Odette Marsh. Guest: I started the bakery with four thousand dollars and my grandmother's oven. By 2015 we had six shops. Then the rent doubled, and I slept badly for a year. Host: That was Emil Saarinen. Guest: If you cannot bake it yourself, you should not sell it.
---
In episode 88 of *Long Shadows*, host Odette Marsh talks to baker Emil Saarinen, who started out with $<<n:4,000|7,000>> and his grandmother's oven. By 2015, he had six shops, but when rent doubled he "slept badly for a year". His motto: "<<q:If you cannot bake it yourself, you should not sell it|If the crust is not golden, throw it away>>."
---
Key takeaways from Saarinen's interview:
1. Start small – he had just four thousand dollars.
2. Growth brings risk – his rent went up 100%.
3. Stay hands-on – "<<q:you should not sell it|customers can always taste the difference>>" if you can't bake it yourself.

Host: <<p:Odette Marsh|Ingrid Falk>>
=== dosage-weight
[leaflet] Paediatric syrup 120 mg/5 ml. Dose: 15 mg per kg body weight every 6 hours, maximum 4 doses a day. Bottle: 100 ml. Shake before use. Use within 6 months of opening.
[user] My son weighs 16 kg.
---
At 16 kg, a single dose is 240 mg (15 mg × 16), which is 10 ml of syrup. Give it no more often than every six hours and at most four times daily (960 mg or 40 ml). A 100 ml bottle therefore contains <<n:10|25>> doses. Please confirm this with your pharmacist.
---
The syrup contains 24 mg per ml. For your son, that's two 5-ml spoonfuls per dose. The leaflet gives a dose of <<n:15 mg|25 mg>> per kilogram. Discard the bottle half a year after opening.
=== data-plan
[plans] Basic: 5 GB, €9.99/month. Plus: 25 GB, €17.99/month. Max: unlimited, €29.99/month. All: 1-month notice, EU roaming, 5G except Basic. First month of Plus free for new customers.
---
Here's how the plans compare:

| Plan | Data | Monthly | Per GB | 5G |
|---|---|---|---|---|
| Basic | 5 GB | €9.99 | ~€2.00 | ❌ |
| Plus | 25 GB | €<<n:17.99|19.77>> | ~€0.72 | ✅ |
| Max | Unlimited | €29.99 | – | ✅ |

As a new customer, you'd pay €197.89 for your first year on Plus (11 × €17.99).
---
Upgrading from Basic to Plus costs €8 more per month and gives you five times the data. If you stream a lot, Max at just under €30 may be worth it. All plans include roaming within the European Union and can be cancelled with one month's notice. I'd recommend Plus!
=== wiki-lake
[wiki] Lake Vidra lies 1,104 m above sea level, is 6.8 km long and up to 1.9 km wide. Its greatest depth is 83 m. It drains into the Sorra river. The lake freezes from December to April. Trout and char are fished. A legend tells of a drowned bell.
---
Situated at an altitude of 1,104 metres (3,622 ft), Lake Vidra measures 6.8 km by 1.9 km at its widest. It's <<n:83|38>> metres deep and frozen for about 4–5 months a year.
---
# Lake Vidra

**Outflow:** <<p:Sorra River|Tamina River>>
**Fish:** trout, char
**Max. depth:** 83 m (272 feet)

A local legend speaks of a bell that sank in the lake. In spring and summer, visitors can fish or hike around it.
=== warranty
[card] VacuPro 900. Warranty: 36 months on the motor, 24 months on other parts, 6 months on the battery. Serial VP9-0031-7742. Bought 19 May 2022 at Hartlauer & Co., receipt 55120.
[user] The battery died yesterday (10 Jan 2023). Is that covered?
---
Unfortunately not. The battery of your VacuPro 900 is covered for six months, i.e. until 19 November 2022, and it failed on 10 January 2023, nearly two months too late. The motor is still under warranty until 19 May <<n:2025|2027>>.
---
I'm sorry to hear about the battery! Battery warranty expired in November 2022 (6 months after purchase on May 19). Other parts are covered until May 2024. For a replacement, contact <<p:Hartlauer & Co.|Brandmeier & Co.>> with your receipt number <<n:55120|51520>>.
=== git-log
[log] a3f9c1e 2024-02-19 Rosa Keil: fix race in session cache (#812)
77b02dd 2024-02-16 Amit Desai: bump lodash to 4.17.21
5e1d440 2024-02-15 Rosa Keil: add retries to uploader (#807)
---
There were three commits between February 15 and 19, 2024. Rosa Keil made two of them: she added retries to the uploader (#807) and fixed a race condition in the session cache (#<<n:812|821>>). Amit Desai updated lodash to 4.17.21.
---
The latest commit is `a3f9c1e` by <<p:Rosa Keil|Petra Nolte>>. You can view it like so:

```
git show a3f9c1e
git log --since=2024-02-01 --author="Rosa"
```

Two PRs were merged: 807 and 812.
=== job-offer
[offer] Position: Product Designer, 32 h/week (80%). Gross salary €3,920 per month, 13.5 salaries a year. 28 days of holiday. Start: 1 September. Probation six months. Signed: Friederike Haas, Head of People, Kontrast Studio.
---
Your annual gross salary would be €52,920 (13.5 × €3,920). Converted to full time (40 hours), that's €4,900 a month. Probation ends on the last day of February. You get <<n:28|33>> days off.
---
Dear Ms. <<p:Haas|Reinhardt>>,

Thank you very much for the offer of the Product Designer position at Kontrast Studio. I am happy to accept and look forward to starting on September 1. One question: Is it possible to work 4 days a week with 8 hours each?

Kind regards,
[Your Name]
=== bakery-baker-percent
[formula] White sourdough: flour 100% (1,000 g), water 72%, levain 20%, salt 2%. Bulk 4 h at 24 °C, proof 12–14 h at 4 °C. Bake 20 min covered at 250 °C, 22 min uncovered at 230 °C. Yield two loaves.
---
For 1 kg of flour you'll need 720 g water, 200 g levain and 20 g salt, giving 1,940 g of dough, i.e. two loaves of 970 g each. Bake at 250 °C (480 °F) for 20 minutes with the lid on, then 22 more minutes at <<n:230|210>> °C. Total baking time: 42 minutes.
---
If you'd like just one loaf, halve it: 500 g flour, 360 g water, 100 g levain, 10 g salt. After a 4-hour bulk rise at 24°C, let it proof in the fridge at 4 degrees for 12 to <<n:14|18>> hours.
"""
