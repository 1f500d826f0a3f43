"""The topics that were held back until the detector was finished: see grounding_topics."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from grounding_topics import CITIES, FIRMS, Topic, person


def election(r: Random) -> Topic:
    (a, b), (c, d) = person(r), person(r)
    s1, s2, turnout, votes = r.randint(41, 56), r.randint(22, 39), r.randint(520, 790) / 10, r.randint(21_000, 88_000)
    city = r.choice(CITIES)
    context = f"""{a} {b} of the Civic Alliance was elected mayor of {city} on 9 June 2024 with {s1} per cent of the vote. {c} {d} (Green Harbour) came second with {s2} per cent. Turnout was {turnout}%, and {votes:,} ballots were counted in 37 districts.
The new mayor takes office on 1 July and promised: "Every school in this city will have a roof that does not leak." The last mayor had governed for sixteen years."""
    return Topic(
        [("news-1", context), ("news-2", "The council has 45 seats; the Civic Alliance holds 19 of them.")],
        [
            f"{{p:{a} {b}}} won the mayoral race with {{n:{s1}%}} against {{n:{s2}%}} for {c} {d}, a lead of {s1 - s2} percentage points. Turnout: {{n:{turnout}%}} [{{s:news-1}}].",
            "The inauguration is on {n:July 1}. The winner said that \"{q:Every school in this city will have a roof that does not leak}\".\n\nHer predecessor had been in office for {n:16 years}.",
            f"- Ballots counted: {{n:{votes}}}\n- Districts: {{n:37}}\n- Seats of the {{p:Civic Alliance}}: {{n:19}} of {{n:45}} ({19 / 45 * 100:.0f}%) [{{s:news-2}}]\n- Date: {{n:2024-06-09}}",
            f"Voters in {{p:{city}}} chose a new mayor. Just over {{n:{votes // 1000}}} thousand votes were cast. The runner-up belongs to {{p:Green Harbour}}.",
        ],
    )


def flight(r: Random) -> Topic:
    number, gate, dep = r.randint(110, 989), r.choice("ABCD") + str(r.randint(2, 48)), r.randint(13, 21)
    late, city, other = r.choice((35, 50, 70, 95)), *r.sample(CITIES, 2)
    context = f"""{{"flight": "KV{number}", "from": "{city}", "to": "{other}", "scheduled": "2024-11-18T{dep}:05:00", "delay_minutes": {late}, "gate": "{gate}", "aircraft": "Embraer E190", "baggage_kg": 23, "status": "delayed"}}"""
    new = dep * 60 + 5 + late
    return Topic(
        [("tool", context), ("policy", "Passengers are compensated with 250 EUR where a flight of up to 1,500 km arrives three hours late or more. Meals are offered from two hours on.")],
        [
            f"Your flight {{n:KV{number}}} from {{p:{city}}} to {{p:{other}}} on {{n:18 November 2024}} is delayed by {{n:{late} minutes}}. Please go to gate {{n:{gate}}}.",
            f"It was due to leave at {{n:{dep - 12}:05 pm}}. You may take {{n:23 kg}} of luggage. The plane is an {{p:Embraer}} E190.",
            "Compensation (€{n:250}) is only due from {n:3 hours} of delay for distances up to {n:1500} km [{s:policy}], so it doesn't apply here.",
            f"**Status:** delayed\n**Scheduled:** {{n:{dep}:05}}\n**Gate:** {{n:{gate}}}\n**Delay:** {{n:{late}}} min (source: {{s:tool}})",
        ] if new else [],
    )


def novel(r: Random) -> Topic:
    (a, b), (c, d) = person(r), person(r)
    pages, year, sold, langs = r.randint(210, 680), r.randint(1951, 2015), r.randint(120, 940), r.randint(14, 38)
    title = r.choice(("The Salt Ledger", "A Winter of Keys", "Nine Lanterns"))
    context = f"""{title} is a novel by {a} {b}, first published by Aldgate & Moss in {year}. Its {pages} pages tell how the clerk {c} {d} finds a second ledger in a flooded archive in Ravenna. The book has been translated into {langs} languages and has sold {sold},000 copies. It received the Meridian Prize. The first sentence reads: "Nobody had counted the doors before the water came." """
    return Topic(
        [("A", context), ("B", "Critics compared the author with Italo Svevo. The film version from 1998 runs for 131 minutes.")],
        [
            f"*{title}* by {{p:{a} {b}}} appeared in {{n:{year}}} and follows {{p:{c} {d}}}, a clerk in {{p:Ravenna}}. It runs to {{n:{pages}}} pages [{{s:A}}].",
            "It opens with the words \"{q:Nobody had counted the doors before the water came}\" and was awarded the {p:Meridian} Prize.",
            f"It has sold {{n:{sold / 1000:.2f} million}} copies in {{n:{langs}}} languages; the {{n:1998}} film lasts 2 hours and 11 minutes ({{n:131}} minutes) [{{s:B}}].",
            f"Publisher: {{p:Aldgate & Moss}}\nYear: {{n:{year}}}\nCopies sold: {{n:{sold}k}}\nCompared with: {{p:Italo Svevo}}",
        ],
    )


def server(r: Random) -> Topic:
    err, p99, before, users = r.randint(21, 94) / 10, r.randint(1100, 4800), r.randint(180, 420), r.randint(2100, 9900)
    (a, b), svc = person(r), r.choice(("checkout-api", "ledger-sync", "media-proxy"))
    mins = r.choice((38, 47, 83, 112))
    context = f"""Incident INC-{r.randint(2000, 8999)}: at 14:12 UTC on 2024-08-21 the error rate of {svc} rose to {err}% after deployment v4.17.{r.randint(0, 9)}. The 99th percentile of latency went from {before} ms to {p99} ms. {users:,} users were affected for {mins} minutes. On-call engineer {a} {b} rolled back; the cause was an unindexed query on PostgreSQL. Follow-up: add an index and a canary stage."""
    inc = context.split(":")[0].split()[1]
    ver = context.split("deployment ")[1].split(". ")[0]
    return Topic(
        [("postmortem", context)],
        [
            f"During {{n:{inc}}}, {{n:{err}%}} of requests to {svc} failed for {{n:{mins}}} minutes. {{p:{a} {b}}} fixed it by rolling back {{n:{ver}}}.",
            f"### Timeline\n\n* {{n:14:12 UTC}}: errors rise\n* {mins} minutes later: resolved\n\n### Impact\n\n* {{n:{users}}} users\n* p99 latency {{n:{p99 / 1000:.2f} s}} instead of {{n:{before} ms}}\n\n### Root Cause\n\nA missing index in {{p:PostgreSQL}}.",
            f"Latency at the 99th percentile was {p99 / before:.1f} times higher ({{n:{before}}} → {{n:{p99}}} ms). It happened on {{n:August 21, 2024}}, according to the postmortem [{{s:postmortem}}].",
            f"```json\n{{\"incident\": \"{{n:{inc}}}\", \"error_rate\": {{n:{err / 100:.4f}}}, \"affected_users\": {{n:{users}}}, \"engineer\": \"{{p:{a} {b}}}\"}}\n```",
        ],
    )


def insurance(r: Random) -> Topic:
    firm, excess, cover, premium = r.choice(FIRMS), r.choice((150, 200, 300)), r.choice((5, 10, 20)), r.randint(61, 139)
    days = r.choice((7, 10, 14))
    context = f"""Household policy HP-77-{r.randint(1000, 9999)} with {firm} Mutual. The yearly premium is {premium}.40 francs, the excess per claim {excess} francs. Personal liability is insured up to CHF {cover} million. Bicycles are covered up to 2,500 francs if locked. Damage must be reported within {days} days. Earthquakes are not insured. Clause 8.3: "Glass is insured where it forms a fixed part of the building." """
    number = context.split("policy ")[1].split(" with")[0]
    return Topic(
        [("policy", context), ("claim", "Reported on 2 May: bicycle stolen on 28 April, value 1,900 francs, lock cut open.")],
        [
            f"You'd receive 1,700 francs at an excess of 200, or in general the value of {{n:1,900}} less your excess of {{n:{excess}}} francs ({1900 - excess} francs).".replace("1,700 francs at an excess of 200, or in general ", ""),
            f"Report the damage no later than {{n:{days}}} days after it happened. The theft was on {{n:April 28}} and was reported on {{n:May 2}}, which is fine [{{s:claim}}].",
            f"Liability cover goes up to {{n:{cover},000,000}} CHF; the premium is CHF {{n:{premium}.40}} a year under policy {{n:{number}}} with {{p:{firm} Mutual}}.",
            "Clause {n:8.3} says \"{q:Glass is insured where it forms a fixed part of the building}\", so a window counts [{s:policy}]. Earthquakes aren't covered.",
        ],
    )


def course(r: Random) -> Topic:
    (a, b), credits, hours, places = person(r), r.choice((5, 6, 10)), r.randint(24, 72), r.randint(18, 90)
    fee = r.randint(14, 29) * 10
    context = f"""Course STAT-{r.randint(201, 499)}, Applied Survival Analysis, taught by Professor {a} {b}, winter term 2024/25. {credits} credits, {hours} contact hours, {places} places. Lectures on Tuesdays, 10:15 to 11:45, Turing Hall. Exam on 12 February 2025; a second attempt is possible on 26 March 2025. Textbook: Moretti and Klein, 3rd edition. External guests pay {fee} euros. The pass mark is fifty percent."""
    code = context.split("Course ")[1].split(",")[0]
    return Topic(
        [("catalogue", context)],
        [
            f"{{n:{code}}} is held by {{p:Prof. {b}}} in {{p:Turing Hall}}, Tuesdays from {{n:10:15}} until {{n:11:45 am}}. It gives {{n:{credits}}} credits.",
            f"| Item | Value |\n| --- | --- |\n| Exam | {{n:12.02.2025}} |\n| Resit | {{n:26.03.2025}} |\n| Places | {{n:{places}}} |\n| Fee for guests | {{n:€{fee}}} |\n| Pass mark | {{n:50%}} |",
            "To pass you need at least half of the points ({n:50 %}). The book is by {p:Moretti} and {p:Klein} (third edition). There are six weeks (42 days) between both exams: {n:February 12} and {n:March 26}.".replace("There are six weeks (42 days) between both exams", "The two exam dates"),
            f"You'll spend {{n:{hours}}} hours in class. If you're not enrolled, it costs {{n:{fee}}} EUR [{{s:catalogue}}].",
        ],
    )


def french(r: Random) -> Topic:
    (a, b), price, km, year = person(r), r.randint(12, 48), r.randint(120, 640), r.randint(1890, 1975)
    context = f"""La ligne de montagne a été ouverte en {year} et mesure {km} kilomètres. Le billet coûte {price},50 euros pour un adulte; les enfants de moins de 10 ans voyagent gratuitement. Le directeur, {a} {b}, a déclaré : « Nous voulons garder les petites gares ouvertes toute l'année. » Le train part de Briançon à 7 h 40."""
    return Topic(
        [("dossier", context)],
        [
            f"La ligne, ouverte en {{n:{year}}}, a une longueur de {{n:{km} km}}. Un billet pour adulte coûte {{n:{price},50}} €.",
            f"Selon {{p:{a} {b}}}, « {{q:Nous voulons garder les petites gares ouvertes toute l'année}} ». Le départ se fait à {{p:Briançon}}.",
            f"Pour deux adultes, il faut payer {2 * price + 1} euros au total (2 x {price},50). Les enfants de moins de {{n:10 ans}} ne paient pas [{{s:dossier}}].",
        ],
    )


HELD: list[Callable[[Random], Topic]] = [election, flight, novel, server, insurance, course, french]
