"""Writes golden.safetensors with nothing but struct and json, from the description of the format alone.

    python3 model/src/test/python/write_safetensors.py model/src/test/resources/torrefy/model/checkpoint

Every tensor's i-th element is VALUES[i % len(VALUES)]; all of them are exact in every type used.
"""

import json
import pathlib
import struct
import sys

VALUES = [0.0, 1.0, -2.5, 0.15625, 65280.0, -0.0, 3.0]


def bfloat16(value):
    return struct.unpack("<I", struct.pack("<f", value))[0] >> 16


TENSORS = [
    ("matrix.f32", "F32", [2, 3], lambda v: struct.pack("<f", v)),
    ("scalar.f32", "F32", [], lambda v: struct.pack("<f", v)),
    ("odd.bf16", "BF16", [7], lambda v: struct.pack("<H", bfloat16(v))),
    ("odd.f16", "F16", [5, 1], lambda v: struct.pack("<e", v)),
    ("größe.f64", "F64", [2, 2, 2], lambda v: struct.pack("<d", v)),
    ("empty.f32", "F32", [0, 4], None),
    ("mask.u8", "U8", [3], lambda v: b"\x01"),
]

header = {"__metadata__": {"format": "pt", "note": 'a "quoted" line\nand another'}}
data = b""
for name, dtype, shape, pack in TENSORS:
    count = 1
    for size in shape:
        count *= size
    begin = len(data)
    for i in range(count):
        data += pack(VALUES[i % len(VALUES)])
    header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [begin, len(data)]}

text = json.dumps(header).encode() + b"   "
target = pathlib.Path(sys.argv[1]) / "golden.safetensors"
target.write_bytes(struct.pack("<Q", len(text)) + text + data)
print(target, len(text), len(data))
