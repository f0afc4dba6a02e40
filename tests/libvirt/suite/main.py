#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
"""Run the cases in the chroot that run.sh makes.

  main.py RELEASE [CASE...]
"""

import os
import sys

import libvirt

import host
import tap


def main():
    release, patterns = sys.argv[1], sys.argv[2:]
    os.makedirs('/srv/disks')
    host.run('chmod', '0777', '/srv/disks')
    host.release = release
    import cases_install    # noqa: F401: before anything is installed
    import cases_firmware   # noqa: F401
    import cases_probes     # noqa: F401
    import cases_words      # noqa: F401
    import cases_life       # noqa: F401
    import cases_plug       # noqa: F401
    import cases_state      # noqa: F401
    import cases_migrate    # noqa: F401
    import cases_screen     # noqa: F401
    import cases_cannot     # noqa: F401
    import cases_virtinst   # noqa: F401
    import cases_managers   # noqa: F401
    import cases_docs       # noqa: F401
    n = libvirt.getVersion()
    print('# %s: libvirt %d.%d' % (release, n // 1000000, n // 1000 % 1000))
    host.begin()
    tap.at_failure.append(host.show_logs)
    tap.at_end.append(host.clean)
    if tap.chosen(patterns)[0][0] != 'install/harms-nobody':
        host.install()      # else that case does
    status = tap.run(patterns)
    sys.stdout.flush()
    os._exit(status)        # the event loop's thread never ends


main()
