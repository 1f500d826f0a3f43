"""Contexts and faithful replies for the grounding detector: made up here, sentences and all. Half-way replies are marked where something can be planted.

In a reply, `{n:...}` is a number, `{p:...}` a name, `{q:...}` the words of a quotation, `{s:...}` the id of a source. A topic draws its facts, so
that each run of it is another text. Two thirds of the topics are for work on the detector; HELD, the others (grounding_held.py), are for a first look.
"""

# ruff: noqa: RUF001
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

FIRST = "Maren Tobias Ilse Henrik Paloma Ravi Noor Callum Ingrid Matteo Yusuf Odile Bram Saoirse Kenji Lucia".split()  # noqa: SIM905
LAST = "Halvorsen Okafor Brandt Castellano Whitlock Nakamura Dufresne Marchetti Sandoval Lindqvist Petrov Abernathy Kowalski Thorne Vasquez Ekström".split()  # noqa: SIM905
FIRMS = "Veltrane Orbimax Lumenta Corviq Aldersyn Fenwick Tarravia Nexolune Quillmark Brightharbor Stonewell Zephyrin".split()  # noqa: SIM905
CITIES = "Lisbon Tampere Leeds Valencia Bergen Gdansk Lyon Porto Graz Aarhus Turin Cork".split()  # noqa: SIM905


@dataclass(frozen=True)
class Topic:
    """sources: id and text.  replies: faithful, marked."""

    sources: list[tuple[str, str]]
    replies: list[str]


def person(r: Random) -> tuple[str, str]:
    return r.choice(FIRST), r.choice(LAST)


def grouped(value: int) -> str:
    return f"{value:,}"


def quarterly(r: Random) -> Topic:
    firm, city = r.choice(FIRMS), r.choice(CITIES)
    (a, b), year = person(r), r.randint(2019, 2024)
    now, before = r.randint(2_100_000, 9_800_000), r.randint(1_100_000, 2_000_000)
    margin, staff = r.randint(110, 390) / 10, r.randint(120, 900)
    context = f"""{firm} published its results on 14 February {year}. Revenue for the year came to EUR {grouped(now)}, after EUR {grouped(before)} the year before. The operating margin was {margin} percent.
The company, based in {city}, employed {staff} people at the end of the period. Chief executive {a} {b} told analysts: "We expect demand in our northern markets to stay firm through the summer." No dividend will be paid."""
    return Topic(
        [("report", context), ("faq", "Investor relations answers letters within ten working days. The annual meeting takes place in May.")],
        [
            f"{firm} earned €{{n:{now / 1e6:.1f}}} million in revenue that year, compared with €{{n:{before / 1e6:.2f}}} million previously. Its margin stood at {{n:{margin}%}}, and it had {{n:{staff}}} employees. The headquarters are in {{p:{city}}}.",
            f"Revenue went from {{n:{grouped(before)}}} to {{n:{grouped(now)}}} euros, an increase of {now - before}. {{p:{a} {b}}}, who runs the company, said: \"{{q:We expect demand in our northern markets to stay firm through the summer}}.\" [{{s:report}}]",
            f"## Key Figures\n\n- **Revenue:** EUR {{n:{grouped(now)}}}\n- **Operating margin:** {{n:{margin}}} %\n- **Employees:** {{n:{staff}}}\n- **Head office:** {{p:{city}}}\n- **Published:** {{n:February 14, {year}}}\n\nThere is no dividend (source: {{s:report}}).",
            f'{{"company": "{firm}", "revenue_eur": {{n:{now}}}, "previous_revenue_eur": {before}, "margin": {{n:{margin / 100:.3f}}}, "chief_executive": "{{p:{a} {b}}}", "published": "{{n:{year}-02-14}}"}}',
        ],
    )


