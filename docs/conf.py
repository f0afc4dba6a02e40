# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
"""How Sphinx builds the manual; tools/build/docs.sh makes the source tree.

The source tree has our pages at the places that they have in the repository, so
that a link that works there works in the manual.
"""

import os
import re

from docutils import nodes

HERE = os.path.dirname(os.path.abspath(__file__))
QEMU_MANUAL = 'https://www.qemu.org/docs/master'

project = 'vmspec'
author = 'The vmspec authors'
# none of today: a page is the same whenever it is built
copyright = '2026 The vmspec authors'
# pylint: disable=redefined-builtin
with open(os.path.join(HERE, '../meson.build'), encoding='utf-8') as f:
    version = release = re.search(r"version: '([^']*)'", f.read())[1]

extensions = ['myst_parser']
root_doc = 'index'
source_suffix = {'.rst': 'restructuredtext', '.md': 'markdown'}
exclude_patterns = ['docs/_static']
# the anchors that a forge gives to headings
myst_heading_anchors = 4
nitpicky = True
# a literal block is what a person types; it is of no language
highlight_language = 'none'
smartquotes = False
suppress_warnings = ['myst.header']

html_theme = 'furo'
html_title = f'vmspec {release}'
# Debian 12's furo has no dark colours: its style sheet lost them
html_theme_options = {'dark_css_variables': {
    'color-problematic': '#ee5151',
    'color-foreground-primary': '#d4d7da',
    'color-foreground-secondary': '#a8adb3',
    'color-foreground-muted': '#949aa1',
    'color-foreground-border': '#666666',
    'color-background-primary': '#131416',
    'color-background-secondary': '#1a1c1e',
    'color-background-hover': '#1e2124',
    'color-background-hover--transparent': '#1e212400',
    'color-background-border': '#303335',
    'color-background-item': '#444',
    'color-brand-primary': '#5aa9f5',
    'color-brand-content': '#5aa9f5',
    'color-highlighted-background': '#083563',
    'color-highlight-on-target': '#333300',
    'color-admonition-background': '#18181a',
    'color-card-border': '#1a1c1e',
    'color-card-background': '#18181a',
    'color-card-marginals-background': '#1e2124',
}}
html_static_path = ['_static']
html_css_files = ['vmspec.css']
html_copy_source = False
html_show_sourcelink = False
html_show_sphinx = False
html_last_updated_fmt = None

man_pages = [
    (f'docs/man/{page}', page, about, author, section)
    for page, about, section in (
        ('qemu-system-aarch64-vmspec', 'run virtual Arm machines', 1),
        ('vmspec', 'run, list and change virtual machines', 1),
        ('vmspec-nvram', 'show and change UEFI variables', 1),
    ) if os.path.exists(os.path.join(HERE, 'man', page + '.rst'))
]
man_show_urls = True


def link_to_qemu(app, env, node, contnode):
    """A page of QEMU's own manual: ours is staged into it, and links to it"""
    target = node.get('reftarget', '')
    if node.get('reftype') == 'doc' and target.startswith('/system/'):
        return nodes.reference('', '', contnode,
                               refuri=f'{QEMU_MANUAL}{target}.html')
    return None


def name_pages(app, docname, source):
    """A link whose text is a file name shows the page's title"""
    source[0] = re.sub(r'\[[\w./-]+\.(?:md|rst)\]\(([\w./-]+\.(?:md|rst))\)',
                       r'[](\1)', source[0])


def setup(app):
    """Called by Sphinx"""
    app.connect('missing-reference', link_to_qemu)
    app.connect('source-read', name_pages)
    return {'parallel_read_safe': True, 'parallel_write_safe': True}
