"""Dates as the outlets print them."""

from datetime import datetime

MONTHS = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
}
WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday"


def printed(at: datetime, style: str) -> str:
    """The moment in an outlet's own manner. Not strftime's names: they follow the machine's locale."""

    def month(language: str) -> str:
        return MONTHS[language].split()[at.month - 1]

    clock = f"{at:%H:%M}"
    half = "a.m." if at.hour < 12 else "p.m."
    styles = {
        "long": f"{WEEKDAYS.split()[at.weekday()]} {at.day} {month('en')} {at.year}, {clock}",
        "short": f"{at.day} {month('en')[:3]} {at.year}",
        "us": f"{month('en')} {at.day}, {at.year} at {at.hour % 12 or 12}:{at.minute:02} {half}",
        "slashes": f"{at.month:02}/{at.day:02}/{at.year}",
        "utc": f"{at.day:02} {month('en')[:3].upper()} {at.year} {clock} GMT",
        "de": f"{at.day:02}.{at.month:02}.{at.year}, {clock} Uhr",
        "de_long": f"{at.day}. {month('de')} {at.year}",
        "fr": f"Publié le {at.day} {month('fr')} {at.year} à {at.hour}h{at.minute:02}",
        "fr_short": f"{at.day} {month('fr')} {at.year}",
        "es": f"{at.day} de {month('es')} de {at.year} - {clock}",
    }
    return styles[style]