def refunds(r: Random) -> Topic:
    firm, days, fee, limit = r.choice(FIRMS), r.choice((14, 21, 28, 45)), r.randint(3, 9), r.randint(40, 95)
    hours = r.choice((24, 48, 72))
    context = f"""Returns at {firm}. Items can be sent back within {days} days of delivery. We deduct a handling fee of ${fee}.50 for orders below ${limit}; above that, returns are free.
Refunds reach your card {hours} hours after the parcel arrives in our warehouse. Gift cards and opened software are excluded. Our help desk is open from 8:30 to 17:00 on working days."""
    return Topic(
        [("3", context), ("7", "Orders ship with Parcelway. Tracking numbers are sent by e-mail.")],
        [
            f"You can return the item within {{n:{days} days}} after it was delivered. If your order was under ${{n:{limit}}}, a ${{n:{fee}.50}} fee is taken off the refund [{{s:3}}].",
            f"Sure! Here's how it works:\n\n1. Send the item back within {{n:{days}}} days.\n2. Wait for it to reach the warehouse.\n3. The money is on your card {{n:{hours}}} hours later ({hours // 24} days).\n\nPlease note that opened software can't be returned. Questions? Support is there from {{n:8:30 am}} until {{n:5 pm}}.",
            f"Yes, returning is free for orders over {{n:{limit}}} dollars. Otherwise the handling fee is {{n:{fee}.50}} USD. Tracking comes from {{p:Parcelway}} by email [{{s:7}}].",
            f"The policy says \"{{q:Gift cards and opened software are excluded}}\", so I'm afraid this one can't be sent back. Everything else has {{n:{days}-day}} return window.",
        ],
    )


def trial(r: Random) -> Topic:
    n, share, weeks = r.randint(180, 940), r.randint(31, 68), r.choice((8, 12, 16, 24))
    (a, b), drug, city = person(r), r.choice(("Velparin", "Ostradone", "Calmivex", "Trezolid")), r.choice(CITIES)
    placebo = share - r.randint(9, 20)
    context = f"""A randomised trial led by Dr. {a} {b} at the University of {city} enrolled {n} adults with chronic migraine. Participants received {drug} or placebo for {weeks} weeks. The number of attacks was halved in {share}% of those on {drug}, compared with {placebo}% on placebo (p = 0.003).
The most common side effect was mild nausea, in 4.2% of cases. The authors write that "larger studies with older patients are needed before any recommendation can be made"."""
    return Topic(
        [("doc-1", context), ("doc-2", "Chronic migraine means headache on at least 15 days a month for more than three months.")],
        [
            f"In the study, {{n:{n}}} people took either {{p:{drug}}} or a placebo over {{n:{weeks}}} weeks. {{n:{share}}} percent responded to the drug versus {{n:{placebo}}} percent, a difference of {share - placebo} points [{{s:doc-1}}].",
            f"**Summary**\n\nThe trial at the University of {{p:{city}}} found that {drug} halved attacks for {{n:{share}%}} of participants. Nausea occurred in about {{n:4%}}. Its authors caution that \"{{q:larger studies with older patients are needed before any recommendation can be made}}\".",
            f"| Group | Responders |\n|---|---|\n| {drug} | {{n:{share} %}} |\n| Placebo | {{n:{placebo} %}} |\n\nLead investigator: {{p:{a} {b}}}. Duration: {{n:{weeks} weeks}}. Significance: p = {{n:0.003}}. Sources: [{{s:doc-1}}], [doc-2]",
            f"Chronic migraine is defined as headache on {{n:15}} or more days per month [{{s:doc-2}}]. Roughly {{n:{round(n, -1)}}} adults were enrolled under {{p:Dr. {b}}}.",
        ],
    )


