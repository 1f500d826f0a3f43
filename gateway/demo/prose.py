"""Sentences that the simulated model strings together. Some are not ASCII, so that a stream splits characters of several bytes."""

from __future__ import annotations

OPENERS = (
    "Happy to help with {topic}.",
    "Here is what I found about {topic}:",
    "Short answer on {topic}: yes, with two conditions.",
    "Good question — {topic} comes up often.",
    "Let me break {topic} down.",
    "As for {topic}, this is how it works today.",
)

ENGLISH = (
    "Orders placed before 3 p.m. leave the warehouse on the same day.",
    "You can follow the parcel with the number in your confirmation e-mail.",
    "The size chart on the product page is measured in centimetres, not inches.",
    "If the zip is broken, we replace it free of charge within two years ✓.",
    "Section 4.2 of the handbook describes the exception in full.",
    "The policy was last changed in March, and older copies no longer apply.",
    "Please keep the original packaging until you are sure.",
    "There are three variants: basic, plus and pro.",
    "The figure you quote is the gross amount; net of tax it is €84.03.",
    "I would start with the second option, because it can be undone.",
    "Our café partners accept the same voucher.",
    "The document contradicts itself here: page 7 says thirty days, page 12 says sixty.",
    "You need a written approval from your line manager first.",
    "Stock is refreshed every night, so the number may be a day old.",
    "The jacket is water-repellent, but not waterproof 🌧.",
    "Two colleagues have to sign; one signature is not enough.",
    "Shipping to islands takes about four days longer.",
    "The retention period is ten years for invoices and six for letters.",
    "A naïve reading would suggest otherwise, but the annex settles it.",
    "Let me know if you would like the steps one by one.",
    "The discount and the gift card can be combined.",
    "For sensitive skin I would rather choose the cotton lining.",
    "The latest version is 3.8; the migration guide covers everything since 2.0.",
    "If nothing arrives by Friday, write to us again and we will start a search.",
)

SPANISH_OPENERS = (
    "Claro, le ayudo con {topic}.",
    "Sobre {topic}, esto es lo que puedo decirle:",
    "Gracias por escribirnos acerca de {topic}.",
)

SPANISH = (
    "El reembolso tarda entre cinco y siete días hábiles.",
    "Necesitamos el número de pedido para continuar.",
    "La devolución es gratuita durante los primeros treinta días.",
    "El importe vuelve a la misma tarjeta con la que pagó.",
    "Si el paquete llegó dañado, envíenos una fotografía, por favor.",
    "También puede cambiarlo en cualquiera de nuestras tiendas.",
    "Los gastos de envío no se devuelven en pedidos de menos de 30 €.",
    "Le enviaremos una etiqueta por correo electrónico mañana.",
    "¿Prefiere un vale o el dinero en su cuenta?",
)

REFUSAL = "I'm sorry, but I can't help with that request."

THOUGHTS = (
    "The user wants a concrete answer, so I should check which rule applies first.",
    "There are two readings of the question; the second one fits the context better.",
    "I need to compare the dates before I promise anything.",
    "The earlier message mentions a voucher, which changes the total.",
    "A short list will be clearer than a paragraph here.",
    "No tool is needed for this part.",
    "Let me double-check the numbers: 84.03 plus 19 % is 100.",
)
