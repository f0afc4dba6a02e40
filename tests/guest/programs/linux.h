/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright (c) 2026 The vmspec authors
 *
 * A program for arm64 Linux without a C library
 *
 * System calls, text on standard output, and the start.  The build has no
 * arm64 C library, and these programs need none.
 */

#ifndef VMSPEC_TESTS_GUEST_PROGRAMS_LINUX_H
#define VMSPEC_TESTS_GUEST_PROGRAMS_LINUX_H

#include <stddef.h>
#include <stdint.h>

#define SYS_EVENTFD2 19
#define SYS_IOCTL 29
#define SYS_OPENAT 56
#define SYS_READ 63
#define SYS_WRITE 64
#define SYS_PWRITE64 68
#define SYS_EXIT 93
#define SYS_SIGACTION 134
#define SYS_PRCTL 167
#define SYS_MMAP 222

#define AT_FDCWD (-100)
#define O_RDWR 2
#define PROT_READ 1
#define PROT_WRITE 2
#define MAP_SHARED 1
#define MAP_PRIVATE 2
#define MAP_ANONYMOUS 0x20

static inline long call(long nr, long a, long b, long c, long d, long e,
                        long f)
{
    register long x8 __asm__("x8") = nr;
    register long x0 __asm__("x0") = a;
    register long x1 __asm__("x1") = b;
    register long x2 __asm__("x2") = c;
    register long x3 __asm__("x3") = d;
    register long x4 __asm__("x4") = e;
    register long x5 __asm__("x5") = f;

    __asm__ volatile("svc #0" : "+r"(x0) : "r"(x1), "r"(x2), "r"(x3), "r"(x4),
                     "r"(x5), "r"(x8) : "memory");
    return x0;
}

static inline size_t length(const char *text)
{
    size_t n = 0;

    while (text[n]) {
        n++;
    }
    return n;
}

static inline void put(const char *text)
{
    call(SYS_WRITE, 1, (long)text, length(text), 0, 0, 0);
}

static inline void put_number(unsigned long value)
{
    char text[24], *p = text + sizeof(text) - 1;

    *p = 0;
    do {
        *--p = '0' + value % 10;
        value /= 10;
    } while (value);
    put(p);
}

static inline void __attribute__((noreturn)) end(long status)
{
    for (;;) {
        call(SYS_EXIT, status, 0, 0, 0, 0, 0);
    }
}

/* Says what failed, and with which error of Linux; ends the program. */
static inline long check(long result, const char *what)
{
    if (result < 0 && result > -4096) {
        put(what);
        put(" failed with error ");
        put_number(-result);
        put("\n");
        end(1);
    }
    return result;
}

/* Waits for a line. */
static inline void wait_line(void)
{
    char c = 0;
    long n = 1;

    while (n == 1 && c != '\n') {
        n = call(SYS_READ, 0, (long)&c, 1, 0, 0, 0);
    }
}

int main(int argc, char **argv);

/* The stack has the number of words, then their addresses. */
static void __attribute__((noreturn, used)) start_main(long *stack)
{
    end(main(stack[0], (char **)(stack + 1)));
}

__asm__(".globl _start\n_start: mov x0, sp\n b start_main\n");

#endif
