"""What the demo's people say on a card, and the picture that one of them attaches."""

from datetime import datetime, timedelta
from functools import partial
from io import BytesIO

from PIL import Image, ImageDraw

from mops.demo_script import Script
from tasks.models import Attachment, Card, Comment
from tasks.operations.attachments import attach_file
from tasks.operations.comments import Said, add_comment, sign_comment
from tasks.operations.files import Upload
from workspaces.models import Membership, Workspace

CARD = "Redefine the e-mail contact lists"
SEGMENTS = (("Product", 620, "#0d6480"), ("Region", 410, "#75368a"), ("Asleep", 230, "#b0621b"))


def talk(
    script: Script, workspace: Workspace, people: dict[str, Membership], *, at: datetime
) -> None:
    """Three people agree on the segments, one brings a picture of them."""
    find = partial(Card.objects.select_related("board", "workspace").get, workspace=workspace)
    editor, manager, owner = (people[name] for name in ("editor", "manager", "owner"))

    def ask(when: datetime) -> None:
        text = f"{_named(manager)} which segments do sales want? I would begin with:\n\n"
        text += "- [x] by product\n- [ ] by region\n- [ ] by last activity"
        add_comment(find(title=CARD), said=Said(text), by=editor, at=when)

    def bring(when: datetime) -> None:
        upload = Upload("segments.png", [_picture()])
        attach_file(find(title=CARD), upload=upload, by=manager, at=when)

    def answer(when: datetime) -> None:
        card = find(title=CARD)
        file, asked = Attachment.objects.get(card=card), Comment.objects.get(card=card)
        text = f"Product and region, **not** activity:\n\n![segments](attachment:{file.pk})"
        add_comment(card, said=Said(text, answers=asked), by=manager, at=when)

    def agree(when: datetime) -> None:
        said = Comment.objects.get(card__title=CARD, card__workspace=workspace, by=manager)
        for person in (editor, owner):
            sign_comment(said, sign="yes", on=True, by=person, at=when)

    for hours, deed in ((30, ask), (27, bring), (26, answer), (25, agree)):
        script.at(at - timedelta(hours=hours), deed)


def _named(member: Membership) -> str:
    return f"@[{member.user.display_name}](member:{member.pk})"


def _picture() -> bytes:
    """The segments as bars."""
    paper, out = Image.new("RGB", (640, 240), "white"), BytesIO()
    pen = ImageDraw.Draw(paper)
    for place, (name, size, colour) in enumerate(SEGMENTS):
        top = 24 + place * 72
        pen.rectangle((110, top, 110 + size * 2 // 3, top + 44), fill=colour)
        pen.text((24, top + 14), name, fill="#1a2024")
    paper.save(out, "PNG")
    return out.getvalue()
