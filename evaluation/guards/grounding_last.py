"""Topics that were written last, after grounding_fresh had been looked at, for a third first look."""

# ruff: noqa: RUF001
from __future__ import annotations

from collections.abc import Callable
from random import Random

from grounding_topics import CITIES, FIRMS, Topic, person


def startup(r: Random) -> Topic:
    (a, b), (c, d), firm, fund = person(r), person(r), r.choice(FIRMS), r.choice(("Norrland Ventures", "Hexagon Capital", "Blue Fjord Partners"))
    raised, founded, users = r.randint(11, 94) / 10, r.randint(2012, 2019), r.randint(12, 97) * 10_000
    context = f"""{firm}, founded in {founded} by {a} {b} and {c} {d}, has raised ${raised} million in a Series A round led by {fund}. The start-up makes software for veterinary practices and counts {users:,} registered pet owners. It wants to hire 35 people and open an office in {r.choice(CITIES)}. Monthly churn is 1.7%. "We turned down two larger offers because we wanted patient money," {b} told the Tech Courier."""
    return Topic(
        [("article-17", context)],
        [
            f"{firm} is a veterinary-software start-up that was started in {{n:{founded}}} by {{p:{a} {b}}} and {c} {d}. It recently closed a Series A of {{n:{raised}}} million dollars, with {{p:{fund}}} as lead investor [{{s:article-17}}].",
            f"**Funding:** ${{n:{raised}M}} (Series A)  \n**Users:** {{n:{users // 1000}k}} pet owners  \n**Churn:** {{n:1.7%}} a month  \n**Planned hires:** {{n:35}}",
            f"Why not take more? As {{p:{b}}} put it in an interview: \"{{q:We turned down two larger offers because we wanted patient money}}.\"",
            f"To sum up, the company serves over {{n:{users // 10_000 * 10_000:,}}} users and plans to add {{n:35}} employees. Its investors include {{p:{fund}}}. I couldn't find anything about profits in the article.",
        ],
    )


def allergy(r: Random) -> Topic:
    kcal, fat, sugar, protein = r.randint(380, 560), r.randint(110, 290) / 10, r.randint(180, 390) / 10, r.randint(41, 98) / 10
    brand = r.choice(("Morrigan", "Bellavia", "Tannenhof"))
    context = f"""{brand} Hazelnut Bites, 175 g. Nutrition per 100 g: energy {kcal} kcal, fat {fat} g, sugars {sugar} g, protein {protein} g, salt 0.31 g. Ingredients: wheat flour, sugar, hazelnuts (18%), cocoa, skimmed milk powder, lecithin. May contain traces of peanuts. Made in Belgium. Best before 11.2025."""
    return Topic(
        [("label", context), ("chat", "my kid is allergic to peanuts, is this ok? and how much sugar is in half a pack")],
        [
            f"I'd avoid it: the packaging warns of possible traces of peanuts. A 100 g serving has {{n:{kcal}}} calories and {{n:{protein}}} grams of protein.",
            f"Half a pack is 87.5 g (175 / 2). With {{n:{sugar} g}} of sugar per {{n:100 g}}, that's about {sugar * 0.875:.1f} g of sugar (0.875 × {sugar}).",
            f"| per 100 g | |\n|:--|--:|\n| Energy | {{n:{kcal} kcal}} |\n| Fat | {{n:{fat} g}} |\n| Salt | {{n:0.31 g}} |\n\nHazelnut content: {{n:18 %}}. Country of origin: {{p:Belgium}}.",
            f"The product, by {{p:{brand}}}, is best before {{n:November 2025}}. Salt is low ({{n:310 mg}} per 100 g) [{{s:label}}].",
        ],
    )


def hotel(r: Random) -> Topic:
    (a, b), rooms, price, km = person(r), r.randint(24, 160), r.randint(89, 240), r.randint(12, 58) / 10
    name, city = r.choice(("Hotel Miramont", "The Gannet", "Casa Ferreira")), r.choice(CITIES)
    context = f"""{name}, {city}: {rooms} rooms on 4 floors, renovated in 2022. Double room from €{price} incl. breakfast (7:00-10:30, weekends until 11). Check-in from 3 p.m., check-out by 11 a.m. City tax €2.50 per person and night. The beach is {km} km away; the airport shuttle leaves every 40 minutes and costs 9 euros. Rated 8.7/10 by 1,312 guests. Manager: {a} {b}. Pets on request (€15 per stay). Free cancellation until 48 hours before arrival."""
    return Topic(
        [("listing", context)],
        [
            f"{{p:{name}}} has {{n:{rooms}}} rooms and a guest rating of {{n:8.7}} out of 10 (based on more than {{n:1,300}} reviews). Check-in starts at {{n:15:00}} and you have to leave by {{n:11 am}}.",
            f"For two people staying three nights, expect 3 × €{price} = €{3 * price} plus city tax of €15 (2 × 3 × {{n:2.50}}).",
            f"Good to know:\n\n1. **Breakfast** – served from {{n:7}} to {{n:10:30 a.m.}}\n2. **Beach** – {{n:{km} km}} ({km * 1000:.0f} m) away\n3. **Shuttle** – every {{n:40 min}}, {{n:€9}}\n4. **Cancellation** – free up to two days ({{n:48h}}) ahead",
            f"The manager, {{p:{a} {b}}}, can confirm whether pets are allowed; there's a fee of {{n:15}} euros. It was last renovated in {{n:2022}} [{{s:listing}}].",
        ],
    )