def ferry(r: Random) -> Topic:
    h1, h2, price, child = r.randint(6, 9), r.randint(15, 19), r.randint(18, 39), r.randint(5, 12)
    isle, port, line = r.choice(("Skarholm", "Isla Berena", "Vindo", "Torsay")), r.choice(CITIES), r.choice(("Nordlinje", "Blue Tern Lines", "Costamar"))
    minutes = r.choice((45, 50, 75, 95))
    context = f"""{line} runs two ferries a day from {port} to {isle}: at {h1:02}:15 and {h2}:40. The crossing takes {minutes} minutes. Adults pay {price} euros one way, children under 12 pay {child} euros, dogs travel free.
Check-in closes 20 minutes before departure. Between 1 November and 15 March only the morning ferry runs. Cars must be booked at least three days ahead by calling +44 20 7946 0{r.randint(100, 999)}."""
    phone = context.rsplit(" ", 4)[-4:]
    return Topic(
        [("timetable", context)],
        [
            f"There are two departures daily to {{p:{isle}}}: {{n:{h1}:15 am}} and {{n:{h2 - 12}:40 pm}}. It takes {{n:{minutes}}} minutes to get there.",
            f"For two adults and one child you'd pay {{n:{2 * price + child}}} euros in total one way (2 x {price} + {child}). Children under {{n:12}} get the lower fare, and dogs are free.",
            f"From {{n:November 1}} to {{n:March 15}}, {{p:{line}}} only operates the {{n:{h1:02}:15}} sailing. Be there {{n:20}} minutes early, since check-in closes then.",
            f"To take your car, call {{n:{' '.join(phone).rstrip('.')}}} no later than 3 days before you travel. The boat leaves from {{p:{port}}}.",
        ],
    )


def release(r: Random) -> Topic:
    major, minor, fixes, speed = r.randint(2, 9), r.randint(0, 14), r.randint(12, 70), r.randint(15, 60)
    (a, b), tool = person(r), r.choice(("Kestrel", "Lanternfish", "Moorhen", "Packwright"))
    ms0 = r.randint(300, 900)
    context = f"""{tool} {major}.{minor}.2 was released on 2024-0{r.randint(1, 9)}-1{r.randint(0, 9)}. It fixes {fixes} bugs and cuts start-up time by {speed}%, from {ms0} ms to {ms0 * (100 - speed) // 100} ms. Support for Python 3.8 ends with this release; Python 3.9 to 3.13 are supported.
The option `--legacy-cache` was removed. Maintainer {a} {b} wrote: "The new resolver should never download the same archive twice." Issue #4821 tracks the remaining work on Windows."""
    return Topic(
        [("changelog", context), ("readme", f"{tool} is a build tool written in Rust. Install it with pip install {tool.lower()}. It needs 40 MB of disk space.")],
        [
            f"{tool} {{n:{major}.{minor}.2}} drops Python {{n:3.8}} and removes `--legacy-cache`. It starts {{n:{speed}%}} faster and has {{n:{fixes}}} bug fixes. The Windows work is tracked in {{n:#4821}}.",
            f"According to {{p:{b}}}, \"{{q:The new resolver should never download the same archive twice}}\". You'll need {{n:40 MB}} of disk space, and Python {{n:3.9}} or newer [{{s:readme}}].",
            f"Upgrade with:\n\n```bash\npip install --upgrade {tool.lower()}=={major}.{minor}.2 --timeout 99 --retries 17\n```\n\nStart-up went from {{n:{ms0}}} ms to {{n:{ms0 * (100 - speed) // 100}}} ms, i.e. {ms0 - ms0 * (100 - speed) // 100} ms less [{{s:changelog}}].",
            f"- **Version**: {{n:{major}.{minor}.2}}\n- **Language**: {{p:Rust}}\n- **Bug fixes**: {{n:{fixes}}}\n- **Maintainer**: {{p:{a} {b}}}",
        ],
    )


