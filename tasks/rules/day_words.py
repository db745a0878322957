"""How people write days in words: one table a language. Spaces may be any; ~ is one or a joiner.

{n} is a number, {d} and {w} and {m} the words for days, weeks and months, {day} a day of the week.
"""

from dataclasses import dataclass

Words = tuple[str, ...]


@dataclass(frozen=True)
class DayWords:
    """The words of one language, days of the week from Monday on.

    `free` words are read inside other letters, too, where a language sets no spaces. `short` days
    of the week are as good as `week`, but may be written with a dot.
    """

    today: Words
    tomorrow: Words
    overmorrow: Words
    next_week: Words
    next_month: Words
    month_end: Words
    week: tuple[Words, ...]
    months: tuple[Words, ...]
    days: Words
    weeks: Words
    some_months: Words
    ahead: Words
    one_week: Words
    next_day: Words
    leads: Words
    free: Words = ()


ENGLISH = DayWords(
    today=("today", "tod"),
    tomorrow=("tomorrow", "tmrw", "tmr"),
    overmorrow=("the day after tomorrow", "day after tomorrow"),
    next_week=("next week",),
    next_month=("next month",),
    month_end=("end of month", "end of the month", "eom"),
    week=(
        ("monday", "mon"),
        ("tuesday", "tue", "tues"),
        ("wednesday", "wed"),
        ("thursday", "thu", "thur", "thurs"),
        ("friday", "fri"),
        ("saturday", "sat"),
        ("sunday", "sun"),
    ),
    months=(
        ("january", "jan"),
        ("february", "feb"),
        ("march", "mar"),
        ("april", "apr"),
        ("may",),
        ("june", "jun"),
        ("july", "jul"),
        ("august", "aug"),
        ("september", "sept", "sep"),
        ("october", "oct"),
        ("november", "nov"),
        ("december", "dec"),
    ),
    days=("days", "day"),
    weeks=("weeks", "week"),
    some_months=("months", "month"),
    ahead=("in {n} {unit}", "{n} {unit} from now"),
    one_week=("in a week",),
    next_day=("next {day}",),
    leads=("by", "on", "until", "till", "due"),
)
POLISH = DayWords(
    today=("dzisiaj", "dziś"),
    tomorrow=("jutro", "jutra"),
    overmorrow=("pojutrze",),
    next_week=("w przyszłym tygodniu", "w następnym tygodniu", "przyszły tydzień"),
    next_month=("w przyszłym miesiącu", "w następnym miesiącu", "przyszły miesiąc"),
    month_end=("koniec miesiąca", "końca miesiąca"),
    week=(
        ("poniedziałek", "poniedziałku", "pon"),
        ("wtorek", "wtorku", "wt"),
        ("środa", "środę", "środy", "śr"),
        ("czwartek", "czwartku", "czw"),
        ("piątek", "piątku", "pt"),
        ("sobota", "sobotę", "soboty", "sob"),
        ("niedziela", "niedzielę", "niedzieli", "ndz"),
    ),
    months=(
        ("stycznia", "sty"),
        ("lutego", "lut"),
        ("marca", "mar"),
        ("kwietnia", "kwi"),
        ("maja", "maj"),
        ("czerwca", "cze"),
        ("lipca", "lip"),
        ("sierpnia", "sie"),
        ("września", "wrz"),
        ("października", "paź"),
        ("listopada", "lis"),
        ("grudnia", "gru"),
    ),
    days=("dni", "dzień"),
    weeks=("tygodnie", "tygodni", "tydzień"),
    some_months=("miesiące", "miesięcy", "miesiąc"),
    ahead=("za {n} {unit}",),
    one_week=("za tydzień",),
    next_day=("przyszły {day}", "przyszłą {day}", "następny {day}", "następną {day}"),
    leads=("do", "na", "w", "we"),
)
VIETNAMESE = DayWords(
    today=("hôm nay",),
    tomorrow=("ngày mai",),
    overmorrow=("ngày kia", "ngày mốt"),
    next_week=("tuần sau", "tuần tới"),
    next_month=("tháng sau", "tháng tới"),
    month_end=("cuối tháng",),
    week=(
        ("thứ hai", "thứ 2", "t2"),
        ("thứ ba", "thứ 3", "t3"),
        ("thứ tư", "thứ 4", "t4"),
        ("thứ năm", "thứ 5", "t5"),
        ("thứ sáu", "thứ 6", "t6"),
        ("thứ bảy", "thứ 7", "t7"),
        ("chủ nhật", "cn"),
    ),
    months=tuple((f"tháng {n}", f"thg {n}") for n in range(1, 13)),
    days=("ngày",),
    weeks=("tuần",),
    some_months=("tháng",),
    ahead=("{n} {unit} nữa", "sau {n} {unit}", "trong {n} {unit}"),
    one_week=("một tuần nữa",),
    next_day=("{day} tuần sau", "{day} tuần tới"),
    leads=("trước", "vào", "đến", "tới", "hạn"),
)
THAI = DayWords(
    today=("วันนี้",),
    tomorrow=("วันพรุ่งนี้", "พรุ่งนี้"),
    overmorrow=("มะรืนนี้", "มะรืน"),
    next_week=("สัปดาห์หน้า", "อาทิตย์หน้า"),
    next_month=("เดือนหน้า",),
    month_end=("สิ้นเดือนนี้", "สิ้นเดือน"),
    week=(
        ("วันจันทร์", "จันทร์"),
        ("วันอังคาร", "อังคาร"),
        ("วันพุธ", "พุธ"),
        ("วันพฤหัสบดี", "วันพฤหัส", "พฤหัส"),
        ("วันศุกร์", "ศุกร์"),
        ("วันเสาร์", "เสาร์"),
        ("วันอาทิตย์",),
    ),
    months=(
        ("มกราคม", "ม.ค."),
        ("กุมภาพันธ์", "ก.พ."),
        ("มีนาคม", "มี.ค."),
        ("เมษายน", "เม.ย."),
        ("พฤษภาคม", "พ.ค."),
        ("มิถุนายน", "มิ.ย."),
        ("กรกฎาคม", "ก.ค."),
        ("สิงหาคม", "ส.ค."),
        ("กันยายน", "ก.ย."),
        ("ตุลาคม", "ต.ค."),
        ("พฤศจิกายน", "พ.ย."),
        ("ธันวาคม", "ธ.ค."),
    ),
    days=("วัน",),
    weeks=("สัปดาห์", "อาทิตย์"),
    some_months=("เดือน",),
    ahead=("อีก~{n}~{unit}", "ใน~{n}~{unit}"),
    one_week=("อีกหนึ่งสัปดาห์",),
    next_day=("{day}หน้า",),
    leads=("ภายใน", "ก่อน", "ส่ง"),
    free=("วันนี้", "วันพรุ่งนี้", "พรุ่งนี้", "มะรืนนี้", "สัปดาห์หน้า", "อาทิตย์หน้า", "เดือนหน้า"),
)
PERSIAN = DayWords(
    today=("امروز",),
    tomorrow=("فردا",),
    overmorrow=("پس~فردا",),
    next_week=("هفته~ی بعد", "هفته بعد", "هفته آینده", "هفته~ی آینده"),
    next_month=("ماه بعد", "ماه آینده"),
    month_end=("پایان ماه", "آخر ماه"),
    week=(
        ("دو~شنبه",),
        ("سه~شنبه",),
        ("چهار~شنبه",),
        ("پنج~شنبه",),
        ("جمعه",),
        ("شنبه",),
        ("یک~شنبه",),
    ),
    months=(
        ("ژانویه",),
        ("فوریه",),
        ("مارس",),
        ("آوریل",),
        ("مه", "می"),
        ("ژوئن",),
        ("ژوئیه", "جولای"),
        ("اوت", "آگوست"),
        ("سپتامبر",),
        ("اکتبر",),
        ("نوامبر",),
        ("دسامبر",),
    ),
    days=("روز",),
    weeks=("هفته",),
    some_months=("ماه",),
    ahead=("{n} {unit} دیگر", "تا {n} {unit} دیگر", "{n} {unit} بعد"),
    one_week=("یک هفته دیگر",),
    next_day=("{day} هفته بعد", "{day} هفته آینده", "{day} بعد", "{day} آینده"),
    leads=("تا", "در", "برای"),
)
LANGUAGES = (ENGLISH, POLISH, VIETNAMESE, THAI, PERSIAN)
NO_DAYS = ("black", "good", "cyber", "super", "czarny", "wielki", "wielka")  # before a weekday
