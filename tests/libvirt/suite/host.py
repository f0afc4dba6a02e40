# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
"""The host: its daemons, what they tell, and its programs."""

import os
import pwd
import shutil
import subprocess
import threading
import time

import libvirt

import tap

PREFIX = '/usr' if os.path.isdir('/stage/usr/share/qemu-vmspec') else '/usr/local'
PROGRAM = PREFIX + '/bin/qemu-system-aarch64-vmspec'
DATA = PREFIX + '/share/qemu-vmspec'
IMAGES = '/usr/share/edk2/vmspec' if PREFIX == '/usr' else DATA
DEBIAN = '/usr/bin/qemu-system-aarch64'
OTHERS = '/other/'          # the chroots of other releases, as run.sh shows them
START_SECONDS = 60
EVENT_SECONDS = 120

QEMU_CONF = '''
security_driver = "none"
namespaces = []
cgroup_controllers = []
stdio_handler = "file"
remember_owner = 0
vnc_listen = "127.0.0.1"
'''
LIBVIRTD_CONF = '''
auth_unix_ro = "none"
auth_unix_rw = "none"
log_outputs = "3:file:%s"
'''


class Events:
    """What a connection tells, in order. wait() takes what it waited for."""

    KINDS = {
        'lifecycle': libvirt.VIR_DOMAIN_EVENT_ID_LIFECYCLE,
        'reboot': libvirt.VIR_DOMAIN_EVENT_ID_REBOOT,
        'watchdog': libvirt.VIR_DOMAIN_EVENT_ID_WATCHDOG,
        'added': libvirt.VIR_DOMAIN_EVENT_ID_DEVICE_ADDED,
        'removed': libvirt.VIR_DOMAIN_EVENT_ID_DEVICE_REMOVED,
        'job': libvirt.VIR_DOMAIN_EVENT_ID_BLOCK_JOB_2,
        'balloon': libvirt.VIR_DOMAIN_EVENT_ID_BALLOON_CHANGE,
        'ended': libvirt.VIR_DOMAIN_EVENT_ID_JOB_COMPLETED,
    }

    def __init__(self, conn):
        self.seen = []
        self.told = threading.Condition()
        for kind, number in self.KINDS.items():
            conn.domainEventRegisterAny(None, number, self.note, kind)

    def note(self, conn, dom, *rest):
        with self.told:
            self.seen.append((rest[-1], dom.name()) + rest[:-1])
            self.told.notify_all()

    def take(self, name, kind, values):
        for event in self.seen:
            if event[:2] == (kind, name) and \
               all(v in event[2:] for v in values):
                self.seen.remove(event)
                return event
        return None

    def wait(self, dom, kind, *values, seconds=EVENT_SECONDS):
        name = dom if isinstance(dom, str) else dom.name()
        end = time.monotonic() + seconds
        with self.told:
            while True:
                event = self.take(name, kind, values)
                if event:
                    return event
                left = end - time.monotonic()
                assert left > 0, 'no event %s %s of %s; there were %s' % (
                    kind, values, name, self.seen)
                self.told.wait(left)


