"""Send mail as Prefect sends its other notifications: through Apprise, as a block."""

from urllib.parse import quote, urlencode

from prefect.blocks.abstract import NotificationBlock
from prefect.blocks.notifications import (
    AppriseNotificationBlock,
    CustomWebhookNotificationBlock,
    SlackWebhook,
)
from pydantic import SecretStr

from flows.serving.settings import EmailSettings, NotifySettings


class BabelmillEmail(AppriseNotificationBlock):
    """Mail through a server of one's own; Prefect ships blocks for mail services only."""

    _block_type_name = "Babelmill E-mail"
    _block_type_slug = "babelmill-email"


def notification_blocks(settings: NotifySettings) -> dict[str, NotificationBlock]:
    """Return a block, by its name, for each way in which somebody is to be told."""
    blocks: dict[str, NotificationBlock] = {}
    if settings.webhook is not None:
        blocks["babelmill-webhook"] = CustomWebhookNotificationBlock(
            name="babelmill",
            url=settings.webhook.get_secret_value(),
            json_data={"subject": "{{subject}}", "body": "{{body}}"},
        )
    if settings.slack is not None:
        blocks["babelmill-slack"] = SlackWebhook(url=settings.slack)
    if settings.email is not None:
        blocks["babelmill-email"] = BabelmillEmail(url=SecretStr(mail_url(settings.email)))
    return blocks


def mail_url(settings: EmailSettings) -> str:
    """Return how Apprise writes down where mail goes."""
    words = [settings.user, settings.password and settings.password.get_secret_value()]
    login = ":".join(quote(word, safe="") for word in words if word)
    options = {
        "to": ",".join(settings.to),
        "from": settings.sender or settings.user or settings.to[0],
        "mode": "starttls" if settings.starttls else "insecure",
    }
    kind = "mailtos" if settings.starttls else "mailto"
    place = f"{settings.server}:{settings.port}"
    return f"{kind}://{f'{login}@' if login else ''}{place}/?{urlencode(options)}"
