#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# Run Ecc, the checker of EDK2's coding style in its BaseTools, on Debian's
# ANTLR. Ecc's parser was made for ANTLR 4.7, where getText() took the range of
# tokens as one pair; since 4.8 it takes two arguments. PYTHONPATH names
# BaseTools/Source/Python; the arguments are Ecc's.

import runpy

from antlr4.BufferedTokenStream import BufferedTokenStream

get_text = BufferedTokenStream.getText


def get_text_of_pair(self, start=None, stop=None):
    if isinstance(start, tuple):
        start, stop = start
    return get_text(self, getattr(start, 'tokenIndex', start),
                    getattr(stop, 'tokenIndex', stop))


BufferedTokenStream.getText = get_text_of_pair
runpy.run_module('Ecc.EccMain', run_name='__main__')
