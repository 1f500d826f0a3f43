"""What the users of the demo's two apps ask: topics of templates, and the words that fill them.

`shop-assistant` talks to customers of a shop, `doc-search` answers from a company's handbooks. Each topic says how often it comes up in dev, where the
team tests, and in prod, where the users are. Some topics have a dev weight of 0: nobody tested them (refunds asked for in Spanish, questions about
contracts and outages). That gap is what drift detection is to find.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

_HOLE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Topic:
    """name: short, for a tag.  dev, prod: relative weights.  tool: an order is named, so the app offers its look-up tool."""

    name: str
    dev: int
    prod: int
    templates: tuple[str, ...]
    tool: bool = False

    def question(self, rng: random.Random) -> str:
        """One of the templates, filled."""
        return _HOLE.sub(lambda hole: rng.choice(FILLERS[hole[1]]), rng.choice(self.templates))


FILLERS: dict[str, tuple[str, ...]] = {
    "item": ("rain jacket", "running shoes", "wool jumper", "desk lamp", "hiking boots", "linen shirt", "backpack", "tea kettle", "yoga mat", "winter coat"),
    "size": ("S", "M", "L", "XL", "38", "41", "44"),
    "colour": ("navy", "olive", "black", "sand", "burgundy"),
    "city": ("Lisbon", "Hamburg", "Toulouse", "Gdansk", "Bergen", "Valencia", "Graz"),
    "order": ("A-10427", "A-10988", "B-20011", "B-23870", "C-31415", "C-30009"),
    "days": ("3", "5", "10", "14", "21", "30"),
    "amount": ("19.90", "84.03", "120", "249.99", "1,500"),
    "team": ("sales", "support", "logistics", "design", "finance"),
    "system": ("the billing service", "the search index", "the warehouse scanner", "single sign-on", "the payment page"),
    "paper": ("travel policy", "security handbook", "onboarding guide", "data retention schedule", "works agreement"),
    "party": ("the supplier", "the licensee", "the landlord", "our reseller", "the contractor"),
    "device": ("label printer LP-4", "router R2", "badge reader", "conference camera", "forklift charger"),
    "producto": ("la chaqueta", "los zapatos", "la lámpara", "el abrigo", "la mochila"),
    "pedido": ("A-10427", "B-20011", "C-31415", "C-30009"),
    "mail": ("ana.lopez@example.com", "j.smith@example.org", "mara.k@example.net"),
}

SHOP = (
    Topic("sizes", 6, 4, (
        "Which size of the {item} should I take if I usually wear {size}?",
        "Does the {item} run small?",
        "I am between two sizes, {size} and the next one; what do your customers say about the {item}?",
        "Is the {item} in {size} the same length as last year's model?",
        "How wide is the {item} in {size}, in centimetres?",
        "My feet are broad. Will the {item} still fit in {size}?",
        "Can I see a size chart for the {item}?",
        "Do children's sizes of the {item} match {size} for adults?",
        "The sleeves of my old {item} were too short. Has that changed?",
        "What size is the model wearing in the picture of the {colour} {item}?",
    )),
    Topic("stock", 5, 4, (
        "Is the {item} available in {colour}?",
        "When will the {colour} {item} in {size} be back in stock?",
        "Do you have the {item} in your shop in {city}?",
        "Can you reserve a {item} in {size} for me in {city} until Saturday?",
        "How many of the {colour} {item} are left?",
        "Will there be more colours of the {item} than {colour}?",
        "Is the {item} discontinued?",
        "Please tell me when the {item} arrives in {city}.",
        "Which shops still have the {item} in {size}?",
        "Is the {item} in the window in {city} for sale?",
    )),
    Topic("orders", 6, 6, (
        "Where is my order {order}?",
        "Order {order} says delivered, but nothing is here.",
        "Can I still change the address of order {order} to {city}?",
        "Please add a {item} to order {order}.",
        "I want to cancel order {order} before it ships.",
        "Why was order {order} split into two parcels?",
        "How long does order {order} still take to {city}?",
        "Order {order} shows the wrong {item}.",
        "Is there an invoice for order {order}?",
        "Order {order} was due {days} days ago, what happened?",
        "Who signed for order {order} in {city}?",
        "Can my neighbour in {city} receive order {order}?",
    ), tool=True),
    Topic("shipping", 5, 4, (
        "How much is shipping to {city}?",
        "Do you deliver to {city} on Saturdays?",
        "How many days does a {item} take to {city}?",
        "Is there express delivery for the {item}?",
        "Can a parcel be left with the bakery next door in {city}?",
        "Do you ship to islands, and what does it cost for {amount} euros of goods?",
        "From what amount on is delivery to {city} free?",
        "Which carrier brings the {item} to {city}?",
        "Can I collect the {item} in {city} myself?",
        "Do you pack the {item} without plastic?",
    )),
    Topic("returns", 5, 3, (
        "How do I return the {item}?",
        "I bought a {item} {days} days ago; may I still send it back?",
        "Do I need the original box to return the {item}?",
        "Can I exchange the {item} for {size}?",
        "Where is the nearest drop-off point for returns in {city}?",
        "Is the return of a {item} free of charge?",
        "I lost the receipt of my {item}. Can I return it in {city}?",
        "The {item} was a gift; can I return it for a voucher?",
        "Are {item}s from the sale excluded from returns?",
        "What happens to a {item} that somebody sent back?",
    )),
    Topic("care", 4, 2, (
        "Can I wash the {item} at 40 degrees?",
        "How do I get coffee out of a {colour} {item}?",
        "Does the {item} need waterproofing?",
        "Is the {item} safe for the dryer?",
        "How should I store the {item} over the summer?",
        "The zip of the {item} is stuck, what can I do?",
        "What is the {item} made of?",
        "Explain in detail how to look after the {item}.",
        "My {colour} {item} lost colour in the wash. Is that normal?",
        "Can the {item} be repaired in {city}?",
    )),
    Topic("payment", 3, 3, (
        "Can I pay for the {item} in {days} days?",
        "Do you take vouchers and a card together for {amount} euros?",
        "Why was {amount} charged twice?",
        "My card ending in 1111 was declined for {amount}, why?",
        "Please send the bill over {amount} to {mail}.",
        "Is the price of {amount} with tax?",
        "Can I pay by instalments for the {item}?",
        "Does the student discount apply to the {item}?",
        "What is the gift card over {amount} worth for sale items?",
        "I am {mail}, which cards are stored for me?",
    )),
    Topic("reembolsos", 0, 8, (
        "¿Cuándo recibiré el reembolso de mi pedido {pedido}?",
        "Quiero devolver {producto} y que me devuelvan el dinero.",
        "Hola, hace {days} días devolví {producto} y no veo el reembolso en mi cuenta.",
        "¿Puedo recibir el reembolso en otra tarjeta?",
        "El pedido {pedido} llegó dañado, quiero mi dinero.",
        "¿Por qué el reembolso es solo de {amount} euros?",
        "Necesito un comprobante del reembolso del pedido {pedido}.",
        "¿Cómo cancelo el pedido {pedido} y pido la devolución?",
        "Me han cobrado dos veces {producto}, ¿cómo pido el reembolso?",
        "Devolví {producto} en la tienda de Valencia y me dieron un vale, pero quiero dinero.",
        "¿Cuánto tarda una devolución a la tarjeta?",
        "Mi correo es {mail}; avísenme cuando salga el reembolso.",
    )),
)  # fmt: skip

DOCS = (
    Topic("travel", 6, 4, (
        "What does the travel policy say about trips to {city} by train?",
        "May the {team} team book first class to {city}?",
        "How much per day is paid for meals in {city}?",
        "Who approves a trip of more than {amount} euros?",
        "Is a taxi from the airport in {city} refunded?",
        "How many days before a trip must it be requested, {days} or fewer?",
        "Can I extend a business trip to {city} privately?",
        "Which hotels in {city} are on the list?",
        "What counts as a long-distance flight?",
        "Do I need receipts below {amount} euros?",
    )),
    Topic("leave", 5, 4, (
        "How many days of holiday can I carry over, {days}?",
        "Does the {team} team close between the years?",
        "Who stands in for the {team} lead during parental leave?",
        "When do I have to hand in a sick note, after {days} days?",
        "Is moving house a reason for special leave?",
        "How is holiday counted for part-time staff in {team}?",
        "Can holiday be paid out?",
        "What does the works agreement say about sabbaticals?",
        "How far ahead must {days} days of leave be requested?",
        "Do public holidays in {city} count for remote staff?",
    )),
    Topic("security", 5, 3, (
        "How long must a password be according to the security handbook?",
        "May I use a private phone for {team} mail?",
        "What do I do when I lose my badge in {city}?",
        "Which data may leave the country under the {paper}?",
        "Who may read the logs of {system}?",
        "Is it allowed to paste customer lists into a chat bot?",
        "How often is {system} audited?",
        "What is the classification of the {paper}?",
        "How do I report a suspicious e-mail?",
        "Do visitors in {city} need an escort?",
    )),
    Topic("devices", 5, 3, (
        "How do I reset the {device}?",
        "What does the blinking red light on the {device} mean?",
        "Which firmware does the {device} need?",
        "Where is the manual of the {device}?",
        "The {device} in {city} is offline, how do I restart it?",
        "Can the {device} be used outdoors?",
        "How long is the warranty of the {device}?",
        "Explain in detail how the {device} is installed.",
        "What power does the {device} draw?",
        "How do I order a spare part for the {device}?",
    )),
    Topic("onboarding", 4, 2, (
        "What happens on the first day in the {team} team?",
        "Who orders the laptop for a new colleague in {city}?",
        "Which trainings are due in the first {days} days?",
        "Where do I find the onboarding guide of {team}?",
        "Who is the data protection officer?",
        "How do I get access to {system}?",
        "Is there a buddy programme in {team}?",
        "Summarise the {paper} for a new colleague.",
        "What is the dress code in {city}?",
        "How do I enter my hours?",
    )),
    Topic("contracts", 0, 6, (
        "What is the notice period of the contract with {party}?",
        "Does the liability cap of {amount} euros cover gross negligence by {party}?",
        "Which clause lets {party} raise prices?",
        "Is {party} allowed to subcontract?",
        "When does the warranty of {party} end?",
        "Compare the termination clauses for {party} and our standard terms.",
        "May {party} use our logo?",
        "What penalty is due if {party} is {days} days late?",
        "Which law governs the agreement with {party}?",
        "Does {party} have to return our data, and within {days} days?",
    )),
    Topic("outages", 0, 5, (
        "What is the runbook for {system} when it is down?",
        "Who is on call for {system} tonight?",
        "How do I fail over {system} to the second site?",
        "Since when is {system} slow, and what changed?",
        "Which customers are hit when {system} stops?",
        "How do I roll back {system}?",
        "What was the root cause of the last outage of {system}?",
        "How long may {system} be down under the {paper}?",
        "Where are the backups of {system}, and are they {days} days old?",
        "Write the status page text for an outage of {system}.",
    )),
)  # fmt: skip

HANDBOOK = "\n".join(
    f"{chapter}.{section} {text}"
    for chapter, title in enumerate(("Travel", "Leave", "Security", "Devices", "Onboarding", "Contracts"), 1)
    for section, text in enumerate(
        (
            f"{title}: this chapter holds for all staff, including working students and temporary staff, from the first of the month after publication.",
            f"Requests about {title.lower()} are made in the staff portal; paper forms are accepted in the warehouse only, and kept for six years.",
            "Amounts are gross and in euros; an amount in another currency is converted at the monthly rate that finance publishes.",
            "An exception needs the written approval of the line manager and of one member of the board, and ends with the calendar year.",
            "Where this chapter and a local works agreement differ, the works agreement holds, unless the law says otherwise.",
            f"Questions about {title.lower()} go to the team that owns the chapter; an answer is due within three working days.",
            "The older version of this chapter, dated two years ago, no longer applies and must not be quoted.",
        ),
        1,
    )
)


def pick(topics: tuple[Topic, ...], env: str, rng: random.Random) -> Topic:
    """A topic by its weight in `env` ("dev", or anything else for prod)."""
    return rng.choices(topics, [t.dev if env == "dev" else t.prod for t in topics])[0]
