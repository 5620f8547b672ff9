"""Closed classes and frequent newspaper words that the rules of `edits.py` replace.

A group holds words of which any, put in place of any other, changes what a sentence states.
"""

from __future__ import annotations


def _list(words: str) -> list[str]:
    return words.split()


def _groups(lines: str) -> list[list[str]]:
    """One group a line, its members apart by commas."""
    return [[word.strip() for word in line.split(",")] for line in lines.strip().splitlines()]


NUMBER_WORDS = _list(
    """
    two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety
    """
)
DIGITS = dict(zip(NUMBER_WORDS, [*range(2, 21), *range(30, 100, 10)], strict=True))
WEEKDAYS = _list(
    """
    Monday Tuesday Wednesday Thursday Friday Saturday Sunday
    """
)
MONTHS = _list(
    """
    January February March April May June July August September October November December
    """
)
NOUNS = _list(
    """
    army bank bishop bus captain champion coach committee company court customer dealer doctor
    driver farmer gang goalkeeper government governor hospital insurer investor journalist judge
    lawyer manager mayor minister ministry museum neighbor nurse opposition owner party patient
    pilot player police prince prosecutor publisher rebel rival sailor scientist senator soldier
    spy striker student supplier teacher tenant tourist truck union victim widow witness worker
    """
)
VERBS = _list(
    """
    accused acquired admired advised arrested attacked avoided backed betrayed blackmailed
    blamed called cheated contacted convinced criticized deceived defended detained discovered
    dismissed escorted followed freed helped hired honored ignored informed injured insulted
    interviewed invited kidnapped killed mocked named observed outplayed overtook paid persuaded
    praised pressured promoted protected questioned rammed recognized recommended rejected
    replaced reported rescued robbed ruined shot sued supported surprised thanked threatened
    tricked trusted visited warned welcomed
    """
)
PARTICIPLES = {"overtook": "overtaken"}
DATE_GROUPS = _groups(
    """
    yesterday, today, tomorrow
    last year, this year, next year, two years ago
    last week, this week, next week
    last month, this month, next month
    morning, afternoon, evening, night
    spring, summer, autumn, winter
    before, after
    1st, 2nd, 3rd, 4th, 5th
    """
)
DATE_GROUPS += [WEEKDAYS, [month for month in MONTHS if month != "May"]]
PLACE_GROUPS = _groups(
    """
    north, south, east, west
    northern, southern, eastern, western
    inside, outside
    left, right
    above, below
    in front of, behind
    upstream, downstream
    """
)
PLACE_GROUPS.append(
    _list(
        """
        Germany France Italy Spain Poland Austria Switzerland Belgium Denmark Norway Sweden
        Finland Russia Ukraine Turkey Greece Hungary Romania China Japan India Pakistan Iran
        Iraq Syria Egypt Israel Canada Mexico Brazil Argentina Chile Australia Portugal Ireland
        Britain
        """
    )
)
PLACE_GROUPS.append(
    _list(
        """
        German French Italian Spanish Polish Austrian Swiss Belgian Danish Norwegian Swedish
        Finnish Russian Ukrainian Turkish Greek Hungarian Romanian Chinese Japanese Indian
        Iranian Syrian Egyptian Israeli Canadian Mexican Brazilian Australian Portuguese Irish
        British
        """
    )
)
PLACE_GROUPS.append(
    _list(
        """
        Berlin Paris London Rome Madrid Vienna Moscow Kiev Warsaw Prague Budapest Brussels
        Geneva Munich Hamburg Frankfurt Cologne Milan Barcelona Athens Istanbul Cairo Beijing
        Tokyo Seoul Washington Boston Chicago Houston Toronto Sydney
        """
    )
)
UNIT_GROUPS = _groups(
    """
    million, billion, thousand, trillion
    euros, dollars, pounds, yen, francs
    kilometers, miles, meters, kilometres, metres, feet
    kilograms, tons, tonnes, pounds, grams
    seconds, minutes, hours, days, weeks, months, years
    second, minute, hour, day, week, month
    percent, per thousand, percentage points
    degrees Celsius, degrees Fahrenheit
    liters, gallons, litres, barrels
    hectares, acres, square kilometers, square meters
    watts, kilowatts, megawatts, gigawatts
    """
)
QUANTIFIER_GROUPS = _groups(
    """
    all, most, some, few, none of the, several, half of the
    All, Most, Some, Few
    every, no
    Every, No
    many, few, hardly any, several
    Many, Few
    majority, minority
    more than, less than, exactly
    More than, Less than, Exactly
    at least, at most
    At least, At most
    more, less
    more, fewer
    both, neither, one of the
    always, never, rarely
    often, rarely, never
    first, second, third, last
    half, third, quarter
    only, also
    double, half, triple
    nobody, somebody, everybody
    everyone, no one, someone
    """
)
MODAL_GROUPS = _groups(
    """
    will, may, could, wants to, should, plans to, must
    would, will, might
    can, cannot, must
    must, may, need not
    has to, may, does not have to
    have to, may, need not
    has been, is to be, will be, could be, was almost
    have been, are to be, will be, might be
    was, is to be, will be, could have been
    were, are to be, will be, could have been
    has, could have, was supposed to have
    is, could be, is not yet
    are, could be, are not yet
    """
)
ATTRIBUTION_GROUPS = _groups(
    """
    confirmed, denied, refused to comment on, rejected, questioned
    confirms, denies, rejects
    confirm, deny, reject
    said, denied, doubted
    says, denies, doubts
    admitted, disputed, denied
    believes, doubts
    believe, doubt
    announced, ruled out
    praised, criticized, condemned
    welcomed, condemned, criticised
    demanded, rejected
    police, prosecutors, residents, experts, firefighters, the army
    minister, spokesman, mayor, judge, lawyer, professor, bishop
    government, opposition, union, court, industry
    researchers, economists, critics, lawyers, doctors
    newspaper, broadcaster, authority, company, party
    president, chancellor, prime minister, foreign minister
    manufacturer, retailer, bank, insurer
    employees, managers, customers, shareholders
    parents, teachers, pupils
    """
)
ANTONYM_GROUPS = _groups(
    """
    rose, fell
    risen, fallen
    rise, fall
    rising, falling
    increase, decrease
    increased, decreased
    increasing, decreasing
    won, lost
    win, lose
    winner, loser
    victory, defeat
    opened, closed
    open, close
    began, ended
    begin, end
    started, stopped
    start, stop
    accepted, rejected
    accept, reject
    supported, opposed
    support, oppose
    arrested, released
    higher, lower
    high, low
    highest, lowest
    larger, smaller
    large, small
    biggest, smallest
    better, worse
    best, worst
    old, young
    older, younger
    men, women
    man, woman
    father, mother
    son, daughter
    brother, sister
    boys, girls
    for, against
    with, without
    allowed, banned
    allow, ban
    bought, sold
    buy, sell
    legal, illegal
    possible, impossible
    guilty, innocent
    dead, alive
    killed, injured
    entered, left
    arrived, departed
    strengthened, weakened
    strong, weak
    successful, unsuccessful
    success, failure
    positive, negative
    profit, loss
    profits, losses
    export, import
    exports, imports
    ahead of, behind
    public, private
    rich, poor
    safe, dangerous
    up, down
    above, below
    remember, forget
    succeeded, failed
    agreed, refused
    agree, disagree
    attack, defend
    male, female
    import, export
    cheaper, more expensive
    raised, cut
    built, demolished
    """
)
TAILS = (
    "",
    " on Monday",
    " last week",
    " in the capital",
    " after the meeting",
    " for years",
    " because of the fire",
    " during the trial",
    " in a letter",
    " at the airport",
    " two years ago",
)
ABBREVIATIONS = _groups(
    """
    United Nations, UN
    European Union, EU
    United States, US
    United Kingdom, UK
    World Health Organization, WHO
    per cent, percent
    International Monetary Fund, IMF
    European Central Bank, ECB
    chief executive officer, CEO
    artificial intelligence, AI
    World Trade Organization, WTO
    gross national product, GNP
    """
)
SYNONYMS = _groups(
    """
    because of, due to
    approximately, around
    around, about
    purchased, bought
    automobile, car
    attempt, try
    children, kids
    such as, like
    for example, for instance
    although, even though
    nearly, almost
    began, started
    ended, finished
    big, large
    according to, in the words of
    will, is going to
    killed, slain
    firm, company
    help, assistance
    said, stated
    said, told reporters
    said, explained
    wants to, intends to
    more than, over
    film, movie
    rise, increase
    fell, dropped
    rose, climbed
    show, demonstrate
    police officers, police
    """
)