def law(r: Random) -> Topic:
    fine, days, article, fee = r.randint(4, 19) * 50, r.choice((10, 20, 30)), r.randint(12, 88), r.randint(31, 64)
    court = r.choice(("Varde", "Ostheim", "Kilbrack"))
    context = f"""The District Court of {court} ruled on 8 November 2023 (case C-{r.randint(101, 987)}/22) that the parking company Parkwell must repay the fine of {fine} euros. Under Article {article} of the Consumer Code, signs must be legible from a distance of five metres. Appeals can be lodged within {days} days. The company also bears the costs of {fee} euros. Judge Amara Osei held that "a sign which cannot be read is not a sign"."""
    case = context.split("(case ")[1].split(")")[0]
    return Topic(
        [("ruling", context), ("statute", f"Article {article}: Signs in car parks shall be legible from five metres. Article {article + 1}: Fines are limited to 1,000 euros.")],
        [
            f"In case {{n:{case}}}, the court in {{p:{court}}} ordered {{p:Parkwell}} to give back the €{{n:{fine}}} fine and to pay {{n:{fee}}} euros in costs, i.e. {fine + fee} euros altogether.",
            f"Judge {{p:Amara Osei}} wrote that \"{{q:a sign which cannot be read is not a sign}}\" [{{s:ruling}}]. The relevant rule is Article {{n:{article}}}.",
            f"- **Date:** {{n:8 Nov 2023}}\n- **Appeal:** within {{n:{days}}} days\n- **Maximum fine:** {{n:€1,000}} [{{s:statute}}]\n- **Legibility:** 5 m",
            f"Yes, the other side can still appeal; the deadline is {{n:{days} days}}. Whether the ruling applies to Norway isn't stated. The Consumer Code caps fines at {{n:1000}} EUR.",
        ],
    )


def space(r: Random) -> Topic:
    mass, orbit, days = r.randint(310, 980), r.randint(410, 780), r.choice((14, 16, 20))
    probe, agency, (a, b) = r.choice(("Ardea", "Solenne", "Perseida")), r.choice(("Baltic Space Agency", "Iberian Space Centre")), person(r)
    context = f"""The satellite {probe} was launched on 17 October 2022 at 09:48 UTC aboard a Vanta 3 rocket. It weighs {mass} kg and circles the Earth at an altitude of {orbit} km, passing every point once in {days} days. Its camera resolves details of 70 cm. The mission, led by Dr {a} {b}, is funded by the {agency} with 212 million euros and designed to last seven years. Data volume: 1.5 TB per day."""
    return Topic(
        [("1", context), ("2", f"By the end of 2024 {probe} had sent 640,000 images. A failed gyroscope was replaced by software in spring 2023.")],
        [
            f"{{p:{probe}}} is an Earth-observation satellite that was launched in {{n:October 2022}}. It orbits at about {{n:{orbit} km}} and has a mass of {{n:{mass} kg}} ({mass / 1000:.2f} tonnes) [{{s:1}}].",
            f"Since it's meant to operate for 7 years, the mission should run until 2029 (2022 + 7). The budget is €{{n:212M}}, provided by the {{p:{agency}}}.",
            f"By late 2024, roughly {{n:640k}} pictures had been transmitted [{{s:2}}]. With 1.5 TB a day, that's around {1.5 * 7:.1f} TB per week (7 x 1.5).",
            f"Q: Who's in charge?\nA: {{p:Dr. {a} {b}}}.\n\nQ: How sharp are the images?\nA: Details of {{n:0.7 m}} can be seen.\n\nQ: Launch time?\nA: {{n:9:48 am}} UTC on {{n:17/10/2022}}, on a {{p:Vanta}} 3.",
        ],
    )


LAST: list[Callable[[Random], Topic]] = [startup, allergy, hotel, law, space]