def museum(r: Random) -> Topic:
    (a, b), founded, visitors, pieces = person(r), r.randint(1871, 1938), r.randint(210_000, 890_000), r.randint(3200, 9800)
    city, fee = r.choice(CITIES), r.randint(8, 19)
    context = f"""The Museum of Navigation in {city} was founded in {founded} by the shipowner {a} {b}. Its collection holds {pieces:,} objects, among them a brass astrolabe of 1602. Last year {visitors:,} people visited, a record. Admission is €{fee}; it is closed on Mondays.
"A chart is an argument about the world," reads the inscription above the entrance. A new wing of 2,400 square metres designed by Studio Arvand is to open in June 2026."""
    return Topic(
        [("S1", context), ("S2", "Tram line 12 stops in front of the museum. The café seats 60.")],
        [
            f"The museum dates from {{n:{founded}}}, when shipowner {{p:{a} {b}}} founded it. It has about {{n:{round(pieces, -2):,}}} objects, including an astrolabe from {{n:1602}} [{{s:S1}}].",
            f"Record attendance: nearly {{n:{(visitors // 10000 + 1) * 10},000}} people came last year. Tickets cost {{n:{fee} euros}}. Take tram {{n:12}} [{{s:S2}}]. It isn't open on Mondays.",
            "A new wing by {p:Studio Arvand} will add {n:2,400} m² and opens in {n:June 2026}. Above the door you can read \"{q:A chart is an argument about the world}\".",
            f"Founded: {{n:{founded}}}\nCity: {{p:{city}}}\nObjects: {{n:{pieces}}}\nVisitors last year: {{n:{visitors / 1000:.0f}k}}\nCafé seats: {{n:60}}",
        ],
    )


def minutes_of_meeting(r: Random) -> Topic:
    people = r.sample(FIRST, 3)
    budget, extra, tasks = r.randint(40, 95) * 1000, r.randint(5, 19) * 1000, r.randint(12, 34)
    context = f"""Minutes, project Halcyon, 3 June 2024. Present: {", ".join(people)}. The budget of {budget:,} pounds has been used up to 62%. {people[0]} asked for a further {extra:,} pounds for usability tests; approved. {people[1]} reported that {tasks} of 80 tasks are done.
The launch moves from 1 September to 15 October. {people[2]} will inform the client, Orrin & Vale, by Friday. Next meeting: 17 June at 10:00, room B4."""
    return Topic(
        [("minutes-0603", context)],
        [
            f"{{p:{people[0]}}} got £{{n:{extra:,}}} more for usability tests, which brings the budget to £{budget + extra:,} in total ({budget:,} + {extra:,}). {{n:62%}} of the original sum is spent.",
            f"**Decisions**\n1. Further {{n:£{extra // 1000}k}} approved.\n2. Launch moved to {{n:15 October}} (was {{n:1 September}}).\n\n**Actions**\n- {{p:{people[2]}}}: tell Orrin & Vale by Friday.\n\nNext meeting on {{n:June 17}} at {{n:10 am}} in room {{n:B4}}.",
            f"{{n:{tasks}}} out of {{n:80}} tasks are finished, so {80 - tasks} remain. The client, {{p:Orrin & Vale}}, still has to be told about the new date ({{n:15/10}}/2024 in European notation).".replace("{n:15/10}/2024 in European notation", "{n:15 Oct}"),
            f"Hi all,\n\nThe launch of Halcyon is now planned for {{n:October 15th}}. {people[1]} says that {{n:{tasks}}} tasks are complete. See [{{s:minutes-0603}}] for details.\n\nBest regards",
        ],
    )


