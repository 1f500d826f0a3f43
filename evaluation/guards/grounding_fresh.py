"""Topics that were written when the detector had been mended after the first look at grounding_held, for one more first look."""

# ruff: noqa: RUF001
from __future__ import annotations

from collections.abc import Callable
from random import Random

from grounding_topics import CITIES, FIRMS, Topic, person


def hiring(r: Random) -> Topic:
    (a, b), (c, d), firm = person(r), person(r), r.choice(FIRMS)
    low, high, days, years = r.randint(48, 59), r.randint(62, 78), r.choice((28, 30, 32)), r.randint(3, 7)
    context = f"""Job posting #R-{r.randint(1100, 9900)}: Senior Data Engineer at {firm}, {r.choice(CITIES)} or remote. Salary band £{low},000 to £{high},000 plus 8% bonus. {days} days of holiday. You bring at least {years} years of experience with SQL and Airflow. Interviews take place in three rounds between 6 and 24 January. Contact: {a} {b}, talent partner. The team is led by {c} {d} and has 11 members.
What {c} says about the work: "Nobody here is measured by the number of tickets they close." """
    return Topic(
        [("posting", context), ("benefits", "Every employee gets a budget of £1,200 a year for training and may work from abroad for up to 20 days.")],
        [
            f"The role at {{p:{firm}}} pays between £{{n:{low}k}} and £{{n:{high}k}}, along with an {{n:8%}} bonus. On top of that, you receive {{n:{days}}} days off and a training allowance of {{n:£1,200}} per year [{{s:benefits}}].",
            f"**Requirements**\n- {years}+ years with SQL and {{p:Airflow}}\n- Willingness to go through 3 interview rounds ({{n:6}}–{{n:24 January}})\n\n**Team**\n- Size: {{n:11}}\n- Lead: {{p:{c} {d}}}",
            f"You'd report to {{p:{c} {d}}}, whose philosophy is that \"{{q:Nobody here is measured by the number of tickets they close}}\". If you have questions, reach out to {{p:{a} {b}}}.",
            f"Working from abroad is possible for up to {{n:20}} days a year [{{s:benefits}}], i.e. four working weeks. The midpoint of the band is £{(low + high) / 2:.1f}k (the average of {low}k and {high}k).",
        ],
    )


def climate(r: Random) -> Topic:
    rain, norm, sun, hot = r.randint(34, 140), r.randint(60, 110), r.randint(120, 290), r.randint(281, 369) / 10
    city, (a, b) = r.choice(CITIES), person(r)
    context = f"""Monthly bulletin, July 2023. {city} recorded {rain} mm of rain (long-term mean {norm} mm) and {sun} hours of sunshine. The highest temperature, {hot} °C, was measured on 19 July at 15:40. The mean temperature was 1.8 degrees above the 1991–2020 average. Wind gusts reached 97 km/h during the storm on the night of 24 July, which left 3,400 households without power. Meteorologist {a} {b} of the Coastal Weather Office compiled the report."""
    return Topic(
        [("bulletin-2023-07", context)],
        [
            f"July 2023 in {{p:{city}}} brought {{n:{rain} mm}} of precipitation versus a long-term mean of {{n:{norm}}} mm, so {abs(rain - norm)} mm {'more' if rain > norm else 'less'} than usual. The sun shone for {{n:{sun}}} hours.",
            f"The hottest moment came on {{n:July 19}} at {{n:3:40 pm}}, when thermometers showed {{n:{hot}°C}} ({hot * 9 / 5 + 32:.0f} °F). The month as a whole was {{n:1.8}} degrees too warm.",
            f"1. Storm: night of {{n:24 July}}, gusts up to {{n:97 km/h}} (about {{n:60 mph}})\n2. Power cuts: roughly {{n:3,400}} homes\n3. Author: {{p:{a} {b}}}, {{p:Coastal Weather Office}}",
            "According to the bulletin [{s:bulletin-2023-07}], temperatures exceeded the {n:1991}-{n:2020} reference period. Nothing is said about snowfall or about Madrid.",
        ],
    )


