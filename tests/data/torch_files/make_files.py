#!/usr/bin/env python3
"""Writes the files of this folder with PyTorch (2.11). They are kept, so that the tests need no Python."""
import argparse
import collections
import os
import pathlib

import numpy
import torch


class CallsSystem:
    def __reduce__(self):
        return os.system, ("echo this must never run",)


def contents():
    base = torch.arange(12, dtype=torch.float32)
    parameter = torch.nn.Parameter(torch.tensor([1.5, -2.5]))
    ordered = collections.OrderedDict([("b", 1), ("a", 2)])
    ordered._metadata = {"": {"version": 1}}
    types = {str(kind).removeprefix("torch."): torch.tensor([1, 0, 1]).to(kind)
             for kind in (torch.float64, torch.float32, torch.float16, torch.bfloat16, torch.int64, torch.int32,
                          torch.int16, torch.int8, torch.uint8, torch.bool)}
    return {
        "types": types,
        "whole": base,
        "part": base[4:8],
        "turned": base.view(3, 4).t(),
        "scalar": torch.tensor(7.25),
        "empty": torch.zeros(0, 3),
        "parameter": parameter,
        "numbers": [0, 255, 256, -1, 70000, 2**40, -(2**40), 2**70, 0.1, float("inf")],
        "words": ("", "text", "Ünïcödé", None, True, False),
        "set": {3},
        "bytes": b"\x00\xff",
        "ordered": ordered,
        "namespace": argparse.Namespace(lr=0.001, steps=[1, 2], name=None),
        "numpy": [numpy.float64(2.5), numpy.int64(-3), numpy.float32(0.5), numpy.bool_(True)],
        "device": torch.device("cpu"),
        "size": torch.Size([2, 3]),
        "dtype": torch.float32,
    }


def main():
    folder = pathlib.Path(__file__).parent
    torch.manual_seed(0)
    torch.save(contents(), folder / "zip.pth")
    torch.save(contents(), folder / "legacy.pth", _use_new_zipfile_serialization=False)
    torch.save(contents(), folder / "protocol4.pth", pickle_protocol=4)
    torch.save({"model": CallsSystem()}, folder / "calls_system.pth")
    torch.save({"model": CallsSystem()}, folder / "calls_system_legacy.pth", _use_new_zipfile_serialization=False)
    torch.jit.save(torch.jit.script(torch.nn.Linear(2, 2)), folder / "torchscript.pt")


if __name__ == "__main__":
    main()