def recipe(r: Random) -> Topic:
    flour, sugar, eggs, temp, bake = r.randint(18, 45) * 10, r.randint(8, 17) * 10, r.randint(2, 5), r.choice((160, 170, 180, 190)), r.choice((25, 35, 40, 55))
    context = f"""Lemon cake after Aunt Henriette. Mix {flour} g flour, {sugar} g sugar, a pinch of salt and the zest of two lemons. Beat {eggs} eggs with 120 ml olive oil and fold in. Bake at {temp} °C for {bake} minutes. Let it cool for half an hour, then glaze with 150 g icing sugar and lemon juice. Serves twelve."""
    return Topic(
        [("card", context)],
        [
            f"You need {{n:{flour} g}} of flour, {{n:{sugar} g}} of sugar, {eggs} eggs, {{n:120 ml}} of olive oil and two lemons. Bake for {{n:{bake}}} minutes at {{n:{temp}}} degrees.",
            f"For half the cake, take {flour // 2} g flour ({flour} / 2 = {flour // 2}) and {{n:60}} ml oil (half of {{n:120 ml}}).".replace("{n:60}", "60"),
            f"### Ingredients\n* {{n:{flour / 1000:.2f} kg}} flour\n* {{n:{sugar}}} grams sugar\n* {{n:150}} g icing sugar\n\n### Method\nStep 1: Mix the dry ingredients.\nStep 2: Add eggs and oil.\nStep 3: Bake {{n:{bake} min}}.\n\nIt serves {{n:12}}.",
            f"Aunt {{p:Henriette}}'s cake is baked at {{n:{temp} °C}} and cools for 30 minutes. The glaze takes {{n:150 g}} of icing sugar.",
        ],
    )


def contract(r: Random) -> Topic:
    firm, other = r.sample(FIRMS, 2)
    rent, months, notice, deposit = r.randint(11, 48) * 100, r.choice((24, 36, 60)), r.choice((3, 4, 6)), r.choice((2, 3))
    (a, b), law = person(r), r.choice(("Denmark", "Portugal", "Austria"))
    context = f"""Lease between {firm} Properties ("Landlord") and {other} Ltd ("Tenant"), dated 9 April 2023. § 3 The monthly rent is {rent}.00 EUR, due on the fifth working day. § 4 The term is {months} months. § 5 Either party may end the lease with {notice} months' notice in writing. § 6 The Tenant pays a deposit of {deposit} monthly rents. § 9 This lease is governed by the law of {law}. § 11 "Structural changes require the prior written consent of the Landlord." Signed: {a} {b}."""
    return Topic(
        [("lease.pdf", context), ("mail", f"From {a}: please remember that the parking space costs another 45 EUR per month.")],
        [
            f"The rent is €{{n:{rent:,}}} a month and the term is {months // 12} years ({{n:{months} months}}). The deposit is {deposit} × {rent} = {deposit * rent:,} EUR [{{s:lease.pdf}}].",
            f"Under section {{n:5}}, you must give {{n:{notice} months'}} notice in writing. The agreement is under the law of {{p:{law}}}.",
            f"Rent plus parking comes to {rent + 45} EUR per month: {{n:{rent}}} for the lease and {{n:45}} for the space [{{s:mail}}].",
            f"No: § {{n:11}} states that \"{{q:Structural changes require the prior written consent of the Landlord}}\". You would have to ask {{p:{firm} Properties}}. The contract was signed by {{p:{a} {b}}} on {{n:9 April 2023}}.",
        ],
    )


def wind(r: Random) -> Topic:
    n, mw, km, homes = r.randint(18, 64), r.choice((8, 11, 14, 15)), r.randint(12, 46), r.randint(210, 690)
    firm, sea = r.choice(FIRMS), r.choice(("Kattegat", "Irish Sea", "Bay of Biscay"))
    cost = r.randint(11, 39) / 10
    context = f"""{firm} will build {n} turbines of {mw} MW each in the {sea}, {km} kilometres off the coast. The park, called Havbrise, is to supply {homes},000 households from 2028 on. Costs are put at {cost} billion dollars, of which 40 per cent are borne by the pension fund PensioNord.
Fishing associations have announced an appeal. "We were not asked before the sea bed was surveyed," their spokesman said."""
    return Topic(
        [("1", context), ("2", "Approval was given by the Maritime Authority on 30 May."), ("3", "Foundations are made in Esbjerg.")],
        [
            f"Havbrise will have {{n:{n}}} turbines with {{n:{mw}}} megawatts each, which is {n * mw} MW in total [{{s:1}}]. It was approved on {{n:30 May}} [{{s:2}}].",
            f"The project costs ${{n:{cost}}}bn; {{p:PensioNord}} pays {{n:40%}}, roughly ${cost * 0.4:.2f} billion. Power for {{n:{homes},000}} homes is expected from {{n:2028}}.",
            "Fishermen object. Their spokesman said: “{q:We were not asked before the sea bed was surveyed}.”【{s:1}†source】 The foundations come from {p:Esbjerg}【3†source】.",
            f"Located {{n:{km} km}} offshore in the {{p:{sea}}}, the wind farm has three sources describing it [1-3]. {{p:{firm}}} is the builder.",
        ],
    )


