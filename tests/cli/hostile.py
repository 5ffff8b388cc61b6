"""Files that numpy would not write: arrays with lying headers, zip archives
patched field by field. For the tests of bad input."""
import io
import struct
import zipfile
import zlib

import numpy as np


def npy(array):
    out = io.BytesIO()
    np.lib.format.write_array(out, np.asanyarray(array), allow_pickle=True)
    return out.getvalue()


def npy_header(text, data=b"", version=1):
    """An array file with this header text, whatever it says."""
    text = text.encode("latin-1")
    size = struct.pack("<H" if version == 1 else "<I", len(text))
    return b"\x93NUMPY" + bytes([version, 0]) + size + text + data


def npz(members, method=zipfile.ZIP_STORED):
    """members: key -> array, or the bytes of the member. As np.savez."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as z:
        for key, value in members.items():
            name = key if key == "meta.json" else key + ".npy"
            # ZipInfo: of no date, so that the bytes are the same each time
            z.writestr(zipfile.ZipInfo(name), value
                       if isinstance(value, bytes) else npy(value), method)
    return out.getvalue()


# Offsets and formats of fields in the central directory.
FIELDS = {"flags": (8, "<H"), "method": (10, "<H"), "crc": (16, "<I"),
          "stored": (20, "<I"), "bytes": (24, "<I"), "disk": (34, "<H"),
          "offset": (42, "<I")}


def patch(data, member, **fields):
    """Another value in the central directory's entry number `member`."""
    data = bytearray(data)
    at = -1
    for _ in range(member + 1):
        at = data.index(b"PK\x01\x02", at + 1)
    for name, value in fields.items():
        offset, form = FIELDS[name]
        struct.pack_into(form, data, at + offset, value)
    return bytes(data)


def bomb(key, descr, shape, megabytes, **others):
    """A dump with a member of so many megabytes of zeros, which take a
    thousandth of that in the file. Its CRC is wrong."""
    text = (f"{{'descr': '{descr}', 'fortran_order': False, "
            f"'shape': {shape}, }}")
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    head = packer.compress(npy_header(text.ljust(117) + "\n"))
    head += packer.flush(zlib.Z_FULL_FLUSH)
    zeros = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    deflated = head + zeros * megabytes + packer.flush()
    data = npz({key: deflated, **others})
    return patch(data, 0, method=8, bytes=128 + (megabytes << 20))


def flip(data, at):
    """One bit of one byte turned over."""
    data = bytearray(data)
    data[at] ^= 0x10
    return bytes(data)


def content_offset(data, text):
    """Where the content of the stored member of that name starts."""
    with zipfile.ZipFile(io.BytesIO(data)) as z:
        info = z.getinfo(text + ".npy")
    names, extra = struct.unpack_from("<HH", data, info.header_offset + 26)
    return info.header_offset + 30 + names + extra
