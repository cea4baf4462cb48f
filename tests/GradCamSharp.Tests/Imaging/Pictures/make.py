#!/usr/bin/env python3
"""Draws the small pictures of this folder: 48 x 32, four plain quarters (red, green, blue, yellow; grey or with alpha where the name says so).
And textured-*.jpg: 167 x 121, another colour in every block of 3 x 3 pixels, coded in the ways that JPEG files are.

Needs Pillow. Kept so that the files can be made anew; the tests read the files.
"""
import os
import random
from PIL import Image

HERE = os.path.dirname(os.path.abspath(__file__))
QUARTERS = {(0, 0): (220, 30, 40), (24, 0): (30, 180, 60), (0, 16): (40, 60, 200), (24, 16): (230, 210, 50)}


def drawn():
    picture = Image.new("RGB", (48, 32))
    for (x, y), colour in QUARTERS.items():
        picture.paste(colour, (x, y, x + 24, y + 16))
    return picture


def textured():
    small = Image.new("RGB", (56, 41))
    chance = random.Random(7)
    small.putdata([tuple(chance.randrange(256) for _ in range(3)) for _ in range(56 * 41)])
    return small.resize((168, 123), Image.Resampling.NEAREST).crop((0, 0, 167, 121))


def save(picture, name, **options):
    picture.save(os.path.join(HERE, name), **options)


def main():
    rgb = drawn()
    save(rgb, "rgb.png")
    save(rgb, "rgb.bmp")
    save(rgb, "rgb.webp", lossless=True)
    save(rgb, "rgb.jpg", quality=95)
    save(rgb, "progressive.jpg", quality=95, progressive=True)
    save(rgb.convert("L"), "grey.jpg", quality=95)
    save(rgb.convert("L"), "grey.png")
    save(rgb.convert("CMYK"), "cmyk.jpg", quality=95)
    save(rgb.quantize(4), "palette.png")
    save(rgb.convert("1"), "one-bit.png")
    sixteen = Image.new("I;16", (48, 32))
    sixteen.putdata([x * 1365 for _ in range(32) for x in range(48)])
    save(sixteen, "sixteen-bit.png")
    save(rgb.quantize(4), "two-frames.gif", save_all=True, append_images=[Image.new("RGB", (48, 32)).quantize(4)])

    wild = textured()
    for name, subsampling in {"444": 0, "422": 1, "420": 2}.items():
        save(wild, f"textured-{name}.jpg", quality=60, subsampling=subsampling)
    save(wild, "textured-progressive.jpg", quality=60, subsampling=2, progressive=True)
    save(wild.convert("L"), "textured-grey.jpg", quality=60)
    save(wild.convert("CMYK"), "textured-cmyk.jpg", quality=60)

    clear = rgb.convert("RGBA")
    clear.putalpha(Image.new("L", (48, 32), 255))
    clear.paste((220, 30, 40, 0), (0, 0, 24, 16))
    clear.paste((40, 60, 200, 128), (0, 16, 24, 32))
    save(clear, "alpha.png")

    # The orientations: each file, once turned as its tag says, shows the same four quarters.
    stored = {1: None, 2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
              5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE, 8: Image.Transpose.ROTATE_270}
    for orientation, transpose in stored.items():
        exif = Image.Exif()
        exif[0x0112] = orientation
        save(rgb if transpose is None else rgb.transpose(transpose), f"orientation{orientation}.jpg", quality=95, subsampling=0, exif=exif)


if __name__ == "__main__":
    main()
