/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright (c) 2026 The vmspec authors
 *
 * Memory tags
 *
 * Gives 16 bytes a tag, reads the tag back, waits for a line, reads it again,
 * and uses a pointer with another tag, which Linux answers by a signal.
 */

#include "linux.h"

#define SIGSEGV 11
#define SA_SIGINFO 4
#define SEGV_MTESERR 9          /* a tag fault, at once */
#define PROT_MTE 0x20
#define PR_SET_TAGGED_ADDR_CTRL 55
#define TAGGED_ADDR_ENABLE 1
#define MTE_SYNCHRONOUS 2
#define MTE_RANDOM_TAGS (0xfffeL << 3)  /* irg makes any tag but 0 */
#define PAGE 4096
#define TAG_SHIFT 56

typedef struct Action {
    void (*handler)(int signal, int *info, void *context);
    unsigned long flags;
    void (*restorer)(void);
    unsigned long mask;
} Action;

static void on_fault(int signal, int *info, void *context)
{
    (void)context;
    if (signal == SIGSEGV && info[2] == SEGV_MTESERR) {
        put("mte: a pointer with another tag faults\n");
        end(0);
    }
    put("mte: another signal or code\n");
    end(1);
}

static char *random_tag(char *p)
{
    __asm__("irg %0, %0" : "+r"(p));
    return p;
}

static void store_tag(char *p)
{
    __asm__ volatile("stg %0, [%0]" : : "r"(p) : "memory");
}

static char *load_tag(char *p)
{
    __asm__ volatile("ldg %0, [%0]" : "+r"(p) : : "memory");
    return p;
}

static void check_tag(char *page, char *tagged)
{
    if (load_tag(page) != tagged) {
        put("mte: another tag\n");
        end(1);
    }
}

int main(int argc, char **argv)
{
    static const Action action = { on_fault, SA_SIGINFO, NULL, 0 };
    char *page, *tagged;

    (void)argc;
    (void)argv;
    check(call(SYS_PRCTL, PR_SET_TAGGED_ADDR_CTRL, TAGGED_ADDR_ENABLE |
               MTE_SYNCHRONOUS | MTE_RANDOM_TAGS, 0, 0, 0, 0), "mte: prctl");
    check(call(SYS_SIGACTION, SIGSEGV, (long)&action, 0, sizeof(long), 0, 0),
          "mte: sigaction");
    page = (char *)check(call(SYS_MMAP, 0, PAGE, PROT_READ | PROT_WRITE |
                              PROT_MTE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
                         "mte: mmap");
    tagged = random_tag(page);
    store_tag(tagged);
    *tagged = 42;
    check_tag(page, tagged);
    put("mte: a tag is set and read back\n");
    wait_line();
    check_tag(page, tagged);
    put(*tagged == 42 ? "mte: the tag is still there\n" : "mte: lost\n");
    /* volatile: the access is what matters */
    *(volatile char *)(tagged + (1L << TAG_SHIFT)) = 1;
    put("mte: no fault\n");
    return 1;
}
