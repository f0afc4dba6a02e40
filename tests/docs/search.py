#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
"""Ask the manual's search; print each question whose page it does not find.

  search.py SEARCHINDEX QUESTIONS

A question is a line: "words to search for | page". The search finds the pages
that have all the words, as Sphinx's searchtools.js does: in the text or in a
title, by their stems.
"""

import json
import re
import sys

from sphinx.search.en import SearchEnglish


def load(name):
    """The index as a dictionary"""
    with open(name, encoding='utf-8') as f:
        text = f.read()
    body = text[text.index('(') + 1:text.rindex(')')]
    # older versions of Sphinx leave out the quotes of the keys
    return json.loads(re.sub(r'([{,])(\w+):', r'\1"\2":', body)
                      if not body.startswith('{"') else body)


def pages_of(index, word):
    """The pages that have WORD"""
    found = set()
    for table in ('terms', 'titleterms'):
        entry = index[table].get(word, [])
        found |= set(entry if isinstance(entry, list) else [entry])
    return {index['docnames'][i] for i in found}


def main():
    """As the head says"""
    index = load(sys.argv[1])
    language = SearchEnglish({})
    bad = asked = 0
    with open(sys.argv[2], encoding='utf-8') as f:
        lines = [line.strip() for line in f]
    for line in lines:
        if not line or line.startswith('#'):
            continue
        question, _, page = line.partition(' | ')
        stems = [language.stem(w.lower()) for w in language.split(question)
                 if language.word_filter(w.lower())]
        found = set.intersection(*(pages_of(index, s) for s in stems))
        asked += 1
        if page not in found:
            print(f'{question}: not in {page}, but in {sorted(found)}')
            bad += 1
        elif page not in index['docnames']:
            print(f'{question}: there is no page {page}')
    print(f'{asked} questions asked')
    return bad > 0 or not asked


if __name__ == '__main__':
    sys.exit(main())
