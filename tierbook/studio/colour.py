"""Colours as people see them: hex codes, CIELAB, the CIEDE2000 difference, contrast by WCAG."""

import re
from typing import cast

import cv2
import numpy as np

from tierbook.studio.arrays import Floats, Pixels

Rgb = tuple[int, int, int]
_HEX = re.compile(r"#?([0-9a-f]{6}|[0-9a-f]{3})\b", re.IGNORECASE)
NAMED: dict[str, Rgb] = {
    "black": (24, 24, 26),
    "white": (255, 255, 255),
    "grey": (128, 130, 134),
    "gray": (128, 130, 134),
    "red": (200, 32, 42),
    "orange": (236, 112, 24),
    "yellow": (246, 200, 38),
    "green": (38, 132, 74),
    "olive": (112, 118, 56),
    "teal": (0, 128, 128),
    "turquoise": (56, 186, 184),
    "blue": (28, 84, 196),
    "navy": (24, 36, 84),
    "purple": (108, 56, 156),
    "lilac": (190, 164, 220),
    "pink": (240, 142, 176),
    "rose": (214, 92, 124),
    "burgundy": (112, 20, 46),
    "brown": (112, 72, 44),
    "tan": (204, 168, 126),
    "beige": (228, 214, 190),
    "cream": (248, 240, 220),
    "sand": (222, 200, 164),
    "gold": (204, 160, 62),
}


def parse(text: str) -> Rgb | None:
    """Read a colour: `#1A5CFF`, `1a5cff`, `#fff` or a plain name; None when it is neither."""
    cleaned = text.strip().lower()
    if cleaned in NAMED:
        return NAMED[cleaned]
    found = _HEX.fullmatch(cleaned)
    if not found:
        return None
    digits = found.group(1)
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    return int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)


def spell(colour: Rgb) -> str:
    """Write a colour as `#1A5CFF`."""
    return "#{:02X}{:02X}{:02X}".format(*colour)


def lab(rgb: Pixels) -> Floats:
    """Convert sRGB uint8 (h, w, 3) to CIELAB: L 0..100, a and b about -128..127."""
    return cast("Floats", cv2.cvtColor(rgb.astype(np.float32) / 255, cv2.COLOR_RGB2Lab))


def rgb_of_lab(values: Floats) -> Pixels:
    """Convert CIELAB back to sRGB uint8, clipping colours no screen shows."""
    back = cast("Floats", cv2.cvtColor(values.astype(np.float32), cv2.COLOR_Lab2RGB))
    return np.clip(back * 255, 0, 255).round().astype(np.uint8)


def lab_of(colour: Rgb) -> Floats:
    """Return one colour's CIELAB, shape (3,)."""
    return lab(np.array([[colour]], np.uint8))[0, 0]


def difference(first: Floats, second: Floats) -> Floats:
    """Return CIEDE2000 between CIELAB arrays of shape (..., 3); 1 is just noticeable."""
    l1, a1, b1 = np.moveaxis(np.asarray(first, np.float64), -1, 0)
    l2, a2, b2 = np.moveaxis(np.asarray(second, np.float64), -1, 0)
    c_mean7 = ((np.hypot(a1, b1) + np.hypot(a2, b2)) / 2) ** 7
    grey = 1 + 0.5 * (1 - np.sqrt(c_mean7 / (c_mean7 + 25.0**7)))
    a1, a2 = a1 * grey, a2 * grey
    c1, c2 = np.hypot(a1, b1), np.hypot(a2, b2)
    h1, h2 = np.degrees(np.arctan2(b1, a1)) % 360, np.degrees(np.arctan2(b2, a2)) % 360
    turn = (h2 - h1 + 180) % 360 - 180
    turn = np.where(c1 * c2 == 0, 0, turn)
    dl, dc = l2 - l1, c2 - c1
    dh = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn / 2))
    l_mean, c_mean = (l1 + l2) / 2, (c1 + c2) / 2
    middle = np.asarray(h1 + turn / 2, np.float64) % 360
    h_mean = np.where(c1 * c2 == 0, np.asarray(h1 + h2, np.float64), middle)
    t = (
        1
        - 0.17 * np.cos(np.radians(h_mean - 30))
        + 0.24 * np.cos(np.radians(2 * h_mean))
        + 0.32 * np.cos(np.radians(3 * h_mean + 6))
        - 0.20 * np.cos(np.radians(4 * h_mean - 63))
    )
    s_l = 1 + 0.015 * (l_mean - 50) ** 2 / np.sqrt(20 + (l_mean - 50) ** 2)
    s_c, s_h = 1 + 0.045 * c_mean, 1 + 0.015 * c_mean * t
    c7 = c_mean**7
    rotation = -2 * np.sqrt(c7 / (c7 + 25.0**7))
    rotation *= np.sin(np.radians(60 * np.exp(-(((h_mean - 275) / 25) ** 2))))
    x, y, z = dl / s_l, dc / s_c, dh / s_h
    return np.sqrt(np.maximum(x * x + y * y + z * z + rotation * y * z, 0))


def luminance(rgb: Pixels) -> Floats:
    """Return WCAG relative luminance, 0..1, of sRGB values of shape (..., 3)."""
    part = np.asarray(rgb, np.float64) / 255
    linear = np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)
    return linear @ np.array([0.2126, 0.7152, 0.0722])


def contrast(first: float, second: float) -> float:
    """Return the WCAG contrast ratio of two luminances, 1..21."""
    return (max(first, second) + 0.05) / (min(first, second) + 0.05)
