"""A writer of .safetensors after the format's published rules, for tests: also
of files that break them."""
import json
import struct

import numpy as np

# Names of the format for numpy's dtypes.
NAMES = {"bool": "BOOL", "uint8": "U8", "int8": "I8", "uint16": "U16",
         "int16": "I16", "uint32": "U32", "int32": "I32", "uint64": "U64",
         "int64": "I64", "float16": "F16", "float32": "F32",
         "float64": "F64", "complex64": "C64"}


class BF16:
    """float32 values whose upper halves are stored."""

    def __init__(self, array):
        bits = np.asarray(array, "<f4").view("<u4")
        self.bits = (bits >> 16).astype("<u2")
        self.shape = self.bits.shape
        self.values = (self.bits.astype("<u4") << 16).view("<f4")


def parts(tensors):
    """The header's object of these tensors, and their bytes."""
    header, data = {}, b""
    for name, tensor in tensors.items():
        bits = isinstance(tensor, BF16)
        array = tensor.bits if bits else np.asarray(tensor)
        raw = array.astype(array.dtype.newbyteorder("<")).tobytes("C")
        header[name] = {"dtype": "BF16" if bits else NAMES[array.dtype.name],
                        "shape": list(array.shape),
                        "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    return header, data


def packed(header, data, pad=True):
    """header: the object, or text as it stands."""
    text = (header if isinstance(header, bytes) else
            json.dumps(header, ensure_ascii=False).encode())
    if pad:
        text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + data


def safetensors(tensors, **metadata):
    """A file's bytes; metadata as save_file(..., metadata=...) takes it."""
    header, data = parts(tensors)
    if metadata:
        header = {"__metadata__": metadata, **header}
    return packed(header, data)
