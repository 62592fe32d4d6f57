"""What a claimant hands in: photographs as a phone makes them, and a film."""

import io
import random

from PIL import Image, ImageDraw

from tests.kit.samples import exif

TAKEN = "2026:03:04 05:06:07"
SIZE = (1280, 960)
FILM = """async () => {
  const canvas = Object.assign(document.createElement('canvas'), {width: 320, height: 180});
  const pen = canvas.getContext('2d');
  const recorder = new MediaRecorder(canvas.captureStream(25), {mimeType: 'video/webm'});
  const parts = [];
  recorder.ondataavailable = event => parts.push(event.data);
  const done = new Promise(resolve => { recorder.onstop = resolve; });
  recorder.start();
  for (let n = 0; n < 20; n += 1) {
    pen.fillStyle = `hsl(${n * 18} 60% 50%)`;
    pen.fillRect(0, 0, 320, 180);
    await new Promise(resolve => setTimeout(resolve, 25));
  }
  recorder.stop();
  await done;
  return [...new Uint8Array(await new Blob(parts).arrayBuffer())];
}"""


def photograph(name: str, *, size: tuple[int, int] = SIZE, quality: int = 85,
               stamped: bool = False) -> dict[str, object]:  # fmt: skip
    """A sharp, bright picture of made-up shapes, as a file to choose; each name its own."""
    dice = random.Random(name)
    image = Image.effect_noise(size, 40).convert("RGB")
    pen = ImageDraw.Draw(image)
    for _ in range(60):
        x, y = dice.randrange(size[0]), dice.randrange(size[1])
        colour = tuple(dice.randrange(90, 256) for _ in range(3))
        pen.rectangle((x, y, x + dice.randrange(40, 300), y + dice.randrange(40, 200)), colour)
    out = io.BytesIO()
    said = {"exif": exif(stamp=TAKEN, offset="+08:00")} if stamped else {}
    image.save(out, "JPEG", quality=quality, **said)
    return {"name": f"{name}.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def film(page) -> dict[str, object]:
    """Half a second of moving colour, recorded by the browser itself."""
    return {"name": "round.webm", "mimeType": "video/webm", "buffer": bytes(page.evaluate(FILM))}