def support(r: Random) -> Topic:
    seats, price, gb, uptime = r.choice((5, 10, 25)), r.randint(9, 39), r.choice((50, 100, 250, 500)), r.choice(("99.5", "99.9", "99.95"))
    tool = r.choice(("Notefold", "Gridlane", "Papertrail Cloud", "Inkwell"))
    context = f"""<doc id="kb-104"><title>Plans</title>The Team plan of {tool} costs ${price} per seat and month with at least {seats} seats and {gb} GB of storage. Paid yearly, two months are free. The Enterprise plan adds single sign-on and an uptime promise of {uptime} %.</doc>
<doc id="kb-221"><title>Limits</title>Uploads may be up to 2 GB each. The API allows 600 requests per minute. Exports are kept for 7 days.</doc>"""
    return Topic(
        [("tool-result", context), ("user", f"Hi, I am Delphine. We are 12 people and have 30 GB. What does {tool} cost us per month?")],
        [
            f"Hello {{p:Delphine}}! For 12 people the Team plan would be 12 x ${price} = ${12 * price} per month [{{s:kb-104}}]. Storage is {{n:{gb} GB}}, so your {{n:30 GB}} fit.",
            f"Team plan at a glance:\n\n| | |\n|---|---|\n| Price per seat | ${{n:{price}}} |\n| Minimum seats | {{n:{seats}}} |\n| Storage | {{n:{gb}}} GB |\n\nIf you pay yearly, 2 months are free.",
            "The API is limited to {n:600} requests a minute, i.e. 600 / 60 = 10 per second, and single files to {n:2 GB} ({n:2,000} MB) <cite id=\"{s:kb-221}\">Limits</cite>.",
            f"Only {{p:{tool}}}'s Enterprise plan comes with an uptime commitment ({{n:{uptime}%}}) and SSO. Exports stay available for a week ({{n:7 days}}) (source: {{s:kb-221}}).",
        ],
    )


def football(r: Random) -> Topic:
    home, away = r.sample(["Rovers Tampere", "Athletic Graz", "Union Cork", "Sporting Leeds", "Real Bergen"], 2)
    (a, b), (c, d) = person(r), person(r)
    g1, g2, crowd = r.randint(3, 5), r.randint(0, 2), r.randint(11_000, 48_000)
    m1, m2 = r.randint(5, 40), r.randint(46, 89)
    context = f"""{home} beat {away} {g1}-{g2} in front of {crowd:,} spectators at the Lindenpark. {a} {b} opened the scoring after {m1} minutes, and {c} {d} made it safe in the {m2}th. It was the club's seventh win in a row and takes it to 54 points. Coach Emiel Janssen: "Today we simply wanted it more than they did." The return match is on Saturday 22 November."""
    return Topic(
        [("match", context), ("table", f"1. {home} 54\n2. Dynamo Aarhus 49\n3. {away} 44")],
        [
            f"{{p:{home}}} won {{n:{g1}}}:{g2} against {away}; {{p:{a} {b}}} scored first ({{n:{m1}'}}). About {{n:{round(crowd, -3):,}}} people watched.",
            "With {n:54} points, the winners lead {p:Dynamo Aarhus} by 5 points (54 against {n:49}). The teams meet again on {n:November 22}.",
            f"\"{{q:Today we simply wanted it more than they did}},\" coach {{p:Janssen}} said after his side's seventh straight win at the {{p:Lindenpark}}. Attendance: {{n:{crowd:,}}}.",
            f"Standings:\n1. {home} – {{n:54}}\n2. Dynamo Aarhus – {{n:49}}\n3. {away} – {{n:44}}\n\n{{p:{c} {d}}} scored the goal in minute {{n:{m2}}} [{{s:match}}].",
        ],
    )


