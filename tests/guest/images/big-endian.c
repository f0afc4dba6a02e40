/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright (c) 2026 The vmspec authors
 *
 * The init of big-endian Linux: says how an int lies in memory, powers off
 */

#define SYS_WRITE 64
#define SYS_REBOOT 142
#define MAGIC1 0xfee1dead
#define MAGIC2 0x28121969
#define POWER_OFF 0x4321fedc

static long call(long nr, long a, long b, long c)
{
    register long x8 __asm__("x8") = nr;
    register long x0 __asm__("x0") = a;
    register long x1 __asm__("x1") = b;
    register long x2 __asm__("x2") = c;

    __asm__ volatile("svc #0" : "+r"(x0) : "r"(x1), "r"(x2), "r"(x8)
                     : "memory");
    return x0;
}

void _start(void)
{
    static const char big[] = "init: big-endian\n";
    static const char little[] = "init: little-endian\n";
    static const union {
        unsigned value;
        unsigned char first;
    } one = { 1 };

    if (one.first) {
        call(SYS_WRITE, 1, (long)little, sizeof(little) - 1);
    } else {
        call(SYS_WRITE, 1, (long)big, sizeof(big) - 1);
    }
    for (;;) {
        call(SYS_REBOOT, MAGIC1, MAGIC2, POWER_OFF);
    }
}
