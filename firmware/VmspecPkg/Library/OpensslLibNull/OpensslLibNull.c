/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * In the place of OpenSSL: nothing, for what names it and calls it not.
 */

#include <Base.h>