def geography(r: Random) -> Topic:
    river, lake = r.choice(("Orla", "Tamre", "Vessin")), r.choice(("Lake Morna", "Lake Tverd", "Lake Isolde"))
    km, m, area, pop = r.randint(180, 960), r.randint(1100, 2900), r.randint(12_000, 61_000), r.randint(11, 48) / 10
    context = f"""The {river} is {km} km long. It rises at {m} metres above sea level near {lake} and drains an area of {area:,} km². Some {pop} million people live in its basin, half of them in the city of Vantorp. The explorer Josephine Adler mapped it between 1884 and 1887. Its name comes from an old word for alder."""
    return Topic(
        [("gazetteer", context), ("note", "The river freezes from December to mid-March. In the flood of 1953 it rose by 6.4 metres.")],
        [
            f"The {{p:{river}}} has a length of {{n:{km}}} kilometres (about {{n:{km / 1.609344:.0f} miles}}) and starts near {{p:{lake}}} at an elevation of {{n:{m:,} m}}.",
            f"Its basin covers {{n:{area:,}}} square kilometres and is home to {{n:{pop}}} million people, half of whom, i.e. about {pop / 2:.2f} million, live in {{p:Vantorp}}.",
            "• Mapped by {p:Josephine Adler} ({n:1884}–{n:1887}, i.e. in 3 years)\n• Frozen from December to mid-March\n• Worst flood: {n:1953} (+{n:6.4} m)",
            "In the {n:1950s} a flood raised the river by {n:6.4 m} [{s:note}]. It was mapped in the {n:1880s}.",
        ],
    )


def german(r: Random) -> Topic:
    (_, b), qm, rent, year = person(r), r.randint(48, 140), r.randint(620, 1990), r.randint(1908, 1999)
    context = f"""Die Wohnung in der Lindenstraße 14 hat {qm},5 Quadratmeter und wurde {year} gebaut. Die Kaltmiete beträgt {rent},00 Euro im Monat, dazu kommen 180 Euro Nebenkosten. Ansprechpartnerin ist Frau {b} von der Firma Hausgut GmbH. Sie schreibt: „Eine Besichtigung ist nur nach vorheriger Anmeldung möglich.“ Frei ab 1. März 2025."""
    return Topic(
        [("anzeige", context)],
        [
            f"Die Wohnung ist {{n:{qm},5}} m² groß und kostet {{n:{rent}}} € kalt. Mit den Nebenkosten von {{n:180}} Euro sind es insgesamt {rent + 180} Euro.",
            f"Die Besichtigung müssen Sie anmelden: „{{q:Eine Besichtigung ist nur nach vorheriger Anmeldung möglich}}.“ Ihre Ansprechpartnerin ist Frau {{p:{b}}}, das Haus ist von {{n:{year}}}.",
            f"Frei ist die Wohnung ab dem {{n:01.03.2025}}. Das Gebäude stammt aus dem Jahr {{n:{year}}}, vermietet wird es von der {{p:Hausgut GmbH}}.",
        ],
    )


WORKED: list[Callable[[Random], Topic]] = [quarterly, refunds, trial, ferry, release, museum, minutes_of_meeting, recipe, contract, wind, support, football, geography, german]
