"""Words that promise nothing that can be seen, a short list for each language of our users.

Lower case, in Unicode's composed form. All lists are read, whatever the page's language: a team
writes its goals in the language it speaks.
"""

import re
import unicodedata
from collections.abc import Sequence

VAGUE = {
    "en": (
        "as needed", "as soon as possible", "asap", "better", "boost", "enhance", "etc", "improve",
        "improved", "improving", "leverage", "maximise", "maximize", "optimise", "optimize",
        "robust", "several", "significantly", "some", "soon", "substantially", "synergy", "various",
        "world-class",
    ),
    "fa": (
        "بهتر", "بهبود", "بهینه", "بهینه سازی", "به زودی", "تا حد امکان", "تقویت", "چشمگیر",
        "چندین", "در اسرع وقت", "در صورت نیاز", "قابل توجه", "مختلف", "مناسب", "هرچه زودتر",
        "و غیره",
    ),
    "pl": (
        "itd", "itp", "jak najszybciej", "kilka", "lepiej", "lepsza", "lepsze", "lepszy",
        "optymalizacja", "optymalizować", "poprawa", "poprawić", "różne", "synergia", "usprawnić",
        "w miarę możliwości", "w razie potrzeby", "wkrótce", "zoptymalizować", "znacznie",
        "znacząco",
    ),
    "th": (
        "ฯลฯ", "ดีขึ้น", "ตามความเหมาะสม", "เท่าที่เป็นไปได้", "ปรับปรุง", "เพิ่มประสิทธิภาพ",
        "ยกระดับ", "โดยเร็ว", "เร็วๆ นี้", "หลากหลาย", "อย่างมาก",
    ),
    "vi": (
        "cải thiện", "càng sớm càng tốt", "đáng kể", "đẩy mạnh", "khác nhau", "khi cần",
        "một số", "nâng cao", "nếu cần", "phù hợp", "sớm nhất có thể", "tối ưu", "tối ưu hóa",
        "tốt hơn", "v.v",
    ),
}  # fmt: skip
UNSPACED = {"th"}  # writes without spaces, so a word may stand inside of a run of letters
SAME = str.maketrans({"ي": "ی", "ك": "ک", "\u200c": " ", "\u200f": "", "\u200e": ""})


def _one_of(words: Sequence[str]) -> str:
    """A pattern of any of the words, the longest first."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


SPACED = _one_of([word for name, said in VAGUE.items() if name not in UNSPACED for word in said])
INSIDE = _one_of([word for name in UNSPACED for word in VAGUE[name]])
FOUND = re.compile(rf"(?<![\w-])(?:{SPACED})(?![\w-])|{INSIDE}")


def vague_words(texts: Sequence[str]) -> list[str]:
    """The words of the lists that the texts use, each once, as they come."""
    text = " ".join(texts).translate(SAME).casefold()
    plain = re.sub(r"\s+", " ", unicodedata.normalize("NFC", text))
    return list(dict.fromkeys(FOUND.findall(plain)))