def pharmacy(r: Random) -> Topic:
    drug, mg, maxi, weight = r.choice(("Lorvatin", "Penzolol", "Ibrexal", "Quinosert")), r.choice((200, 250, 400, 500)), r.choice((3, 4)), r.choice((35, 40, 50))
    context = f"""{drug} {mg} mg film-coated tablets. Adults and adolescents over {weight} kg take one tablet every 6 hours, no more than {maxi} tablets ({maxi * mg} mg) in 24 hours. Do not take it together with warfarin or St John's wort. Common side effects (up to 1 in 10 people): headache, dry mouth. Rare (up to 1 in 1,000): rash. Store below 25 °C. Marketing authorisation holder: Belmora Pharma SpA, Turin. Leaflet last revised in March 2024. "If you forget a dose, do not take a double dose to make up for it." """
    return Topic(
        [("leaflet", context)],
        [
            f"Adults can take one {{n:{mg} mg}} tablet every {{n:six hours}}, with a daily maximum of {{n:{maxi * mg:,} mg}} (that's {maxi} tablets x {mg} mg). It shouldn't be combined with warfarin.",
            "If you forgot one, the leaflet is clear: \"{q:do not take a double dose to make up for it}\". Keep the tablets below {n:25} degrees.",
            f"> {{q:If you forget a dose, do not take a double dose to make up for it}}.\n\nThe leaflet of {{p:{drug}}} was revised in {{n:March 2024}}; the manufacturer is {{p:Belmora Pharma}}.",
            f"Side effects:\n\n| Frequency | Effect |\n|---|---|\n| up to {{n:10%}} | headache, dry mouth |\n| up to {{n:0.1%}} | rash |\n\nMinimum weight: {{n:{weight} kg}}. I'm not a doctor, so please ask your pharmacist.",
        ],
    )


def orders(r: Random) -> Topic:
    n, city = r.randint(40213, 98765), r.choice(CITIES)
    p1, p2, ship = r.randint(1290, 8990) / 100, r.randint(590, 2990) / 100, 4.95
    (a, b) = person(r)
    total = p1 + 2 * p2 + ship
    context = f"""order_id: {n}
customer: {a} {b}
status: shipped
items:
  - sku: LMP-0042, name: Desk lamp Aurora, qty: 1, price: {p1:.2f}
  - sku: BLB-1177, name: LED bulb E27, qty: 2, price: {p2:.2f}
shipping: {ship}
total: {total:.2f}
currency: EUR
carrier: Swiftpost
tracking: SP{r.randint(10**8, 10**9 - 1)}DE
eta: 2024-12-03
address: Harbour Street 12, {city}"""
    tracking = context.split("tracking: ")[1].split("\n")[0]
    return Topic(
        [("get_order", context), ("user", "where is my stuff?? and how much did i pay for the bulbs")],
        [
            f"Hi {a}, good news: order {{n:{n}}} is on its way with {{p:Swiftpost}}. It should arrive on {{n:December 3, 2024}}. You can follow it with tracking number {{n:{tracking}}}.",
            f"You paid {2 * p2:.2f} EUR for the two bulbs (2 × {{n:{p2:.2f}}}), and €{{n:{total:.2f}}} altogether including {{n:4.95}} for shipping.",
            f"| Item | Qty | Price |\n|---|---|---|\n| Desk lamp {{p:Aurora}} | 1 | {{n:{p1:.2f}}} € |\n| LED bulb E27 | 2 | {{n:{p2:.2f}}} € |\n| Shipping | | {ship} € |\n| **Total** | | **{{n:{total:.2f}}} €** |",
            f"Your parcel goes to {{p:Harbour Street}} {{n:12}} in {{p:{city}}}. The estimated delivery date is {{n:03.12.2024}}; the lamp's article number is {{n:LMP-0042}} [{{s:get_order}}].",
        ],
    )


def history(r: Random) -> Topic:
    (a, b), (c, d), span, year = person(r), person(r), r.randint(210, 960), r.randint(1871, 1919)
    opened = year + r.randint(3, 9)
    context = f"""The Wexmoor Viaduct. Parliament passed the act in {year - 2}; building began in April {year} under the engineer {a} {b} and ended in September {opened}. The viaduct is {span} metres long, has 22 arches and stands 41 metres above the river. It cost 118,500 pounds, a third more than planned. Eleven workers lost their lives. In the Second World War it was guarded day and night. The poet {c} {d} called it "a procession of giants wading home in the fog". Since 1987 it has been a listed monument; about 60 trains cross it every day."""
    return Topic(
        [("[1]", context), ("[2]", "The viaduct was closed for repairs from 2011 to 2013. New bearings came from a foundry in Sheffield.")],
        [
            f"Construction of the {{p:Wexmoor}} Viaduct took {opened - year} years, from {{n:{year}}} to {{n:{opened}}} [{{s:1}}]. It has {{n:22}} arches, is {{n:{span} m}} long and rises {{n:41 m}} above the river.",
            f"{{p:{c} {d}}} described the bridge as \"{{q:a procession of giants wading home in the fog}}\". The costs of £{{n:118,500}} were about 33% over plan. {{n:Eleven}} people died.",
            "The monument (listed since {n:1987}) sees roughly {n:60} trains daily. Repairs lasted two years, from {n:2011} to {n:2013}, with bearings made in {p:Sheffield} [{s:2}].",
            f"Timeline:\n- {{n:{year - 2}}}: act of Parliament\n- April {{n:{year}}}: work starts under {{p:{a} {b}}}\n- {{n:September {opened}}}: completion\n- WWII: guarded around the clock",
        ],
    )


FRESH: list[Callable[[Random], Topic]] = [hiring, climate, pharmacy, orders, history]
