// Typed doors for libcurl's variadic calls, the OpenSSL sessions it makes, and the Linux calls that Glibc's module does not
// export. Nothing else.
#ifndef LOADCHAOS_CCURL_SHIM_H
#define LOADCHAOS_CCURL_SHIM_H
#include <curl/curl.h>
#include "connection.h"
#include "client.h"
#endif