class Daemon:
    """A libvirtd: the system's, or one of a user's session in a home of its own.

    A session of the name of another release is that of its chroot.
    """

    def __init__(self, name, user=None):
        self.name = name
        self.user = user
        self.root = OTHERS + name if has_release(name) else ''
        self.home = '/srv/' + name
        self.process = None
        if user:
            self.socket = self.home + '/run/libvirt/libvirt-sock'
            self.uri = 'qemu+unix:///session?socket=' + self.socket
        else:
            self.socket = '/run/libvirt/libvirt-sock'
            self.uri = 'qemu+unix:///system?socket=' + self.socket
        self.log = self.home + '/libvirtd.log'

    def folders(self):
        dirs = {'HOME': '', 'XDG_RUNTIME_DIR': '/run', 'XDG_CONFIG_HOME': '/config',
                'XDG_CACHE_HOME': '/cache', 'XDG_DATA_HOME': '/data'}
        return {k: self.home + v for k, v in dirs.items()}

    def configure(self):
        conf = '/etc/libvirt'
        os.makedirs(self.home, exist_ok=True)
        if self.user:
            conf = self.home + '/config/libvirt'
            for folder in self.folders().values():
                os.makedirs(folder, exist_ok=True)
            os.makedirs(conf, exist_ok=True)
        for file, text in (('qemu.conf', QEMU_CONF),
                           ('libvirtd.conf', LIBVIRTD_CONF % self.log)):
            with open(conf + '/' + file, 'w', encoding='utf-8') as f:
                f.write(text)
        if self.user:
            run('chown', '-R', self.user, self.home)

    def start(self):
        self.configure()
        environment = dict(os.environ)
        if self.user:
            environment.update(self.folders())
        with open(self.log + '.stderr', 'w', encoding='utf-8') as err:
            self.process = subprocess.Popen(
                self.enter() + ['libvirtd'], env=environment, cwd='/', stderr=err)
        self.conn = self.connect()
        self.events = Events(self.conn)
        return self

    def enter(self):
        """What stands before the command: the user, in the release's chroot."""
        if not self.user:
            return []
        user = pwd.getpwnam(self.user)
        as_user = '--userspec=%d:%d' % (user.pw_uid, user.pw_gid)
        if self.root and not os.path.exists(self.root + user.pw_dir):
            run('chroot', self.root, 'useradd', '-m', '-u', str(user.pw_uid), self.user)
        return ['chroot', '--groups=', as_user, self.root or '/']

    def connect(self):
        end = time.monotonic() + START_SECONDS
        while True:
            assert self.process.poll() is None, open(self.log + '.stderr').read()
            try:
                return libvirt.open(self.uri)
            except libvirt.libvirtError:
                assert time.monotonic() < end, 'libvirtd does not answer'
                time.sleep(0.05)

    def stop(self):
        self.conn.close()
        self.process.terminate()
        self.process.wait(START_SECONDS)
        self.process = None

    def logs(self):
        if self.user:
            return self.home + '/cache/libvirt/qemu/log'
        return '/var/log/libvirt/qemu'


def has_release(name):
    return os.path.isdir(OTHERS + name)


daemons = {}


def daemon(name):
    """The daemon of that name: 'system', or a session such as 'session', or
    'bookworm'."""
    if name not in daemons:
        daemons[name] = Daemon(name, None if name == 'system' else 'user')
    if not daemons[name].process:
        daemons[name].start()
    return daemons[name]


def run(*command, check=True, env=None, stdin=None):
    """Run a program; its output, both streams."""
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True,
                          stderr=subprocess.STDOUT, check=False, input=stdin,
                          env=dict(os.environ, **env) if env else None)
    assert not check or done.returncode == 0, \
        '%s: %s' % (' '.join(command), done.stdout)
    return done.stdout.strip()


def virsh(server, *command, check=True):
    return run('virsh', '-q', '-c', server.uri, *command, check=check)


def install():
    """Put what make install puts into place."""
    run('cp', '-a', '/stage/.', '/')


def uninstall():
    for folder, _, files in os.walk('/stage'):
        for file in files:
            os.remove(folder[len('/stage'):] + '/' + file)


def event_loop():
    while True:
        libvirt.virEventRunDefaultImpl()


def begin():
    """Before the first case: a user, and the loop that brings events."""
    run('useradd', '-m', 'user')
    libvirt.registerErrorHandler(lambda ctx, error: None, None)
    libvirt.virEventRegisterDefaultImpl()
    threading.Thread(target=event_loop, daemon=True).start()


def show_logs():
    """The end of the youngest log of a guest."""
    logs = []
    for server in daemons.values():
        if os.path.isdir(server.logs()):
            logs += [server.logs() + '/' + f for f in os.listdir(server.logs())]
    if logs:
        log = max(logs, key=os.path.getmtime)
        tap.say(log)
        with open(log, encoding='utf-8', errors='replace') as f:
            tap.say(''.join(f.readlines()[-12:]))


def clean():
    """No domain, no volume outlives its case."""
    for server in daemons.values():
        if server.process:
            remove_domains(server)
    for folder in os.listdir('/srv/disks'):
        shutil.rmtree('/srv/disks/' + folder, ignore_errors=True)


def remove_domains(server):
    flags = (libvirt.VIR_DOMAIN_UNDEFINE_NVRAM |
             libvirt.VIR_DOMAIN_UNDEFINE_MANAGED_SAVE |
             libvirt.VIR_DOMAIN_UNDEFINE_SNAPSHOTS_METADATA |
             libvirt.VIR_DOMAIN_UNDEFINE_CHECKPOINTS_METADATA)
    for dom in server.conn.listAllDomains():
        try:
            if dom.isActive():
                dom.destroy()
            if dom.isPersistent():
                dom.undefineFlags(flags)
        except libvirt.libvirtError as e:
            tap.say('cleaning: %s' % e)
